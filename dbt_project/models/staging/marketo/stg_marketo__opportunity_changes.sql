select
    cast(null as {{ dbt.type_string() }}) as system,
    cast(null as {{ dbt.type_string() }}) as change_id,
    cast(null as {{ dbt.type_string() }}) as opportunity_id,
    cast(null as {{ dbt.type_string() }}) as old_value,
    cast(null as {{ dbt.type_string() }}) as new_value,
    cast(null as timestamp) as changed_at,
    cast(null as date) as changed_on,
    cast(null as {{ dbt.type_string() }}) as changed_by,
    cast(null as timestamp) as loaded_at
from {{ source('raw_marketo', 'lead') }}
where false
