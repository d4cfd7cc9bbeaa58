select
    cast(null as {{ dbt.type_string() }}) as system,
    cast(null as {{ dbt.type_string() }}) as opportunity_id,
    cast(null as {{ dbt.type_string() }}) as record_id,
    cast(null as {{ dbt.type_string() }}) as role,
    cast(null as boolean) as is_primary,
    cast(null as timestamp) as added_at,
    cast(null as date) as added_on,
    cast(null as timestamp) as loaded_at
from {{ source('raw_marketo', 'lead') }}
where false
