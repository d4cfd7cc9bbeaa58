select
    version,
    handoff,
    rejection
from {{ source('raw_agreement', 'handoff_rejections') }}
