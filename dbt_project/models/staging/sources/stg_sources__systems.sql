select
    system,
    kind,
    role,
    timezone,
    linked_to
from {{ source('raw_sources', 'systems') }}
