select
    system,
    change_id,
    record_id,
    object,
    field,
    nullif(trim(old_value), '') as old_value,
    nullif(trim(new_value), '') as new_value,
    changed_at,
    changed_on,
    changed_by,
    writer,
    loaded_at
from {{ source('raw_files', 'field_changes') }}
where {{ was_known() }}
