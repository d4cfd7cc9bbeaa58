with accounts as (

    select * from {{ ref('int_accounts_unioned') }}

),

clusters as (

    select * from {{ ref('int_accounts_clustered') }}

),

systems as (

    select * from {{ ref('stg_sources__systems') }}

),

links_both_ways as (

    select account_rank, linked_rank, rule, rule_order from {{ ref('int_account_links_found') }}
    union all
    select linked_rank as account_rank, account_rank as linked_rank, rule, rule_order from {{ ref('int_account_links_found') }}

),

strongest_links as (

    select
        account_rank,
        min_by(rule, rule_order * 10000000000 + linked_rank) as rule,
        min_by(linked_rank, rule_order * 10000000000 + linked_rank) as linked_rank
    from links_both_ways
    group by account_rank

),

companies as (

    select clusters.company_rank, {{ hashed(['earliest.system', 'earliest.account_id']) }} as company_id
    from clusters
    inner join accounts as earliest on clusters.company_rank = earliest.account_rank
    where clusters.account_rank = clusters.company_rank

)

select
    companies.company_id,
    accounts.*,
    coalesce(strongest_links.rule, 'only_record') as matched_by,
    others.system as matched_system,
    others.account_id as matched_account_id,
    row_number() over (
        partition by companies.company_id
        order by
            case when accounts.is_live then 0 else 1 end,
            case when systems.role = 'map' then 1 else 0 end,
            accounts.account_rank
    ) as preference
from accounts
inner join clusters using (account_rank)
inner join companies on clusters.company_rank = companies.company_rank
left join systems on accounts.system = systems.system
left join strongest_links on accounts.account_rank = strongest_links.account_rank
left join accounts as others on strongest_links.linked_rank = others.account_rank
