with assigned as (

    select
        system,
        record_id,
        person_id,
        assigned_at,
        lag(person_id) over (partition by system, record_id order by assigned_at) as previous_person_id
    from {{ ref('int_person_ids_assigned') }}

)

select
    previous_person_id,
    person_id,
    system,
    {{ published_id('record_id') }} as record_id,
    assigned_at as changed_at
from assigned
where previous_person_id is not null and previous_person_id <> person_id
