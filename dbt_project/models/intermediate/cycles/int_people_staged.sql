with moves as (

    select
        *,
        row_number() over (partition by unit_id, stage = 'idle' order by entry_order desc) as move_rank,
        max(entry_order) over (partition by unit_id) as last_order
    from {{ ref('int_transitions_classified') }}
    where world = 'agreed' and unit = 'person' and moves_the_unit and transition is not null

)

select
    unit_id as person_id,
    stage,
    claimed_at as stage_entered_at,
    cycle,
    stage_kind = 'stage' and entry_order = last_order and not is_last_stage as is_in_open_cycle
from moves
where move_rank = 1 and stage <> 'idle'
