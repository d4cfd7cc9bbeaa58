select
    system,
    record_id,
    object,
    field,
    nullif(trim(value), '') as value,
    set_at,
    set_on,
    writer,
    loaded_at
from {{ latest_version(source('raw_files', 'field_values'), key=['system', 'object', 'record_id', 'field']) }} as latest
