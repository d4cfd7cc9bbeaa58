select
    opportunity_people.system,
    opportunity_people.opportunity_id,
    opportunity_people.person_id,
    case when opportunity_people.is_origin and opportunity_people.role is null then 'origin' else opportunity_people.role end as role,
    opportunity_people.is_primary,
    opportunity_people.is_origin
from {{ ref('int_opportunity_people_matched') }} as opportunity_people
inner join {{ ref('int_opportunities_described') }} as opportunities using (system, opportunity_id)
