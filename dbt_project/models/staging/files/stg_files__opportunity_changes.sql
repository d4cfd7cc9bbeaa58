select
    system,
    change_id,
    opportunity_id,
    nullif(trim(old_value), '') as old_value,
    nullif(trim(new_value), '') as new_value,
    changed_at,
    changed_on,
    changed_by,
    loaded_at
from {{ source('raw_files', 'opportunity_changes') }}
where {{ was_known() }}
