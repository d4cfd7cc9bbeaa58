select
    version,
    team,
    member
from {{ source('raw_agreement', 'team_members') }}
