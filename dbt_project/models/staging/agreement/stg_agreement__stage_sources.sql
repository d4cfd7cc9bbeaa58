select
    version,
    source,
    position,
    system,
    side,
    kind,
    object,
    field,
    people,
    reason_field,
    enters,
    speaks_until,
    speaks_until_rank
from {{ source('raw_agreement', 'stage_sources') }}
