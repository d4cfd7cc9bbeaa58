with fields as (

    select system, object, field, source_field
    from {{ source('raw_sources', 'fields') }}
    where object in ('contact', 'account') and field <> 'external_id'

),

contacts as (

    select * from {{ latest_version(source('raw_hubspot', 'contact'), key=['system', 'id']) }} as latest

),

companies as (

    select * from {{ latest_version(source('raw_hubspot', 'company'), key=['system', 'id']) }} as latest

),

current_values as (

    select
        contacts.system,
        'contact' as object,
        contacts.id,
        fields.field,
        {{ hubspot_property('contacts', 'fields.source_field', [
            'lifecyclestage', 'hs_lead_status', 'hubspot_owner_id', 'hubspotscore', 'jobtitle', 'company', 'country', 'state',
            'hs_analytics_source'
        ]) }} as value,
        contacts.createdate as created_at,
        contacts.loaded_at
    from contacts
    inner join fields on contacts.system = fields.system and fields.object = 'contact'

    union all

    select
        companies.system,
        'account' as object,
        companies.id,
        fields.field,
        {{ hubspot_property('companies', 'fields.source_field', [
            'lifecyclestage', 'hubspot_owner_id', 'industry', 'country'
        ]) }} as value,
        companies.createdate as created_at,
        companies.loaded_at
    from companies
    inner join fields on companies.system = fields.system and fields.object = 'account'

),

history as (

    select system, 'contact' as object, contact_id as id, name, timestamp, value, source, source_id
    from {{ source('raw_hubspot', 'contact_property_history') }}
    where {{ was_known() }}

    union all

    select system, 'account' as object, company_id as id, name, timestamp, value, source, source_id
    from {{ source('raw_hubspot', 'company_property_history') }}
    where {{ was_known() }}

),

last_noted as (

    select
        history.system,
        history.object,
        history.id,
        fields.field,
        max(history.timestamp) as noted_at,
        max_by(nullif(trim(history.value), ''), history.timestamp) as value,
        max_by({{ hubspot_writer('history.source', 'history.source_id') }}, history.timestamp) as writer
    from history
    inner join fields
        on history.system = fields.system and history.object = fields.object and history.name = fields.source_field
    group by history.system, history.object, history.id, fields.field

),

stages_stamped as (

    select system, 'contact' as object, id, stage, entered_at from {{ hubspot_stages_entered('contacts') }} as of_contacts
    union all
    select system, 'account' as object, id, stage, entered_at from {{ hubspot_stages_entered('companies') }} as of_companies

),

stages_entered as (

    select
        stages_stamped.system,
        stages_stamped.object,
        stages_stamped.id,
        fields.field,
        stages_stamped.stage,
        stages_stamped.entered_at
    from stages_stamped
    inner join fields
        on
            stages_stamped.system = fields.system
            and stages_stamped.object = fields.object
            and fields.source_field = 'lifecyclestage'

)

select
    current_values.system,
    current_values.id as record_id,
    current_values.object,
    current_values.field,
    current_values.value,
    {{ hubspot_since_creation(
        'coalesce(last_noted.noted_at, stages_entered.entered_at)', 'current_values.created_at'
    ) }} as set_at,
    cast(null as date) as set_on,
    last_noted.writer,
    current_values.loaded_at
from current_values
left join last_noted
    on
        current_values.system = last_noted.system
        and current_values.object = last_noted.object
        and current_values.id = last_noted.id
        and current_values.field = last_noted.field
        and current_values.value = last_noted.value
left join stages_entered
    on
        current_values.system = stages_entered.system
        and current_values.object = stages_entered.object
        and current_values.id = stages_entered.id
        and current_values.field = stages_entered.field
        and current_values.value = stages_entered.stage
where current_values.value is not null
