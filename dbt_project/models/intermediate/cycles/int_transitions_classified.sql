{% set unit_key = 'world, unit, unit_id' %}
{% set columns = [
    'world', 'unit', 'unit_id', 'opportunity_id', 'source', 'version', 'stage', 'stage_kind', 'rank', 'is_last_stage',
    'claimed_at',
    'claimed_on', 'entered_date', 'basis', 'known_at', 'entry_order'
] | join(', ') %}

with clock as (

    select * from {{ ref('int_clock') }}

),

moves as (

    select * from {{ ref('int_cycles_numbered') }}

),

cycles_per_unit as (

    select {{ unit_key }}, max(cycles_begun) as cycle_count
    from moves
    group by {{ unit_key }}

),

moved as (

    select {{ columns }}, cycle, transition, previous_stage, previous_rank, true as moves_the_unit
    from moves

),

idle_ends as (

    select
        moves.world,
        moves.unit,
        moves.unit_id,
        moves.opportunity_id,
        cast(null as {{ dbt.type_string() }}) as source,
        moves.version,
        'idle' as stage,
        'exit' as stage_kind,
        cast(null as integer) as rank,
        false as is_last_stage,
        moves.idle_end_at as claimed_at,
        cast(null as date) as claimed_on,
        cast({{ local_time('moves.idle_end_at', 'clock.timezone') }} as date) as entered_date,
        'inferred' as basis,
        moves.known_at,
        moves.entry_order + 0.5 as entry_order,
        moves.cycle,
        'exit' as transition,
        moves.stage as previous_stage,
        moves.rank as previous_rank,
        true as moves_the_unit
    from moves
    cross join clock
    where moves.idle_end_at is not null

),

others as (

    select * from {{ ref('int_entries_sorted') }}
    where standing <> 'moves'

),

kept_without_moving as (

    select
        others.*,
        cast(
            case
                when others.standing <> 'impossible' then null
                when
                    before.stage_kind = 'stage'
                    and not before.is_last_stage
                    and not coalesce(others.claimed_at > before.idle_end_at, false)
                    then before.cycles_begun
                when coalesce(before.cycles_begun, 0) < cycles_per_unit.cycle_count then coalesce(before.cycles_begun, 0) + 1
            end as integer
        ) as cycle,
        case when others.standing = 'impossible' then 'impossible' end as transition,
        cast(null as {{ dbt.type_string() }}) as previous_stage,
        cast(null as integer) as previous_rank,
        false as moves_the_unit
    from others
    left join moves as before
        on
            others.world = before.world
            and others.unit = before.unit
            and others.unit_id = before.unit_id
            and others.move_before = before.entry_order
    left join cycles_per_unit
        on
            others.world = cycles_per_unit.world
            and others.unit = cycles_per_unit.unit
            and others.unit_id = cycles_per_unit.unit_id

),

classified as (

    select * from moved
    union all
    select * from idle_ends
    union all
    select {{ columns }}, cycle, transition, previous_stage, previous_rank, moves_the_unit from kept_without_moving

),

with_leaving as (

    select
        *,
        min(case when moves_the_unit and transition is not null then claimed_at end) over (
            partition by {{ unit_key }}
            order by entry_order
            rows between 1 following and unbounded following
        ) as next_move_at
    from classified

)

select
    {{ columns }},
    cycle,
    transition,
    previous_stage,
    previous_rank,
    moves_the_unit,
    case
        when moves_the_unit and next_move_at < claimed_at then claimed_at
        when moves_the_unit then next_move_at
    end as left_at,
    case
        when cycle is not null
            then row_number() over (partition by {{ unit_key }}, cycle, stage order by entry_order)
    end as entry_number
from with_leaving
