select
    person_id,
    email_normalised as email,
    first_name,
    last_name,
    title,
    phone
from {{ ref('int_people_described') }}
