select
    system,
    deal_id as opportunity_id,
    contact_id as record_id,
    label as role,
    coalesce(lower(label) like '%primary%', false) as is_primary,
    cast(null as timestamp) as added_at,
    cast(null as date) as added_on,
    max(loaded_at) as loaded_at
from {{ hubspot_associations('deal', 'contact') }} as associations
group by system, deal_id, contact_id, label
