select
    system,
    id as campaign_id,
    name,
    type as channel,
    actual_cost as cost,
    currency_iso_code as currency,
    start_date as started_on,
    loaded_at
from {{ latest_version(source('raw_salesforce', 'campaign'), key=['system', 'id']) }} as latest
