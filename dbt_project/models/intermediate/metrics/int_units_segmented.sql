with people as (

    select
        people.person_id,
        people.lead_source,
        people.owner_team,
        personas.persona
    from {{ ref('int_people_described') }} as people
    left join {{ ref('int_personas_recognised') }} as personas using (person_id)
    where not people.is_excluded

),

opportunities as (

    select
        opportunities.unit_id,
        people.lead_source,
        opportunities.owner_team,
        people.persona
    from {{ ref('int_opportunities_described') }} as opportunities
    left join people using (person_id)
    where not opportunities.is_excluded

),

units as (

    select 'person' as unit, person_id as unit_id, lead_source, owner_team, persona from people
    union all
    select 'opportunity' as unit, unit_id, lead_source, owner_team, persona from opportunities

)

select
    unit,
    unit_id,
    coalesce(lead_source, '(none)') as lead_source,
    coalesce(owner_team, '(none)') as owner_team,
    coalesce(persona, '(none)') as persona
from units
