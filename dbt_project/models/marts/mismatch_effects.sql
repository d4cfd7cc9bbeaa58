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
    holds,
    warns
from {{ ref('int_effects_measured') }}
