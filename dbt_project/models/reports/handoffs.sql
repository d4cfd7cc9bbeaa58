with hand_overs as (

    select * from {{ ref('int_handoffs_judged') }}
    where world = 'agreed'

),

reasons as (

    select * from {{ ref('int_rejections_explained') }}
    where world = 'agreed'

),

people as (

    select * from {{ ref('int_people_described') }}
    where not is_excluded

)

select
    hand_overs.person_id,
    hand_overs.cycle,
    hand_overs.handoff,
    hand_overs.handed_over_at,
    hand_overs.assigned_at,
    hand_overs.clock_started_at,
    hand_overs.due_at,
    hand_overs.first_touch_at,
    hand_overs.first_touch_on,
    hand_overs.accepted_at,
    hand_overs.rejected_at,
    hand_overs.rejected_as,
    reasons.rejection_reason,
    hand_overs.stopped_by,
    hand_overs.stopped_at,
    hand_overs.status,
    hand_overs.unknown_because,
    hand_overs.system_delay_hours,
    hand_overs.system_waiting_hours,
    hand_overs.human_delay_hours,
    hand_overs.human_waiting_hours,
    {{ published_id('hand_overs.owner_id') }} as owner_id,
    hand_overs.owner_team,
    people.lead_source,
    personas.persona,
    hand_overs.version as agreement_version
from hand_overs
inner join people using (person_id)
left join reasons using (person_id, cycle, handoff)
left join {{ ref('int_personas_recognised') }} as personas using (person_id)
