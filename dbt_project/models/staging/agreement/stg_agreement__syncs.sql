select
    version,
    system,
    other_system,
    within_seconds
from {{ source('raw_agreement', 'syncs') }}
