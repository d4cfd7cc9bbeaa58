select
    version,
    effective_from,
    in_force_from,
    in_force_until,
    timezone,
    currency,
    undo_within_seconds,
    idle_ends_seconds,
    content_hash
from {{ source('raw_agreement', 'versions') }}
