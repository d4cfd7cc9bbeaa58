select
    version,
    side,
    team
from {{ source('raw_agreement', 'side_owners') }}
