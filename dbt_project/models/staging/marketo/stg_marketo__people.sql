with leads as (

    select * from {{ latest_version(source('raw_marketo', 'lead'), key=['system', 'id']) }} as latest

),

systems as (

    select * from {{ source('raw_sources', 'systems') }}

),

external_ids as (

    select * from {{ fields_of(['prospect']) }} as fields
    where field = 'external_id'

),

losers as (

    select
        system,
        lead_id,
        activity_date,
        loaded_at,
        {{ each_number_in(json_text('attributes', "'Merge IDs'")) }} as loser_id
    from {{ marketo_activities(['merge leads']) }} as merge_activities

),

ends as (

    select
        system,
        loser_id as record_id,
        lead_id as merged_into_record_id,
        activity_date as merged_at,
        cast(null as timestamp) as deleted_at,
        loaded_at
    from losers
    where loser_id <> lead_id

    union all

    select
        system,
        lead_id as record_id,
        cast(null as {{ dbt.type_string() }}) as merged_into_record_id,
        cast(null as timestamp) as merged_at,
        activity_date as deleted_at,
        loaded_at
    from {{ marketo_activities(['delete lead']) }} as deletes
    where lead_id is not null

),

ended as (

    select
        system,
        record_id,
        max_by(merged_into_record_id, merged_at) as merged_into_record_id,
        coalesce(max(merged_at), max(deleted_at)) as ended_at,
        max(loaded_at) as loaded_at
    from ends
    group by system, record_id

),

people as (

    select
        coalesce(leads.system, ended.system) as system,
        coalesce(leads.id, ended.record_id) as record_id,
        leads.email,
        leads.first_name,
        leads.last_name,
        leads.title,
        leads.company,
        leads.website,
        leads.phone,
        leads.country,
        leads.state,
        leads.lead_source,
        leads.lead_score,
        leads.created_at,
        leads.updated_at,
        coalesce(nullif(trim(leads.sfdc_contact_id), ''), nullif(trim(leads.sfdc_lead_id), '')) as linked_record_id,
        leads.extra,
        ended.record_id is not null as is_deleted,
        ended.merged_into_record_id,
        ended.ended_at,
        greatest(coalesce(leads.loaded_at, ended.loaded_at), coalesce(ended.loaded_at, leads.loaded_at)) as loaded_at
    from leads
    full outer join ended on leads.system = ended.system and leads.id = ended.record_id

)

select
    people.system,
    people.record_id,
    'prospect' as object,
    people.email,
    {{ normalised_email('people.email') }} as email_normalised,
    people.first_name,
    people.last_name,
    people.title,
    people.company,
    {{ domain_of('people.website') }} as domain,
    people.phone,
    people.country,
    people.state as region,
    people.lead_source,
    cast(null as {{ dbt.type_string() }}) as owner_id,
    cast(null as {{ dbt.type_string() }}) as account_id,
    people.lead_score as score,
    people.created_at,
    cast(null as date) as created_on,
    coalesce(people.ended_at, people.updated_at) as updated_at,
    cast(null as date) as updated_on,
    people.is_deleted,
    cast(null as {{ dbt.type_string() }}) as converted_to_record_id,
    cast(null as timestamp) as converted_at,
    cast(null as date) as converted_on,
    cast(null as {{ dbt.type_string() }}) as converted_opportunity_id,
    people.merged_into_record_id,
    case when people.linked_record_id is not null then systems.linked_to end as linked_system,
    people.linked_record_id,
    {{ vendor_value('people', 'external_ids', ['email', 'phone']) }} as external_id,
    people.loaded_at
from people
left join systems on people.system = systems.system
left join external_ids on people.system = external_ids.system
