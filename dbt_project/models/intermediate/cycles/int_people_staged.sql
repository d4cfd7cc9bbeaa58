with moves as (

    select
        *,
        row_number() over (partition by unit_id order by entry_order desc) as move_rank
    from {{ ref('int_transitions_classified') }}
    where world = 'agreed' and unit = 'person' and moves_the_unit and transition is not null

)

select
    unit_id as person_id,
    stage,
    claimed_at as stage_entered_at,
    cycle
from moves
where move_rank = 1
