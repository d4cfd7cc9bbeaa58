select
    system,
    opportunity_id,
    record_id,
    role,
    is_primary,
    added_at,
    added_on,
    loaded_at
from
    {{ latest_version(source('raw_files', 'opportunity_people'), key=['system', 'opportunity_id', 'record_id', 'role']) }}
        as latest
