with opportunities as (

    select * from {{ ref('int_opportunities_staged') }}

),

live_companies as (

    select distinct company_id from {{ ref('int_accounts_matched') }}
    where is_live

),

accounts as (

    select accounts.system, accounts.account_id, live_companies.company_id
    from {{ ref('int_accounts_matched') }} as accounts
    inner join live_companies using (company_id)

),

record_urls as (

    select * from {{ ref('stg_sources__record_urls') }}
    where object = 'opportunity'

)

select
    opportunities.opportunity_id,
    opportunities.system,
    {{ record_url('record_urls', 'opportunities.opportunity_id') }} as record_url,
    accounts.company_id as account_id,
    {{ published_id('opportunities.account_id') }} as source_account_id,
    opportunities.person_id,
    opportunities.pipeline,
    opportunities.stage,
    opportunities.has_ended as is_closed,
    opportunities.has_been_won as is_won,
    opportunities.amount,
    opportunities.currency,
    cast(opportunities.amount_in_agreed_currency as decimal(18, 2)) as amount_in_agreed_currency,
    {{ published_id('opportunities.owner_id') }} as owner_id,
    opportunities.owner_team,
    opportunities.created_at,
    case when opportunities.has_ended then opportunities.ended_at end as closed_at,
    case when opportunities.has_ended then opportunities.ended_on end as closed_on,
    opportunities.is_excluded
from opportunities
left join accounts on opportunities.system = accounts.system and opportunities.account_id = accounts.account_id
left join record_urls on opportunities.system = record_urls.system
