select
    system,
    id as change_id,
    opportunity_id,
    nullif(trim(old_value), '') as old_value,
    nullif(trim(new_value), '') as new_value,
    created_date as changed_at,
    cast(null as date) as changed_on,
    created_by_id as changed_by,
    loaded_at
from {{ source('raw_salesforce', 'opportunity_field_history') }}
where {{ field_key('field') }} = 'stagename' and nullif(trim(new_value), '') is not null and {{ was_known() }}
