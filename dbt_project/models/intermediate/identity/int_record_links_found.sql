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

links_by_external_id as (

    select record_rank, min(record_rank) over (partition by external_id) as linked_rank, 'external_id' as rule, 4 as rule_order
    from records
    where nullif(trim(external_id), '') is not null

),

mailboxes as (

    select
        records.record_rank,
        records.email_normalised,
        case when shared.email_normalised is not null then records.name_normalised end as name_in_shared_mailbox
    from records
    left join {{ ref('int_mailboxes_shared') }} as shared using (email_normalised)
    where
        records.email_normalised is not null
        and (shared.email_normalised is null or records.name_normalised is not null)

),

links_by_email as (

    select
        record_rank,
        min(record_rank) over (partition by email_normalised, name_in_shared_mailbox) as linked_rank,
        'email' as rule,
        5 as rule_order
    from mailboxes

)

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
select record_rank, linked_rank, rule, rule_order, false as is_contradicted from links_by_external_id
where record_rank <> linked_rank
union all
select record_rank, linked_rank, rule, rule_order, false as is_contradicted from links_by_email
where record_rank <> linked_rank
