select
    version,
    persona,
    field,
    pattern
from {{ source('raw_agreement', 'persona_patterns') }}
