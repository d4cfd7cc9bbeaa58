select
    table_name,
    build_id,
    published_at
from {{ source('raw_published', 'builds') }}
