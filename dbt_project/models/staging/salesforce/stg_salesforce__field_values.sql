with fields as (

    select * from {{ fields_of(['lead', 'contact', 'account']) }} as fields

),

leads as (

    select * from {{ latest_version(source('raw_salesforce', 'lead'), key=['system', 'id']) }} as latest

),

contacts as (

    select * from {{ latest_version(source('raw_salesforce', 'contact'), key=['system', 'id']) }} as latest

),

accounts as (

    select * from {{ latest_version(source('raw_salesforce', 'account'), key=['system', 'id']) }} as latest

),

current_values as (

    select
        leads.system,
        leads.id as record_id,
        fields.object,
        fields.field,
        {{ vendor_value('leads', 'fields', [
            'status', 'owner_id', 'lead_source', 'rating', 'industry', 'title', 'company', 'country', 'state', 'is_converted',
            'converted_date', 'number_of_employees'
        ]) }} as value,
        leads.loaded_at
    from leads
    inner join fields on leads.system = fields.system and fields.object = 'lead'

    union all

    select
        contacts.system,
        contacts.id as record_id,
        fields.object,
        fields.field,
        {{ vendor_value('contacts', 'fields', [
            'owner_id', 'account_id', 'lead_source', 'title', 'mailing_country', 'mailing_state'
        ]) }} as value,
        contacts.loaded_at
    from contacts
    inner join fields on contacts.system = fields.system and fields.object = 'contact'

    union all

    select
        accounts.system,
        accounts.id as record_id,
        fields.object,
        fields.field,
        {{ vendor_value('accounts', 'fields', [
            'owner_id', 'industry', 'billing_country', 'parent_id', 'website', 'number_of_employees'
        ]) }} as value,
        accounts.loaded_at
    from accounts
    inner join fields on accounts.system = fields.system and fields.object = 'account'

),

last_changes as (

    select
        system,
        object,
        record_id,
        field,
        max(changed_at) as changed_at,
        max_by(new_value, changed_at) as new_value,
        max_by(changed_by, changed_at) as changed_by
    from {{ salesforce_changes() }} as changes
    group by system, object, record_id, field

),

machines as (

    select * from {{ salesforce_machines() }} as machines

)

select
    current_values.system,
    current_values.record_id,
    current_values.object,
    current_values.field,
    current_values.value,
    last_changes.changed_at as set_at,
    cast(null as date) as set_on,
    {{ salesforce_writer('last_changes.changed_by', 'machines.id') }} as writer,
    current_values.loaded_at
from current_values
left join last_changes
    on
        current_values.system = last_changes.system
        and current_values.object = last_changes.object
        and current_values.record_id = last_changes.record_id
        and current_values.field = last_changes.field
        and current_values.value = last_changes.new_value
left join machines on last_changes.system = machines.system and last_changes.changed_by = machines.id
