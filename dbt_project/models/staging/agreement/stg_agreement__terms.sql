select
    version,
    term,
    kind,
    meaning,
    owner
from {{ source('raw_agreement', 'terms') }}
