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

)

select
    system,
    record_id,
    object,
    field,
    value,
    cast(null as timestamp) as set_at,
    cast(null as date) as set_on,
    cast(null as {{ dbt.type_string() }}) as writer,
    loaded_at
from current_values
