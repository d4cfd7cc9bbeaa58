select
    system,
    id as user_id,
    nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '') as name,
    email,
    case when type = 'QUEUE' then 'queue' else 'person' end as kind,
    not coalesce(archived, false) as is_active,
    loaded_at
from {{ latest_version(source('raw_hubspot', 'owner'), key=['system', 'id']) }} as latest
