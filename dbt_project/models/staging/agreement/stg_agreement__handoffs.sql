select
    version,
    handoff,
    from_stage,
    to_stage,
    starts_on,
    within_seconds,
    calendar_days,
    calendar_from,
    calendar_to,
    calendar_timezone
from {{ source('raw_agreement', 'handoffs') }}
