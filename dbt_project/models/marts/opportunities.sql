select
    opportunity_id,
    system,
    account_id,
    person_id,
    pipeline,
    stage,
    has_ended as is_closed,
    has_been_won as is_won,
    amount,
    currency,
    cast(amount_in_agreed_currency as decimal(18, 2)) as amount_in_agreed_currency,
    {{ published_id('owner_id') }} as owner_id,
    owner_team,
    created_at,
    case when has_ended then ended_at end as closed_at,
    case when has_ended then ended_on end as closed_on,
    is_excluded
from {{ ref('int_opportunities_staged') }}
