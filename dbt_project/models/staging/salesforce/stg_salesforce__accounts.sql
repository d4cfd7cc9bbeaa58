select
    system,
    id as account_id,
    name,
    {{ domain_of('website') }} as domain,
    industry,
    number_of_employees as employees,
    billing_country as country,
    parent_id as parent_account_id,
    owner_id,
    created_date as created_at,
    cast(null as date) as created_on,
    coalesce(is_deleted, false) as is_deleted,
    cast(null as {{ dbt.type_string() }}) as linked_system,
    cast(null as {{ dbt.type_string() }}) as linked_record_id,
    loaded_at
from {{ latest_version(source('raw_salesforce', 'account'), key=['system', 'id']) }} as latest
