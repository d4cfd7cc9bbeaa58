select
    version,
    handoff,
    kind
from {{ source('raw_agreement', 'handoff_touch_kinds') }}
