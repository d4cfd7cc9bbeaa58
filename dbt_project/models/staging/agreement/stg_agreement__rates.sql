select
    version,
    currency,
    rate
from {{ source('raw_agreement', 'rates') }}
