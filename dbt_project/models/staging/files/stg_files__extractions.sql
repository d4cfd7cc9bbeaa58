select
    system,
    object,
    loaded_at,
    loaded_on,
    complete_through,
    rows_landed,
    rows_at_source
from {{ source('raw_files', 'extractions') }}
where {{ was_known('coalesce(landed_at, loaded_at)') }}
