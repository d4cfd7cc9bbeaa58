select
    version,
    number,
    field,
    value
from {{ source('raw_agreement', 'exclusions') }}
