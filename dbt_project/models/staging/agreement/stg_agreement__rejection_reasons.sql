select
    version,
    value,
    reason
from {{ source('raw_agreement', 'rejection_reasons') }}
