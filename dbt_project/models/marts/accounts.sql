with accounts as (

    select *
    from ({{ every_system('accounts') }}) as every_account
    where not coalesce(is_deleted, false)

),

people_per_account as (

    select account_system as system, account_id, count(*) as people_count
    from {{ ref('int_people_described') }}
    where account_id is not null
    group by account_system, account_id

),

opportunities_per_account as (

    select
        system,
        account_id,
        count(case when not has_ended then 1 end) as open_opportunity_count,
        sum(case when has_been_won then amount_in_agreed_currency end) as won_amount
    from {{ ref('int_opportunities_staged') }}
    where account_id is not null
    group by system, account_id

)

select
    accounts.system,
    accounts.account_id,
    {{ published_id('accounts.name') }} as name,
    {{ published_id('accounts.domain') }} as domain,
    cast(coalesce(people_per_account.people_count, 0) as {{ dbt.type_bigint() }}) as people_count,
    cast(coalesce(opportunities_per_account.open_opportunity_count, 0) as {{ dbt.type_bigint() }}) as open_opportunity_count,
    cast(coalesce(opportunities_per_account.won_amount, 0) as decimal(18, 2)) as won_amount
from accounts
left join people_per_account using (system, account_id)
left join opportunities_per_account using (system, account_id)
