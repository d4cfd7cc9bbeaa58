select
    users.system,
    users.id as user_id,
    coalesce(users.name, trim(coalesce(users.first_name || ' ', '') || users.last_name)) as name,
    users.email,
    case when machines.id is not null then 'integration' else 'person' end as kind,
    users.is_active,
    users.loaded_at
from {{ latest_version(source('raw_salesforce', 'user'), key=['system', 'id']) }} as users
left join {{ salesforce_machines() }} as machines on users.system = machines.system and users.id = machines.id

union all

select
    system,
    id as user_id,
    name,
    email,
    'queue' as kind,
    true as is_active,
    loaded_at
from {{ latest_version(source('raw_salesforce', 'group'), key=['system', 'id']) }} as latest
where type = 'Queue'
