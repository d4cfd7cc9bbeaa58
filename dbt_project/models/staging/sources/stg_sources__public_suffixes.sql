select
    suffix,
    is_wildcard,
    is_exception
from {{ source('raw_sources', 'public_suffixes') }}
