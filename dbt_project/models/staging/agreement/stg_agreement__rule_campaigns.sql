select
    version,
    source,
    number,
    campaign
from {{ source('raw_agreement', 'rule_campaigns') }}
