select
    system,
    kind,
    role,
    timezone
from {{ source('raw_sources', 'systems') }}
