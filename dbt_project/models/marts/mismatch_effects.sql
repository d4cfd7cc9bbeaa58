with effects as (

    select * from {{ ref('int_effects_measured') }}

),

judged as (

    select
        *,
        effect > holds_over_absolute and effect > holds_over_relative * agreed as passes_both_limits,
        people_disputed > holds_over_absolute and people_disputed > holds_over_relative * agreed as passes_gross
    from effects

)

select
    report,
    metric,
    unit,
    month,
    segment,
    segment_value,
    agreed,
    as_crm,
    as_map,
    effect,
    people_disputed,
    coalesce(segment = 'all' and passes_both_limits, false) as holds,
    coalesce((segment <> 'all' and passes_both_limits) or (not passes_both_limits and passes_gross), false) as warns
from judged
