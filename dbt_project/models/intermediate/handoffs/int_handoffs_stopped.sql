{% set hand_over = 'world, person_id, cycle, handoff' %}

with hand_overs as (

    select
        begun.*,
        assigned.assigned_at,
        assigned.assigned_on,
        coalesce(assigned.is_owner_uncertain, false) as is_owner_uncertain,
        touched.first_touch_at,
        touched.first_touch_on,
        touched.touched_at_the_earliest,
        touched.touched_at_the_latest
    from {{ ref('int_handoffs_begun') }} as begun
    left join {{ ref('int_handoffs_assigned') }} as assigned using ({{ hand_over }})
    left join {{ ref('int_handoffs_touched') }} as touched using ({{ hand_over }})

),

answers as (

    select
        {{ hand_over }},
        version,
        'touch' as stops_on,
        1 as preference,
        first_touch_at as stopped_at,
        first_touch_on as stopped_on,
        touched_at_the_earliest as at_the_earliest,
        touched_at_the_latest as at_the_latest
    from hand_overs
    where first_touch_at is not null

    union all

    select
        {{ hand_over }},
        version,
        'accepted' as stops_on,
        2 as preference,
        accepted_at as stopped_at,
        accepted_on as stopped_on,
        accepted_at as at_the_earliest,
        case when accepted_on is null then accepted_at else {{ dbt.dateadd('day', 1, 'accepted_at') }} end as at_the_latest
    from hand_overs
    where accepted_at is not null

    union all

    select
        {{ hand_over }},
        version,
        'rejected' as stops_on,
        3 as preference,
        rejected_at as stopped_at,
        rejected_on as stopped_on,
        rejected_at as at_the_earliest,
        case when rejected_on is null then rejected_at else {{ dbt.dateadd('day', 1, 'rejected_at') }} end as at_the_latest
    from hand_overs
    where rejected_at is not null

),

stops as (

    select
        answers.*,
        min(answers.at_the_earliest) over (partition by {{ hand_over }}) as stopped_at_the_earliest,
        row_number() over (partition by {{ hand_over }} order by answers.at_the_latest, answers.preference) as stop_rank
    from answers
    inner join {{ ref('stg_agreement__handoff_stops') }} using (version, handoff, stops_on)

)

select
    hand_overs.*,
    agreed.starts_on,
    agreed.within_seconds,
    case when agreed.starts_on = 'assigned' then hand_overs.assigned_at else hand_overs.handed_over_at end as clock_starts_at,
    case
        when agreed.starts_on = 'assigned' and hand_overs.assigned_on is null then hand_overs.assigned_at
        when agreed.starts_on = 'assigned' then {{ dbt.dateadd('day', 1, 'hand_overs.assigned_at') }}
        when hand_overs.handed_over_on is null then hand_overs.handed_over_at
        else {{ dbt.dateadd('day', 1, 'hand_overs.handed_over_at') }}
    end as clock_starts_by,
    stops.stops_on as stopped_by,
    stops.stopped_at,
    stops.stopped_on,
    stops.stopped_at_the_earliest,
    stops.at_the_latest as stopped_at_the_latest
from hand_overs
inner join {{ ref('stg_agreement__handoffs') }} as agreed using (version, handoff)
left join stops
    on
        hand_overs.world = stops.world
        and hand_overs.person_id = stops.person_id
        and hand_overs.cycle = stops.cycle
        and hand_overs.handoff = stops.handoff
        and stops.stop_rank = 1
