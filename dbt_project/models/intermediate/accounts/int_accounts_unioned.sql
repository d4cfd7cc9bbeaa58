with accounts as (

    {{ every_system('accounts') }}

),

domains as (

    select * from {{ ref('int_domains_registered') }}

)

select
    row_number() over (
        order by
            case when accounts.created_at is null then 1 else 0 end, accounts.created_at, accounts.system, accounts.account_id
    ) as account_rank,
    accounts.system,
    accounts.account_id,
    accounts.name,
    accounts.domain,
    not coalesce(accounts.is_deleted, false) as is_live,
    accounts.linked_system,
    accounts.linked_record_id,
    {{ normalised_company('accounts.name') }} as name_normalised,
    {{ plain_text('accounts.country') }} as country_normalised,
    case when not domains.is_free_mail then domains.registered_domain end as registered_domain
from accounts
left join domains on {{ domain_of('accounts.domain') }} = domains.domain
