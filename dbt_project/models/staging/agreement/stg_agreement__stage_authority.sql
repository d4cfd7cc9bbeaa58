select
    version,
    stage,
    source,
    position
from {{ source('raw_agreement', 'stage_authority') }}
