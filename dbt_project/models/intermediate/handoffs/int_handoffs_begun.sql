with transitions as (

    select
        world,
        unit_id as person_id,
        cycle,
        entry_order,
        stage,
        stage_kind,
        rank,
        source,
        version,
        claimed_at,
        claimed_on,
        entered_date,
        transition,
        moves_the_unit
    from {{ ref('int_transitions_classified') }}
    where unit = 'person' and cycle is not null

),

handoffs as (

    select
        handoffs.version,
        handoffs.handoff,
        handoffs.from_stage,
        to_stages.rank as to_rank,
        versions.in_force_from,
        versions.in_force_until,
        versions.version = clock.agreement_version as is_current
    from {{ ref('stg_agreement__handoffs') }} as handoffs
    inner join {{ ref('stg_agreement__versions') }} as versions using (version)
    inner join {{ ref('stg_agreement__stages') }} as to_stages
        on handoffs.version = to_stages.version and handoffs.to_stage = to_stages.stage
    cross join {{ ref('int_clock') }} as clock

),

entries as (

    select
        transitions.world,
        transitions.person_id,
        transitions.cycle,
        handoffs.handoff,
        handoffs.version,
        handoffs.to_rank,
        transitions.entry_order,
        transitions.claimed_at as handed_over_at,
        transitions.claimed_on as handed_over_on,
        transitions.entered_date,
        coalesce(transitions.transition = 'impossible', false) as is_impossible,
        row_number() over (
            partition by transitions.world, transitions.person_id, transitions.cycle, handoffs.handoff
            order by
                case when transitions.transition = 'impossible' then 1 else 0 end,
                transitions.entry_order
        ) as entry_rank
    from transitions
    inner join handoffs
        on
            transitions.stage = handoffs.from_stage
            and (
                (transitions.claimed_at is null and handoffs.is_current)
                or (transitions.claimed_at >= handoffs.in_force_from and transitions.claimed_at < handoffs.in_force_until)
            )
    where transitions.transition = 'impossible' or transitions.moves_the_unit

),

hand_overs as (

    select
        *,
        lead(handed_over_at) over (partition by world, person_id, handoff order by cycle) as next_handed_over_at
    from entries
    where entry_rank = 1

),

what_came_after as (

    select
        hand_overs.world,
        hand_overs.person_id,
        hand_overs.cycle,
        hand_overs.handoff,
        transitions.entry_order,
        transitions.stage,
        transitions.source,
        transitions.version as source_version,
        transitions.claimed_at,
        transitions.claimed_on,
        transitions.moves_the_unit,
        transitions.stage_kind = 'exit' as is_exit,
        rejections.rejection is not null as is_rejection
    from hand_overs
    inner join transitions
        on
            hand_overs.world = transitions.world
            and hand_overs.person_id = transitions.person_id
            and hand_overs.cycle = transitions.cycle
            and hand_overs.entry_order < transitions.entry_order
            and (transitions.rank >= hand_overs.to_rank or transitions.stage_kind = 'exit')
    left join {{ ref('stg_agreement__handoff_rejections') }} as rejections
        on
            hand_overs.version = rejections.version
            and hand_overs.handoff = rejections.handoff
            and transitions.stage = rejections.rejection

),

first_answers as (

    select
        *,
        row_number() over (partition by world, person_id, cycle, handoff order by entry_order) as answer_rank
    from what_came_after
    where moves_the_unit

),

answered_at_an_impossible_time as (

    select distinct world, person_id, cycle, handoff
    from what_came_after
    where not moves_the_unit and not is_exit

)

select
    hand_overs.world,
    hand_overs.person_id,
    hand_overs.cycle,
    hand_overs.handoff,
    hand_overs.version,
    hand_overs.handed_over_at,
    hand_overs.handed_over_on,
    {{ month_of('hand_overs.entered_date') }} as month,
    hand_overs.next_handed_over_at,
    hand_overs.is_impossible
    or (impossible.person_id is not null and coalesce(answers.is_exit, true)) as is_impossible,
    case when not answers.is_exit then answers.claimed_at end as accepted_at,
    case when not answers.is_exit then answers.claimed_on end as accepted_on,
    case when answers.is_rejection then answers.claimed_at end as rejected_at,
    case when answers.is_rejection then answers.claimed_on end as rejected_on,
    case when answers.is_rejection then answers.stage end as rejected_as,
    case when answers.is_rejection then answers.source end as rejection_source,
    case when answers.is_rejection then answers.source_version end as rejection_source_version,
    case when answers.is_exit and not answers.is_rejection and answers.stage <> 'idle' then answers.claimed_at end
        as withdrawn_at,
    case when answers.is_exit then answers.claimed_at end as ended_at
from hand_overs
left join first_answers as answers
    on
        hand_overs.world = answers.world
        and hand_overs.person_id = answers.person_id
        and hand_overs.cycle = answers.cycle
        and hand_overs.handoff = answers.handoff
        and answers.answer_rank = 1
left join answered_at_an_impossible_time as impossible
    on
        hand_overs.world = impossible.world
        and hand_overs.person_id = impossible.person_id
        and hand_overs.cycle = impossible.cycle
        and hand_overs.handoff = impossible.handoff
