select
    version,
    stage,
    rank,
    side
from {{ source('raw_agreement', 'record_requirements') }}
