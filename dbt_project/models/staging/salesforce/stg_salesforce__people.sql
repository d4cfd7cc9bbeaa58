with leads as (

    select * from {{ latest_version(source('raw_salesforce', 'lead'), key=['system', 'id']) }} as latest

),

contacts as (

    select * from {{ latest_version(source('raw_salesforce', 'contact'), key=['system', 'id']) }} as latest

),

systems as (

    select * from {{ source('raw_sources', 'systems') }}

),

external_ids as (

    select * from {{ fields_of(['lead', 'contact']) }} as fields
    where field = 'external_id'

),

links_told as (

    select * from {{ fields_of(['lead', 'contact']) }} as fields
    where field = 'linked_record_id'

),

linked_systems as (

    select linked_to as system, min(system) as linked_system
    from systems
    where linked_to is not null
    group by linked_to
    having count(*) = 1

),

conversions as (

    select system, lead_id, max(created_date) as converted_at
    from {{ source('raw_salesforce', 'lead_history') }}
    where field = 'leadConverted' and {{ was_known() }}
    group by system, lead_id

),

people as (

    select
        leads.system,
        leads.id as record_id,
        'lead' as object,
        leads.email,
        leads.first_name,
        leads.last_name,
        leads.title,
        leads.company,
        {{ domain_of("coalesce(" ~ json_text('leads.extra', "'Website'") ~ ", " ~ json_text('leads.extra', "'website'") ~ ")") }}
            as domain,
        leads.phone,
        leads.country,
        leads.state as region,
        leads.lead_source,
        leads.owner_id,
        cast(null as {{ dbt.type_string() }}) as account_id,
        leads.created_date,
        leads.last_modified_date,
        leads.system_modstamp,
        leads.is_deleted,
        leads.master_record_id,
        case when coalesce(leads.is_converted, true) then leads.converted_contact_id end as converted_contact_id,
        case when coalesce(leads.is_converted, true) then conversions.converted_at end as converted_at,
        case when coalesce(leads.is_converted, true) then leads.converted_date end as converted_date,
        case when coalesce(leads.is_converted, true) then leads.converted_opportunity_id end as converted_opportunity_id,
        {{ vendor_value('leads', 'external_ids', ['id', 'email', 'phone', 'name']) }} as external_id,
        {{ vendor_value('leads', 'links_told', ['id']) }} as linked_record_id,
        leads.loaded_at
    from leads
    left join conversions on leads.system = conversions.system and leads.id = conversions.lead_id
    left join external_ids on leads.system = external_ids.system and external_ids.object = 'lead'
    left join links_told on leads.system = links_told.system and links_told.object = 'lead'

    union all

    select
        contacts.system,
        contacts.id as record_id,
        'contact' as object,
        contacts.email,
        contacts.first_name,
        contacts.last_name,
        contacts.title,
        cast(null as {{ dbt.type_string() }}) as company,
        cast(null as {{ dbt.type_string() }}) as domain,
        contacts.phone,
        contacts.mailing_country as country,
        contacts.mailing_state as region,
        contacts.lead_source,
        contacts.owner_id,
        contacts.account_id,
        contacts.created_date,
        contacts.last_modified_date,
        contacts.system_modstamp,
        contacts.is_deleted,
        contacts.master_record_id,
        cast(null as {{ dbt.type_string() }}) as converted_contact_id,
        cast(null as timestamp) as converted_at,
        cast(null as date) as converted_date,
        cast(null as {{ dbt.type_string() }}) as converted_opportunity_id,
        {{ vendor_value('contacts', 'external_ids', ['id', 'email', 'phone', 'name']) }} as external_id,
        {{ vendor_value('contacts', 'links_told', ['id']) }} as linked_record_id,
        contacts.loaded_at
    from contacts
    left join external_ids on contacts.system = external_ids.system and external_ids.object = 'contact'
    left join links_told on contacts.system = links_told.system and links_told.object = 'contact'

)

select
    people.system,
    people.record_id,
    people.object,
    people.email,
    {{ normalised_email('people.email') }} as email_normalised,
    people.first_name,
    people.last_name,
    people.title,
    people.company,
    people.domain,
    people.phone,
    people.country,
    people.region,
    people.lead_source,
    people.owner_id,
    people.account_id,
    cast(null as double) as score,
    people.created_date as created_at,
    cast(null as date) as created_on,
    coalesce(people.last_modified_date, people.system_modstamp) as updated_at,
    cast(null as date) as updated_on,
    coalesce(people.is_deleted, false) as is_deleted,
    nullif(people.converted_contact_id, '') as converted_to_record_id,
    coalesce(people.converted_at, {{ start_of_day('people.converted_date', 'systems.timezone') }}) as converted_at,
    case when people.converted_at is null then people.converted_date end as converted_on,
    nullif(people.converted_opportunity_id, '') as converted_opportunity_id,
    case when people.is_deleted then nullif(people.master_record_id, '') end as merged_into_record_id,
    case when people.linked_record_id is not null then linked_systems.linked_system end as linked_system,
    case when linked_systems.linked_system is not null then people.linked_record_id end as linked_record_id,
    people.external_id,
    people.loaded_at
from people
left join systems on people.system = systems.system
left join linked_systems on people.system = linked_systems.system
