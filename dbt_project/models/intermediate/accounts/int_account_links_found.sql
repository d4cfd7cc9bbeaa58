with accounts as (

    select * from {{ ref('int_accounts_unioned') }}

),

links_by_id as (

    select accounts.account_rank, others.account_rank as linked_rank
    from accounts
    inner join accounts as others on accounts.linked_system = others.system and accounts.linked_record_id = others.account_id
    where accounts.account_rank <> others.account_rank

),

shared_domains as (

    select accounts.registered_domain
    from accounts
    cross join {{ ref('int_identity_agreed') }} as agreed
    where accounts.is_live and accounts.registered_domain is not null
    group by accounts.registered_domain, agreed.names_at_a_domain
    having count(distinct accounts.name_normalised) > agreed.names_at_a_domain

),

at_a_domain as (

    select accounts.account_rank, min(accounts.account_rank) over (partition by accounts.registered_domain) as linked_rank
    from accounts
    left join shared_domains using (registered_domain)
    where accounts.is_live and accounts.registered_domain is not null and shared_domains.registered_domain is null

),

only_ones_of_a_name as (

    select system, name_normalised, country_normalised, min(account_rank) as account_rank
    from accounts
    where is_live and name_normalised is not null and country_normalised is not null
    group by system, name_normalised, country_normalised
    having count(*) = 1

),

named as (

    select only_ones.*, accounts.registered_domain
    from only_ones_of_a_name as only_ones
    inner join accounts using (account_rank)

)

select account_rank, linked_rank, 'linked_id' as rule, 1 as rule_order from links_by_id
union all
select account_rank, linked_rank, 'domain' as rule, 2 as rule_order from at_a_domain
where account_rank <> linked_rank
union all
select named.account_rank, others.account_rank as linked_rank, 'name' as rule, 3 as rule_order
from named
inner join named as others
    on
        named.name_normalised = others.name_normalised
        and named.country_normalised = others.country_normalised
        and named.system > others.system
where coalesce(named.registered_domain = others.registered_domain, true)
