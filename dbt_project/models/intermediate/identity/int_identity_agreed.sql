select
    identity.version,
    identity.names_in_a_mailbox,
    identity.names_at_a_domain,
    identity.review_from,
    identity.merge_from
from {{ ref('stg_agreement__identity') }} as identity
inner join {{ ref('int_clock') }} as clock on identity.version = clock.agreement_version
