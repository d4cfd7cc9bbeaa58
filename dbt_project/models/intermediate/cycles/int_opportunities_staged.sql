with opportunities as (

    select * from {{ ref('int_opportunities_described') }}

),

last_moves as (

    select
        *,
        row_number() over (partition by unit_id order by entry_order desc) as move_rank
    from {{ ref('int_transitions_classified') }}
    where
        world = 'agreed'
        and unit = 'opportunity'
        and stage <> 'idle'
        and stage is distinct from previous_stage
        and (moves_the_unit or transition = 'impossible')

),

stages as (

    select stages.stage, stages.kind, stages.is_last
    from {{ ref('stg_agreement__stages') }} as stages
    inner join {{ ref('int_clock') }} as clock on stages.version = clock.agreement_version

),

staged as (

    select
        last_moves.unit_id,
        last_moves.stage,
        last_moves.claimed_at,
        last_moves.entered_date,
        coalesce(stages.is_last, false) as is_won,
        last_moves.stage_kind = 'exit' or coalesce(stages.is_last, false) as is_closed
    from last_moves
    left join stages on last_moves.stage = stages.stage
    where last_moves.move_rank = 1

)

select
    opportunities.*,
    staged.stage,
    coalesce(staged.is_closed, opportunities.is_closed, false) as has_ended,
    coalesce(staged.is_won, opportunities.is_won, false) as has_been_won,
    coalesce(opportunities.closed_at, staged.claimed_at, cast(opportunities.close_on as timestamp)) as ended_at,
    case
        when opportunities.closed_at is not null
            then {{ calendar_date('opportunities.closed_at', 'opportunities.closed_on', 'clock.timezone') }}
        when staged.claimed_at is not null then staged.entered_date
        else opportunities.close_on
    end as ended_on
from opportunities
cross join {{ ref('int_clock') }} as clock
left join staged using (unit_id)
