select
    system,
    activity_id,
    record_id,
    kind,
    side,
    channel,
    campaign_id,
    direction,
    occurred_at,
    occurred_on,
    owner_id,
    is_completed,
    is_automated,
    linked_system,
    linked_record_id,
    loaded_at
from {{ latest_version(source('raw_files', 'activities'), key=['system', 'activity_id']) }} as latest
