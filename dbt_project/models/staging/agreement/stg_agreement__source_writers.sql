select
    version,
    source,
    writer,
    kind
from {{ source('raw_agreement', 'source_writers') }}
