{% set unit_key = 'world, unit, unit_id' %}

with entries as (

    select * from {{ ref('int_entries_ordered') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

with_next_on_path as (

    select
        entries.*,
        min(case when stage_kind = 'stage' and source_kind <> 'rule' and not is_impossible then claimed_at end) over (
            partition by {{ unit_key }}, side
            order by entry_order
            rows between 1 following and unbounded following
        ) as back_on_path_at
    from entries

),

with_undone as (

    select
        with_next_on_path.*,
        coalesce(
            with_next_on_path.stage_kind = 'exit'
            and not with_next_on_path.is_impossible
            and clock.undo_within_seconds > 0
            and with_next_on_path.back_on_path_at
            <= {{ seconds_later('with_next_on_path.claimed_at', 'clock.undo_within_seconds') }},
            false
        ) as is_undone
    from with_next_on_path
    cross join clock

),

with_unlimited_before as (

    select
        *,
        max(
            case when limit_rank is null and not is_undone and not is_impossible and not has_no_place then entry_order end
        ) over (
            partition by {{ unit_key }} order by entry_order rows between unbounded preceding and 1 preceding
        ) as unlimited_before,
        max(limit_rank) over (partition by {{ unit_key }}) as furthest_limit_rank,
        coalesce(
            max(
                case
                    when stage_kind = 'exit' and not reopens and not is_undone and not is_impossible and not has_no_place then 1
                    else 0
                end
            ) over (partition by {{ unit_key }} order by entry_order rows between unbounded preceding and 1 preceding),
            0
        ) = 1 as had_ended
    from with_undone

),

against_unlimited as (

    select
        entries.*,
        coalesce(
            entries.limit_rank is not null
            and not entries.had_ended
            and earlier.rank > entries.limit_rank
            and not earlier.is_last_stage
            and (
                clock.idle_ends_seconds is null
                or entries.claimed_at <= {{ seconds_later('earlier.claimed_at', 'clock.idle_ends_seconds') }}
            ),
            false
        ) as is_past_limit
    from with_unlimited_before as entries
    cross join clock
    left join with_unlimited_before as earlier
        on
            entries.world = earlier.world
            and entries.unit = earlier.unit
            and entries.unit_id = earlier.unit_id
            and entries.unlimited_before = earlier.entry_order

),

with_firm_before as (

    select
        *,
        max(
            case
                when
                    (limit_rank is null or (limit_rank = furthest_limit_rank and not is_past_limit))
                    and not is_undone and not is_impossible and not has_no_place
                    then entry_order
            end
        ) over (
            partition by {{ unit_key }} order by entry_order rows between unbounded preceding and 1 preceding
        ) as firm_before
    from against_unlimited

)

select
    entries.*,
    case
        when entries.limit_rank < entries.furthest_limit_rank
            then coalesce(
                earlier.rank > entries.limit_rank
                and not entries.had_ended
                and not earlier.is_last_stage
                and (
                    clock.idle_ends_seconds is null
                    or entries.claimed_at <= {{ seconds_later('earlier.claimed_at', 'clock.idle_ends_seconds') }}
                ),
                false
            )
        else entries.is_past_limit
    end as is_touch
from with_firm_before as entries
cross join clock
left join with_firm_before as earlier
    on
        entries.world = earlier.world
        and entries.unit = earlier.unit
        and entries.unit_id = earlier.unit_id
        and entries.firm_before = earlier.entry_order
