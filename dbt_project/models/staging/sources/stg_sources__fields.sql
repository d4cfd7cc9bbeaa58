select
    system,
    object,
    field,
    source_field
from {{ source('raw_sources', 'fields') }}
