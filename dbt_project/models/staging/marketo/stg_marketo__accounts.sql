select
    cast(null as {{ dbt.type_string() }}) as system,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as name,
    cast(null as {{ dbt.type_string() }}) as domain,
    cast(null as {{ dbt.type_string() }}) as industry,
    cast(null as {{ dbt.type_bigint() }}) as employees,
    cast(null as {{ dbt.type_string() }}) as country,
    cast(null as {{ dbt.type_string() }}) as parent_account_id,
    cast(null as {{ dbt.type_string() }}) as owner_id,
    cast(null as timestamp) as created_at,
    cast(null as date) as created_on,
    cast(null as boolean) as is_deleted,
    cast(null as {{ dbt.type_string() }}) as linked_system,
    cast(null as {{ dbt.type_string() }}) as linked_record_id,
    cast(null as timestamp) as loaded_at
from {{ source('raw_marketo', 'lead') }}
where false
