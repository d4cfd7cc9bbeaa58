with activities as (

    select system, activity_id, record_id, kind, occurred_at, occurred_on, owner_id
    from ({{ every_system('activities') }}) as activities
    where
        side = 'sales'
        and is_completed
        and not coalesce(is_automated, false)
        and coalesce(lower(direction), 'outbound') not in ('inbound', 'internal')

)

select
    records.person_id,
    activities.system,
    activities.activity_id,
    activities.kind,
    activities.owner_id,
    coalesce(users.worker, activities.system || '/' || activities.owner_id) as worker,
    activities.occurred_at as touched_at,
    activities.occurred_on as touched_on,
    case
        when activities.occurred_on is null then activities.occurred_at
        else {{ dbt.dateadd('day', 1, 'activities.occurred_at') }}
    end as touched_by
from activities
left join {{ ref('int_people_matched') }} as records
    on activities.system = records.system and activities.record_id = records.record_id
left join {{ ref('int_users_identified') }} as users
    on activities.system = users.system and activities.owner_id = users.owner_id
where coalesce(users.is_person, true)
