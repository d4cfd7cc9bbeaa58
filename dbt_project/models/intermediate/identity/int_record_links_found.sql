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

),

links_by_external_id as (

    select record_rank, min(record_rank) over (partition by external_id) as linked_rank, 'external_id' as rule, 4 as rule_order
    from records
    where nullif(trim(external_id), '') is not null

),

links_by_email as (

    select record_rank, min(record_rank) over (partition by email_normalised) as linked_rank, 'email' as rule, 5 as rule_order
    from records
    where email_normalised is not null

)

select record_rank, linked_rank, rule, rule_order from links_by_id
where record_rank <> linked_rank
union all
select record_rank, linked_rank, rule, rule_order from links_by_external_id
where record_rank <> linked_rank
union all
select record_rank, linked_rank, rule, rule_order from links_by_email
where record_rank <> linked_rank
