with stages as (

    select stages.*
    from {{ ref('stg_agreement__stages') }} as stages
    inner join {{ ref('int_clock') }} as clock on stages.version = clock.agreement_version
    where stages.kind = 'stage'

),

path as (

    select 'person' as unit, stage, rank from stages
    union all
    select 'opportunity' as unit, stage, rank from stages
    where unit = 'opportunity'

),

pairs as (

    select
        unit,
        stage as from_stage,
        lead(stage) over (partition by unit order by rank) as to_stage
    from path

),

windows as (

    select conversion_windows.from_stage, conversion_windows.to_stage, conversion_windows.within_seconds
    from {{ ref('stg_agreement__conversion_windows') }} as conversion_windows
    inner join {{ ref('int_clock') }} as clock on conversion_windows.version = clock.agreement_version

),

pairs_with_window as (

    select pairs.unit, pairs.from_stage, pairs.to_stage, windows.within_seconds
    from pairs
    left join windows using (from_stage, to_stage)
    where pairs.to_stage is not null

),

reached as (

    select * from {{ ref('int_stages_reached') }}

),

cohort as (

    select
        starts.world,
        starts.unit,
        starts.unit_id,
        starts.cycle,
        'cohort' as basis,
        starts.reached_month as month,
        pairs.from_stage,
        pairs.to_stage,
        1 as entered,
        case
            when ends.reached_at is null and ends.stage is null then 0
            when pairs.within_seconds is null then 1
            when
                not coalesce(
                    {{ is_before(
                        seconds_later('starts.reached_at', 'pairs.within_seconds'),
                        'cast(' ~ seconds_later('cast(starts.reached_on as timestamp)', 'pairs.within_seconds') ~ ' as date)',
                        'ends.reached_at',
                        'ends.reached_on'
                    ) }},
                    false
                )
                then 1
            else 0
        end as converted
    from reached as starts
    inner join pairs_with_window as pairs on starts.unit = pairs.unit and starts.stage = pairs.from_stage
    left join reached as ends
        on
            starts.world = ends.world
            and starts.unit = ends.unit
            and starts.unit_id = ends.unit_id
            and starts.cycle = ends.cycle
            and pairs.to_stage = ends.stage

),

period as (

    select
        reached.world,
        reached.unit,
        reached.unit_id,
        reached.cycle,
        'period' as basis,
        reached.reached_month as month,
        pairs.from_stage,
        pairs.to_stage,
        case when reached.stage = pairs.from_stage then 1 else 0 end as entered,
        case when reached.stage = pairs.to_stage then 1 else 0 end as converted
    from reached
    inner join pairs_with_window as pairs
        on reached.unit = pairs.unit and reached.stage in (pairs.from_stage, pairs.to_stage)

),

last_moves as (

    select
        *,
        row_number() over (partition by world, unit, unit_id order by entry_order desc) as move_rank
    from {{ ref('int_transitions_classified') }}
    where unit = 'opportunity' and moves_the_unit and stage <> 'idle' and stage is distinct from previous_stage

),

last_stage as (

    select stage from stages
    where is_last

),

bases as (

    select 'cohort' as basis
    union all
    select 'period' as basis

),

closed as (

    select
        last_moves.world,
        last_moves.unit,
        last_moves.unit_id,
        coalesce(last_moves.cycle, 0) as cycle,
        bases.basis,
        {{ month_of('last_moves.entered_date') }} as month,
        'closed' as from_stage,
        last_stage.stage as to_stage,
        1 as entered,
        case when last_moves.stage = last_stage.stage then 1 else 0 end as converted
    from last_moves
    cross join last_stage
    cross join bases
    where last_moves.move_rank = 1 and (last_moves.stage = last_stage.stage or last_moves.stage_kind = 'exit')

)

select * from cohort
union all
select * from period
union all
select * from closed
