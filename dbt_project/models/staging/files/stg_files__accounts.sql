select
    system,
    account_id,
    name,
    domain,
    industry,
    employees,
    country,
    parent_account_id,
    owner_id,
    created_at,
    created_on,
    is_deleted,
    linked_system,
    linked_record_id,
    loaded_at
from {{ latest_version(source('raw_files', 'accounts'), key=['system', 'account_id']) }} as latest
