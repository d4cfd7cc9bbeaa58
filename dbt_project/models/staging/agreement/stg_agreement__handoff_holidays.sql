select
    version,
    handoff,
    holiday
from {{ source('raw_agreement', 'handoff_holidays') }}
