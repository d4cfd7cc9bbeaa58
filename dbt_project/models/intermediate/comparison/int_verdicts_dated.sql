with voices as (

    select * from {{ ref('int_voices_dated') }}

),

turns as (

    select
        *,
        case
            when verdict = lag(verdict) over (partition by person_id order by instant) then 0
            else 1
        end as is_a_turn
    from voices

),

numbered as (

    select
        *,
        sum(is_a_turn) over (
            partition by person_id order by instant rows between unbounded preceding and current row
        ) as span_number
    from turns

),

spans as (

    select
        person_id,
        span_number,
        verdict,
        min(instant) as valid_from,
        max_by(parting, instant) as parting,
        max_by(absent_side, instant) as absent_side
    from numbered
    group by person_id, span_number, verdict

)

select
    person_id,
    verdict,
    valid_from,
    coalesce(lead(valid_from) over (partition by person_id order by valid_from), {{ end_of_time() }}) as valid_until,
    parting,
    absent_side
from spans
