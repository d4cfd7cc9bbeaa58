select
    cast(null as {{ dbt.type_string() }}) as system,
    cast(null as {{ dbt.type_string() }}) as user_id,
    cast(null as {{ dbt.type_string() }}) as name,
    cast(null as {{ dbt.type_string() }}) as email,
    cast(null as {{ dbt.type_string() }}) as kind,
    cast(null as boolean) as is_active,
    cast(null as timestamp) as loaded_at
from {{ source('raw_marketo', 'lead') }}
where false
