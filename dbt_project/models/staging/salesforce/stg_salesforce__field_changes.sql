with changes as (

    select * from {{ salesforce_changes() }} as changes

),

machines as (

    select * from {{ salesforce_machines() }} as machines

)

select
    changes.system,
    changes.id || '/' || changes.field as change_id,
    changes.record_id,
    changes.object,
    changes.field,
    changes.old_value,
    changes.new_value,
    changes.changed_at,
    cast(null as date) as changed_on,
    changes.changed_by,
    {{ salesforce_writer('changes.changed_by', 'machines.id') }} as writer,
    changes.loaded_at
from changes
left join machines on changes.system = machines.system and changes.changed_by = machines.id
