{% set hand_over = 'world, person_id, cycle, handoff' %}

with hand_overs as (

    select {{ hand_over }}, version, handed_over_at, handed_over_on, next_handed_over_at
    from {{ ref('int_handoffs_begun') }}
    where handed_over_at is not null

),

touches as (

    select person_id, kind, touched_at, touched_on, touched_by
    from {{ ref('int_touches_qualified') }}
    where person_id is not null

)

select
    hand_overs.world,
    hand_overs.person_id,
    hand_overs.cycle,
    hand_overs.handoff,
    min_by(touches.touched_at, touches.touched_by) as first_touch_at,
    case
        when min_by(touches.touched_at, touches.touched_by) < min(touches.touched_by)
            then min_by(touches.touched_on, touches.touched_by)
    end as first_touch_on,
    min(touches.touched_at) as touched_at_the_earliest,
    min(touches.touched_by) as touched_at_the_latest
from hand_overs
inner join touches on hand_overs.person_id = touches.person_id
inner join {{ ref('stg_agreement__handoff_touch_kinds') }} as kinds
    on
        hand_overs.version = kinds.version
        and hand_overs.handoff = kinds.handoff
        and touches.kind = kinds.kind
where
    not {{ is_before('touches.touched_at', 'touches.touched_on', 'hand_overs.handed_over_at', 'hand_overs.handed_over_on') }}
    and (hand_overs.next_handed_over_at is null or touches.touched_at < hand_overs.next_handed_over_at)
group by hand_overs.world, hand_overs.person_id, hand_overs.cycle, hand_overs.handoff
