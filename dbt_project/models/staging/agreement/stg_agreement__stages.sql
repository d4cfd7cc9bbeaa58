select
    version,
    stage,
    kind,
    rank,
    owner,
    unit,
    meaning,
    reopens,
    is_last
from {{ source('raw_agreement', 'stages') }}
