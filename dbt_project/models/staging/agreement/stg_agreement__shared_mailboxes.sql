select
    version,
    mailbox
from {{ source('raw_agreement', 'shared_mailboxes') }}
