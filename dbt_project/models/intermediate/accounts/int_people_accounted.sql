with people as (

    select * from {{ ref('int_people_described') }}

),

accounts as (

    select * from {{ ref('int_accounts_matched') }}

),

live_companies as (

    select distinct company_id from accounts
    where is_live

),

companies_at_domains as (

    select registered_domain, min(company_id) as company_id
    from accounts
    where is_live and registered_domain is not null
    group by registered_domain
    having min(company_id) = max(company_id)

),

domains as (

    select domain, registered_domain from {{ ref('int_domains_registered') }}
    where not is_free_mail

),

accounted as (

    select people.person_id, people.account_id, accounts.company_id, companies_at_domains.company_id as company_at_domain
    from people
    left join accounts on people.account_system = accounts.system and people.account_id = accounts.account_id
    left join domains on {{ dbt.split_part('people.email_normalised', "'@'", 2) }} = domains.domain
    left join companies_at_domains on domains.registered_domain = companies_at_domains.registered_domain

)

select
    accounted.person_id,
    case when accounted.account_id is null then accounted.company_at_domain else live_companies.company_id end as company_id,
    case
        when live_companies.company_id is not null then 'record'
        when accounted.account_id is null and accounted.company_at_domain is not null then 'email_domain'
    end as matched_by
from accounted
left join live_companies using (company_id)
