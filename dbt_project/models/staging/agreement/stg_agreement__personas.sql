select
    version,
    persona,
    position,
    meaning
from {{ source('raw_agreement', 'personas') }}
