select
    version,
    domain
from {{ source('raw_agreement', 'free_mail_domains') }}
