select
    version,
    report,
    owner,
    holds_over_relative,
    holds_over_absolute
from {{ source('raw_agreement', 'reports') }}
