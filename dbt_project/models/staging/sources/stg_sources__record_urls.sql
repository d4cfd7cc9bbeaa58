select
    system,
    object,
    template
from {{ source('raw_sources', 'record_urls') }}
