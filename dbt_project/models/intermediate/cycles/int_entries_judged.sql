{{ config(materialized='view') }}

{% set unit_key = 'world, unit, unit_id' %}
{% set so_far = 'over (partition by ' ~ unit_key ~ ' order by entry_order rows between unbounded preceding and 1 preceding)' %}

with clock as (

    select * from {{ ref('int_clock') }}

),

entries as (

    select
        {{ unit_key }},
        entry_order,
        side,
        source,
        source_kind,
        version,
        opportunity_id,
        stage,
        rank,
        stage_kind,
        stage_unit,
        is_last_stage,
        reopens,
        claimed_at,
        claimed_on,
        entered_date,
        basis,
        known_at,
        limit_rank,
        is_impossible,
        has_no_place
    from {{ ref('int_entries_ordered') }}

),

with_next_on_path as (

    select
        *,
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

with_rank_to_pass as (

    select
        *,
        not is_undone and not is_impossible and not has_no_place as counts,
        case when not is_last_stage then coalesce(rank, -1) else -1 end as rank_reached
    from with_undone

),

with_unlimited_before as (

    select
        *,
        {{ last_known('case when limit_rank is null and counts then rank_reached end') }} {{ so_far }} as unlimited_rank,
        {{ last_known('case when limit_rank is null and counts then claimed_at end') }} {{ so_far }} as unlimited_at,
        coalesce(
            max(case when stage_kind = 'exit' and not reopens and counts then 1 else 0 end) {{ so_far }}, 0
        ) = 1 as had_ended,
        max(limit_rank) over (
            partition by {{ unit_key }} order by entry_order rows between unbounded preceding and unbounded following
        ) as furthest_limit_rank
    from with_rank_to_pass

),

against_unlimited as (

    select
        entries.*,
        coalesce(
            entries.unlimited_rank > entries.limit_rank
            and not entries.had_ended
            and (
                clock.idle_ends_seconds is null
                or entries.claimed_at <= {{ seconds_later('entries.unlimited_at', 'clock.idle_ends_seconds') }}
            ),
            false
        ) as is_past_limit
    from with_unlimited_before as entries
    cross join clock

),

with_firm as (

    select
        *,
        counts and (limit_rank is null or (limit_rank = furthest_limit_rank and not is_past_limit)) as is_firm
    from against_unlimited

),

with_firm_before as (

    select
        *,
        {{ last_known('case when is_firm then rank_reached end') }} {{ so_far }} as firm_rank,
        {{ last_known('case when is_firm then claimed_at end') }} {{ so_far }} as firm_at
    from with_firm

)

select
    {{ unit_key }},
    entries.entry_order,
    entries.source,
    entries.version,
    entries.opportunity_id,
    entries.stage,
    entries.rank,
    entries.stage_kind,
    entries.stage_unit,
    entries.is_last_stage,
    entries.reopens,
    entries.claimed_at,
    entries.claimed_on,
    entries.entered_date,
    entries.basis,
    entries.known_at,
    entries.is_impossible,
    entries.has_no_place,
    entries.is_undone,
    case
        when entries.limit_rank < entries.furthest_limit_rank
            then coalesce(
                entries.firm_rank > entries.limit_rank
                and not entries.had_ended
                and (
                    clock.idle_ends_seconds is null
                    or entries.claimed_at <= {{ seconds_later('entries.firm_at', 'clock.idle_ends_seconds') }}
                ),
                false
            )
        else entries.is_past_limit
    end as is_touch
from with_firm_before as entries
cross join clock
