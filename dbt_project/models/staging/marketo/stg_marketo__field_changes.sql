select
    system,
    marketo_guid || '/' || field as change_id,
    record_id,
    object,
    field,
    old_value,
    new_value,
    changed_at,
    cast(null as date) as changed_on,
    changed_by,
    writer,
    loaded_at
from {{ marketo_changes() }} as changes
where record_id is not null and changed_at is not null
