with opportunities as (

    select * from {{ ref('int_opportunities_unioned') }}

),

records as (

    select * from {{ ref('int_people_matched') }}

),

origins as (

    select opportunities.system, opportunities.opportunity_id, records.person_id
    from opportunities
    inner join records
        on
            coalesce(opportunities.person_system, opportunities.system) = records.system
            and opportunities.person_record_id = records.record_id

    union all

    select opportunities.system, opportunities.opportunity_id, records.person_id
    from opportunities
    inner join records
        on opportunities.system = records.system and opportunities.opportunity_id = records.converted_opportunity_id

),

roles as (

    select
        opportunity_people.system,
        opportunity_people.opportunity_id,
        records.person_id,
        opportunity_people.role,
        coalesce(opportunity_people.is_primary, false) as is_primary,
        opportunity_people.added_at,
        opportunity_people.added_on
    from ({{ every_system('opportunity_people') }}) as opportunity_people
    inner join opportunities using (system, opportunity_id)
    inner join records
        on opportunity_people.system = records.system and opportunity_people.record_id = records.record_id

),

people_and_roles as (

    select
        system,
        opportunity_id,
        person_id,
        true as is_origin,
        cast(null as {{ dbt.type_string() }}) as role,
        false as is_primary,
        cast(null as timestamp) as added_at,
        cast(null as date) as added_on
    from origins

    union all

    select system, opportunity_id, person_id, false as is_origin, role, is_primary, added_at, added_on
    from roles

)

select
    system,
    opportunity_id,
    person_id,
    bool_or(is_origin) as is_origin,
    bool_or(is_primary) as is_primary,
    min_by(role, coalesce(added_at, {{ end_of_time() }})) filter (where role is not null) as role,
    case when not bool_or(is_origin) then min(added_at) end as joined_at,
    case
        when not bool_or(is_origin) and min(added_at) = min(case when added_on is not null then added_at end)
            then min_by(added_on, added_at)
    end as joined_on
from people_and_roles
group by system, opportunity_id, person_id
