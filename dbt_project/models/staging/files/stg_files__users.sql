select
    system,
    user_id,
    name,
    email,
    kind,
    is_active,
    loaded_at
from {{ latest_version(source('raw_files', 'users'), key=['system', 'user_id']) }} as latest
