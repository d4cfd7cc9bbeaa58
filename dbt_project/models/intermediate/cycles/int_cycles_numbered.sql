{{ config(materialized='view') }}

{% set unit_key = 'world, unit, unit_id' %}

with clock as (

    select * from {{ ref('int_clock') }}

),

moves as (

    select
        *,
        lag(stage) over (partition by {{ unit_key }} order by entry_order) as previous_stage,
        lag(rank) over (partition by {{ unit_key }} order by entry_order) as previous_rank,
        lag(stage_kind) over (partition by {{ unit_key }} order by entry_order) as previous_kind,
        lag(is_last_stage) over (partition by {{ unit_key }} order by entry_order) as previous_is_last,
        lag(claimed_at) over (partition by {{ unit_key }} order by entry_order) as previous_at,
        lead(claimed_at) over (partition by {{ unit_key }} order by entry_order) as next_at
    from {{ ref('int_entries_sorted') }}
    where standing = 'moves'

),

with_gaps as (

    select
        moves.*,
        coalesce(
            moves.previous_kind = 'stage'
            and not moves.previous_is_last
            and moves.claimed_at > {{ seconds_later('moves.previous_at', 'clock.idle_ends_seconds') }},
            false
        ) as follows_an_idle_end,
        case
            when
                moves.stage_kind = 'stage'
                and not moves.is_last_stage
                and coalesce(moves.next_at, clock.data_as_of) > {{ seconds_later('moves.claimed_at', 'clock.idle_ends_seconds') }}
                then {{ seconds_later('moves.claimed_at', 'clock.idle_ends_seconds') }}
        end as idle_end_at
    from moves
    cross join clock

),

with_starts as (

    select
        *,
        stage_kind = 'stage' and (
            previous_kind is null
            or previous_kind = 'exit'
            or (previous_is_last and not is_last_stage)
            or follows_an_idle_end
        ) as starts_a_cycle
    from with_gaps

),

with_count as (

    select
        *,
        sum(case when starts_a_cycle then 1 else 0 end) over (
            partition by {{ unit_key }} order by entry_order rows between unbounded preceding and current row
        ) as cycles_begun
    from with_starts

)

select
    *,
    cast(
        case when cycles_begun > 0 and not (stage_kind = 'exit' and follows_an_idle_end) then cycles_begun end as integer
    ) as cycle,
    case
        when starts_a_cycle and cycles_begun = 1 then 'entry'
        when starts_a_cycle then 're_entry'
        when stage = previous_stage then null
        when stage_kind = 'exit' and reopens and stage_unit <> 'opportunity' then 'recycle'
        when stage_kind = 'exit' then 'exit'
        when rank = previous_rank + 1 then 'forward'
        when rank > previous_rank then 'skip'
        when rank < previous_rank then 'regression'
    end as transition
from with_count
