with accounts as (

    select * from {{ ref('int_accounts_matched') }}

),

speaking as (

    select * from accounts
    where preference = 1 and is_live

),

described as (

    select
        company_id,
        min_by(name, preference) filter (where name is not null) as name,
        min_by(coalesce(registered_domain, domain), preference) filter (where domain is not null) as domain
    from accounts
    where is_live
    group by company_id

),

people_per_company as (

    select company_id, count(*) as people_count
    from {{ ref('int_people_accounted') }}
    where company_id is not null
    group by company_id

),

opportunities_per_company as (

    select
        accounts.company_id,
        count(case when not opportunities.has_ended then 1 end) as open_opportunity_count,
        sum(case when opportunities.has_been_won then opportunities.amount_in_agreed_currency end) as won_amount
    from {{ ref('int_opportunities_staged') }} as opportunities
    inner join accounts using (system, account_id)
    group by accounts.company_id

)

select
    speaking.company_id as account_id,
    speaking.system,
    {{ published_id('speaking.account_id') }} as source_account_id,
    {{ published_id('described.name') }} as name,
    {{ published_id('described.domain') }} as domain,
    cast(coalesce(people_per_company.people_count, 0) as {{ dbt.type_bigint() }}) as people_count,
    cast(coalesce(opportunities_per_company.open_opportunity_count, 0) as {{ dbt.type_bigint() }}) as open_opportunity_count,
    cast(coalesce(opportunities_per_company.won_amount, 0) as decimal(18, 2)) as won_amount
from speaking
left join described using (company_id)
left join people_per_company using (company_id)
left join opportunities_per_company using (company_id)
