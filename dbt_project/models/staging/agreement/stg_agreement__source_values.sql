select
    version,
    source,
    value,
    meaning,
    stage,
    rank,
    from_rank,
    to_rank,
    is_correction
from {{ source('raw_agreement', 'source_values') }}
