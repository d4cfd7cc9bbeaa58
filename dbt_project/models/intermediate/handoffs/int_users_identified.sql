with users as (

    {{ every_system('users') }}

),

owners as (

    select system, owner_id, owner_team
    from {{ ref('int_owners_teamed') }}

)

select
    coalesce(users.system, owners.system) as system,
    coalesce(users.user_id, owners.owner_id) as owner_id,
    owners.owner_team,
    coalesce(
        nullif(lower(trim(users.email)), ''),
        coalesce(users.system, owners.system) || '/' || coalesce(users.user_id, owners.owner_id)
    )
        as worker,
    coalesce(users.kind, 'person') = 'person' and coalesce(owners.owner_team, '') <> 'integration' as is_person
from users
full outer join owners on users.system = owners.system and users.user_id = owners.owner_id
