select
    decision,
    system,
    record_id,
    other_system,
    other_record_id,
    decided_on
from {{ source('raw_sources', 'identity_overrides') }}
