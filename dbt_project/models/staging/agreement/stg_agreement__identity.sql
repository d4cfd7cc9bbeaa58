select
    version,
    names_in_a_mailbox,
    review_from,
    merge_from
from {{ source('raw_agreement', 'identity') }}
