select
    system,
    object,
    loaded_at,
    window_number,
    since,
    until,
    rows_at_source,
    rows_fetched
from {{ source('raw_extracts', 'windows') }}
where {{ was_known() }}
