select
    system,
    campaign_id,
    name,
    channel,
    cost,
    currency,
    started_on,
    loaded_at
from {{ latest_version(source('raw_files', 'campaigns'), key=['system', 'campaign_id']) }} as latest
