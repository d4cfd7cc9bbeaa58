with faced as (

    select * from {{ ref('int_sides_faced') }}
    where verdict <> 'not_compared'

),

systems as (

    select system, case role when 'both' then 'crm' else role end as side from {{ ref('stg_sources__systems') }}
    union
    select system, 'map' as side from {{ ref('stg_sources__systems') }}
    where role = 'both'

),

required as (

    select * from {{ ref('int_records_required') }}

),

records as (

    select
        required.person_id,
        required.side,
        min(records.created_at) as created_at,
        max(case when not records.is_live and records.merged_into_record_id is null then records.updated_at end) as deleted_at
    from required
    inner join systems using (side)
    inner join {{ ref('int_people_matched') }} as records
        on required.person_id = records.person_id and systems.system = records.system
    group by required.person_id, required.side

),

sided as (

    select
        required.person_id,
        required.side,
        required.required_since,
        records.created_at,
        records.deleted_at,
        case required.side when 'crm' then faced.is_in_crm else faced.is_in_map end as is_there
    from required
    inner join faced using (person_id)
    left join records using (person_id, side)

),

spans as (

    select
        person_id,
        side,
        case
            when is_there then required_since
            else greatest(required_since, coalesce(deleted_at, required_since))
        end as absent_from,
        case when is_there then coalesce(created_at, required_since) else {{ end_of_time() }} end as absent_until
    from sided

)

select person_id, side, absent_from, absent_until
from spans
where absent_from < absent_until
