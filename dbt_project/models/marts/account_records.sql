with accounts as (

    select
        *,
        matched_system || ' account ' || {{ published_id('matched_account_id') }} as other_record
    from {{ ref('int_accounts_matched') }}

),

record_urls as (

    select * from {{ ref('stg_sources__record_urls') }}
    where object = 'account'

)

select
    accounts.company_id as account_id,
    accounts.system,
    {{ published_id('accounts.account_id') }} as source_account_id,
    {{ record_url('record_urls', 'accounts.account_id') }} as record_url,
    not accounts.is_live as is_deleted,
    accounts.matched_by,
    case accounts.matched_by
        when 'linked_id' then 'linked_id: it names ' || accounts.other_record || ', or is named by it'
        when 'domain' then 'domain: ' || accounts.other_record || ' has the same registered domain'
        when 'name' then 'name: ' || accounts.other_record || ' alone has the same name in the same country'
        else 'only_record: nothing joins it to another record'
    end as evidence
from accounts
left join record_urls on accounts.system = record_urls.system
