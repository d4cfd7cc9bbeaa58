with accounts as (

    select
        *,
        matched_system || ' account ' || {{ published_id('matched_account_id') }} as other_record
    from {{ ref('int_accounts_matched') }}

)

select
    company_id as account_id,
    system,
    {{ published_id('account_id') }} as source_account_id,
    not is_live as is_deleted,
    matched_by,
    case matched_by
        when 'linked_id' then 'linked_id: it names ' || other_record || ', or is named by it'
        when 'domain' then 'domain: ' || other_record || ' has the same registered domain'
        when 'name' then 'name: ' || other_record || ' alone has the same name in the same country'
        else 'only_record: nothing joins it to another record'
    end as evidence
from accounts
