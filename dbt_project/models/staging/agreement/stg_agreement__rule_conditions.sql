select
    version,
    source,
    number,
    kind,
    threshold,
    activity_kind
from {{ source('raw_agreement', 'rule_conditions') }}
