with records as (

    select * from {{ ref('int_people_unioned') }}

),

joined as (

    select * from {{ ref('int_records_joined') }}

),

people as (

    select
        joined.person_rank,
        {{ hashed(['earliest.system', 'earliest.record_id']) }} as person_id
    from joined
    inner join records as earliest on joined.person_rank = earliest.record_rank
    where joined.record_rank = joined.person_rank

),

matched as (

    select
        people.person_id,
        records.*,
        joined.matched_by,
        not coalesce(records.is_deleted, false) and records.merged_into_record_id is null as is_live
    from records
    inner join joined using (record_rank)
    inner join people on joined.person_rank = people.person_rank

),

live_ranked as (

    select
        record_rank,
        row_number() over (
            partition by person_id, system
            order by
                case when object = 'contact' then 0 else 1 end,
                case when updated_at is null then 1 else 0 end,
                updated_at desc,
                record_id
        ) as rank_in_system,
        row_number() over (
            partition by person_id, system, object
            order by case when updated_at is null then 1 else 0 end, updated_at desc, record_id
        ) as rank_in_object
    from matched
    where is_live

)

select
    matched.*,
    coalesce(live_ranked.rank_in_system = 1, false) as is_record_of_record,
    coalesce(live_ranked.rank_in_object = 1, false) as speaks_for_object
from matched
left join live_ranked using (record_rank)
