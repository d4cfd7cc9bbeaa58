{{ config(materialized='incremental', incremental_strategy='append', meta={'known_by': 'assigned_at'}) }}

with assigned_now as (

    select
        people.system,
        people.record_id,
        people.person_id,
        clock.known_at as assigned_at
    from {{ ref('int_people_matched') }} as people
    cross join {{ ref('int_clock') }} as clock

)

select assigned_now.*
from assigned_now
{% if is_incremental() %}
left join (
    select system, record_id, max_by(person_id, assigned_at) as person_id
    from {{ this }}
    group by system, record_id
) as assigned_before
    on assigned_now.system = assigned_before.system and assigned_now.record_id = assigned_before.record_id
where assigned_before.person_id is null or assigned_before.person_id <> assigned_now.person_id
{% endif %}
