select
    opportunity_people.system,
    opportunity_people.opportunity_id,
    opportunity_people.person_id,
    coalesce(opportunity_people.role, case when opportunity_people.is_origin then 'origin' end) as role,
    opportunity_people.is_primary,
    opportunity_people.is_origin
from {{ ref('int_opportunity_people_matched') }} as opportunity_people
inner join {{ ref('int_opportunities_described') }} using (system, opportunity_id)
