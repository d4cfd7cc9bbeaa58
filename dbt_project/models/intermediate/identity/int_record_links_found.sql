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

values_held as (

    select
        record_rank,
        'external_id' as rule,
        4 as rule_order,
        trim(external_id) as held,
        cast(null as {{ dbt.type_string() }}) as name_in_shared_mailbox
    from records
    where nullif(trim(external_id), '') is not null

    union all

    select
        records.record_rank,
        'email' as rule,
        5 as rule_order,
        records.email_normalised as held,
        case when shared.email_normalised is not null then records.name_normalised end as name_in_shared_mailbox
    from records
    left join {{ ref('int_mailboxes_shared') }} as shared using (email_normalised)
    where
        records.email_normalised is not null
        and (shared.email_normalised is null or records.name_normalised is not null)

),

values_shared as (

    select *, min(record_rank) over (partition by rule, held, name_in_shared_mailbox) as earliest_rank
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
            and values_shared.name_in_shared_mailbox is not distinct from others.name_in_shared_mailbox
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
