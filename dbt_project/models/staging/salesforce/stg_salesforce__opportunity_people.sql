select
    system,
    opportunity_id,
    contact_id as record_id,
    nullif(trim(role), '') as role,
    bool_or(coalesce(is_primary, false)) as is_primary,
    min(created_date) as added_at,
    cast(null as date) as added_on,
    max(loaded_at) as loaded_at
from {{ latest_version(source('raw_salesforce', 'opportunity_contact_role'), key=['system', 'id']) }} as latest
where not coalesce(is_deleted, false) and contact_id is not null and opportunity_id is not null
group by system, opportunity_id, contact_id, nullif(trim(role), '')
