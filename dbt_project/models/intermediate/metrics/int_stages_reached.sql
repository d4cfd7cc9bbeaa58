with transitions as (

    select * from {{ ref('int_transitions_classified') }}
    where cycle is not null

),

stages as (

    select stages.*
    from {{ ref('stg_agreement__stages') }} as stages
    inner join {{ ref('int_clock') }} as clock on stages.version = clock.agreement_version
    where stages.kind = 'stage'

),

seen as (

    select
        world,
        unit,
        unit_id,
        cycle,
        stage,
        claimed_at as reached_at,
        claimed_on as reached_on,
        entered_date,
        entry_order,
        true as is_observed
    from transitions
    where stage_kind = 'stage'

),

skipped as (

    select
        transitions.world,
        transitions.unit,
        transitions.unit_id,
        transitions.cycle,
        stages.stage,
        transitions.claimed_at as reached_at,
        transitions.claimed_on as reached_on,
        transitions.entered_date,
        transitions.entry_order,
        false as is_observed
    from transitions
    inner join stages
        on
            stages.rank > transitions.previous_rank
            and stages.rank < transitions.rank
            and (transitions.unit = 'person' or stages.unit = 'opportunity')
    where transitions.transition = 'skip'

),

ways as (

    select * from seen
    union all
    select * from skipped

),

first_way as (

    select
        *,
        row_number() over (partition by world, unit, unit_id, cycle, stage order by entry_order) as way_rank,
        max(case when is_observed then 1 else 0 end) over (partition by world, unit, unit_id, cycle, stage) = 1 as was_seen
    from ways

),

cycle_starts as (

    select world, unit, unit_id, cycle, min_by(entered_date, entry_order) as started_on
    from transitions
    where transition in ('entry', 're_entry')
    group by world, unit, unit_id, cycle

)

select
    first_way.world,
    first_way.unit,
    first_way.unit_id,
    first_way.cycle,
    first_way.stage,
    first_way.reached_at,
    first_way.reached_on,
    {{ month_of('first_way.entered_date') }} as reached_month,
    first_way.was_seen as is_observed,
    {{ month_of('cycle_starts.started_on') }} as cohort_month
from first_way
left join cycle_starts using (world, unit, unit_id, cycle)
where first_way.way_rank = 1
