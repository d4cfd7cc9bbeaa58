select
    version,
    from_stage,
    to_stage,
    within_seconds
from {{ source('raw_agreement', 'conversion_windows') }}
