{% set unit_key = 'world, unit, unit_id' %}

with entries as (

    select * from {{ ref('int_entries_judged') }}
    where not is_undone and not is_touch

),

in_sequence as (

    select
        *,
        max(case when stage_kind = 'stage' then entry_order end) over (
            partition by {{ unit_key }} order by entry_order rows between unbounded preceding and 1 preceding
        ) as path_before
    from entries
    where not is_impossible and not has_no_place

),

with_winning as (

    select
        in_sequence.*,
        coalesce(
            in_sequence.unit = 'person'
            and in_sequence.stage_kind = 'exit'
            and earlier.is_last_stage
            and (in_sequence.opportunity_id is null or earlier.opportunity_id is distinct from in_sequence.opportunity_id),
            false
        ) as comes_after_winning
    from in_sequence
    left join in_sequence as earlier
        on
            in_sequence.world = earlier.world
            and in_sequence.unit = earlier.unit
            and in_sequence.unit_id = earlier.unit_id
            and in_sequence.path_before = earlier.entry_order

),

with_the_end as (

    select
        *,
        coalesce(
            sum(case when stage_kind = 'exit' and not reopens and not comes_after_winning then 1 else 0 end) over (
                partition by {{ unit_key }} order by entry_order rows between unbounded preceding and 1 preceding
            ),
            0
        ) > 0 as comes_after_the_end
    from with_winning

),

with_standing as (

    select
        entries.*,
        case
            when entries.is_impossible then 'impossible'
            when entries.has_no_place then 'no_place'
            when with_the_end.comes_after_winning then 'after_winning'
            when with_the_end.comes_after_the_end then 'after_the_end'
            else 'moves'
        end as standing
    from entries
    left join with_the_end using (world, unit, unit_id, entry_order)

)

select
    *,
    max(case when standing = 'moves' then entry_order end) over (
        partition by {{ unit_key }} order by entry_order rows between unbounded preceding and 1 preceding
    ) as move_before
from with_standing
