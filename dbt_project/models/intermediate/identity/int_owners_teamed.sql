with members as (

    select team_members.member, min(team_members.team) as owner_team
    from {{ ref('stg_agreement__team_members') }} as team_members
    inner join {{ ref('int_clock') }} as clock on team_members.version = clock.agreement_version
    group by team_members.member

),

members_in_any_case as (

    select lower(member) as member, min(owner_team) as owner_team
    from members
    group by lower(member)

),

users as (

    {{ every_system('users') }}

)

select users.system, users.user_id as owner_id, coalesce(by_id.owner_team, by_email.owner_team, by_name.owner_team) as owner_team
from users
left join members_in_any_case as by_id on lower(users.user_id) = by_id.member
left join members_in_any_case as by_email on lower(users.email) = by_email.member
left join members_in_any_case as by_name on lower(users.name) = by_name.member

union all

select systems.system, members.member as owner_id, members.owner_team
from members
cross join {{ ref('stg_sources__systems') }} as systems
left join users on systems.system = users.system and members.member = users.user_id
where users.user_id is null
