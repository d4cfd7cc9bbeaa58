with records as (

    select * from {{ ref('int_people_unioned') }}

),

claimed_links as (

    select
        system,
        record_id,
        record_rank,
        'conversion' as rule,
        1 as rule_order,
        system as linked_system,
        converted_to_record_id as linked_record_id
    from records
    where converted_to_record_id is not null

    union all

    select
        system,
        record_id,
        record_rank,
        'merge' as rule,
        2 as rule_order,
        system as linked_system,
        merged_into_record_id as linked_record_id
    from records
    where merged_into_record_id is not null

    union all

    select system, record_id, record_rank, 'linked_id' as rule, 3 as rule_order, linked_system, linked_record_id
    from records
    where linked_system is not null and linked_record_id is not null

),

links_by_id as (

    select claimed_links.record_rank, records.record_rank as linked_rank, claimed_links.rule, claimed_links.rule_order
    from claimed_links
    inner join records
        on claimed_links.linked_system = records.system and claimed_links.linked_record_id = records.record_id
    where claimed_links.record_rank <> records.record_rank

),

live_counterparts as (

    select
        records.record_rank,
        records.linked_system,
        counterparts.record_rank as counterpart_rank
    from records
    inner join records as counterparts
        on records.linked_system = counterparts.system and records.linked_record_id = counterparts.record_id
    where not coalesce(counterparts.is_deleted, false) and counterparts.merged_into_record_id is null

),

contradicted_links as (

    select links_by_id.record_rank, links_by_id.linked_rank
    from links_by_id
    inner join records on links_by_id.record_rank = records.record_rank
    inner join live_counterparts
        on links_by_id.linked_rank = live_counterparts.record_rank and records.system = live_counterparts.linked_system
    where links_by_id.rule = 'linked_id' and links_by_id.record_rank <> live_counterparts.counterpart_rank

),

in_shared_mailboxes as (

    select
        records.record_rank,
        records.email_normalised,
        records.name_normalised,
        {{ normalised_phone('records.phone') }} as phone_normalised
    from records
    inner join {{ ref('int_mailboxes_shared') }} using (email_normalised)

),

namesakes as (

    select email_normalised, name_normalised
    from in_shared_mailboxes
    group by email_normalised, name_normalised
    having min(phone_normalised) <> max(phone_normalised)

),

-- who holds a record of a shared mailbox: nobody, where that cannot be told
holders as (

    select
        in_shared_mailboxes.record_rank,
        case
            when namesakes.email_normalised is null then in_shared_mailboxes.name_normalised
            else in_shared_mailboxes.name_normalised || ' ' || in_shared_mailboxes.phone_normalised
        end as holder
    from in_shared_mailboxes
    left join namesakes
        on
            in_shared_mailboxes.email_normalised = namesakes.email_normalised
            and in_shared_mailboxes.name_normalised = namesakes.name_normalised

),

values_held as (

    select
        record_rank,
        'external_id' as rule,
        4 as rule_order,
        trim(external_id) as held,
        cast(null as {{ dbt.type_string() }}) as holder
    from records
    where nullif(trim(external_id), '') is not null

    union all

    select
        records.record_rank,
        'email' as rule,
        5 as rule_order,
        records.email_normalised as held,
        holders.holder
    from records
    left join holders using (record_rank)
    where records.email_normalised is not null and (holders.record_rank is null or holders.holder is not null)

),

values_shared as (

    select *, min(record_rank) over (partition by rule, held, holder) as earliest_rank
    from values_held

),

-- the earliest alone would leave the rest without a link to each other where it is to be kept apart from one of them
kept_apart as (

    select distinct record_rank
    from {{ ref('int_records_overridden') }}
    where decision = 'never'

),

values_of_kept_apart as (

    select values_shared.*
    from values_shared
    inner join kept_apart using (record_rank)

),

links_by_value as (

    select record_rank, earliest_rank as linked_rank, rule, rule_order
    from values_shared
    where record_rank <> earliest_rank

    union all

    select values_shared.record_rank, others.record_rank as linked_rank, values_shared.rule, values_shared.rule_order
    from values_shared
    inner join values_of_kept_apart as others
        on
            values_shared.rule = others.rule
            and values_shared.held = others.held
            and values_shared.holder is not distinct from others.holder
    where
        values_shared.record_rank not in (values_shared.earliest_rank, others.record_rank)
        and values_shared.earliest_rank <> others.record_rank

)

select record_rank, other_rank as linked_rank, 'always' as rule, 0 as rule_order, false as is_contradicted
from {{ ref('int_records_overridden') }}
where decision = 'always'
union all
select
    links_by_id.record_rank,
    links_by_id.linked_rank,
    links_by_id.rule,
    links_by_id.rule_order,
    contradicted_links.record_rank is not null as is_contradicted
from links_by_id
left join contradicted_links
    on
        links_by_id.rule = 'linked_id'
        and links_by_id.record_rank = contradicted_links.record_rank
        and links_by_id.linked_rank = contradicted_links.linked_rank
union all
select record_rank, linked_rank, rule, rule_order, false as is_contradicted from links_by_value
