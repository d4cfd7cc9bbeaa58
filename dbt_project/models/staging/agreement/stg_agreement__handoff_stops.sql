select
    version,
    handoff,
    stops_on
from {{ source('raw_agreement', 'handoff_stops') }}
