select
    version,
    names_in_a_mailbox,
    names_at_a_domain,
    review_from,
    merge_from
from {{ source('raw_agreement', 'identity') }}
