with contacts as (

    select * from {{ latest_version(source('raw_hubspot', 'contact'), key=['system', 'id']) }} as latest

),

merges_told as (

    select system, id as survivor_id, {{ hubspot_each_of('hs_merged_object_ids') }} as loser, loaded_at
    from contacts
    where hs_merged_object_ids is not null

    union all

    select
        system,
        id as survivor_id,
        {{ hubspot_each_of(hubspot_extra('extra', "'hs_calculated_merged_vids'")) }} as loser,
        loaded_at
    from contacts
    where extra like '%hs_calculated_merged_vids%'

),

merges_heard as (

    select
        system,
        survivor_id,
        nullif(trim(split_part(loser, ':', 1)), '') as loser_id,
        {{ hubspot_time("nullif(trim(split_part(loser, ':', 2)), '')") }} as merged_at,
        loaded_at
    from merges_told

    union all

    select system, contact_id as survivor_id, vid_to_merge as loser_id, timestamp as merged_at, loaded_at
    from {{ source('raw_hubspot', 'contact_merge_audit') }}
    where {{ was_known() }}

),

merges_of_two as (

    select * from merges_heard
    where loser_id <> survivor_id

),

survivors_merged as (

    select distinct system, loser_id from merges_of_two

),

losers as (

    select
        merges_of_two.system,
        merges_of_two.loser_id,
        merges_of_two.survivor_id,
        max(merges_of_two.merged_at) as merged_at,
        min(merges_of_two.loaded_at) as loaded_at,
        row_number() over (
            partition by merges_of_two.system, merges_of_two.loser_id
            order by
                case when max(survivors_merged.loser_id) is null then 0 else 1 end,
                max(merges_of_two.merged_at) desc nulls last,
                merges_of_two.survivor_id
        ) as choice
    from merges_of_two
    left join survivors_merged
        on merges_of_two.system = survivors_merged.system and merges_of_two.survivor_id = survivors_merged.loser_id
    group by merges_of_two.system, merges_of_two.loser_id, merges_of_two.survivor_id

),

merged as (

    select * from losers
    where choice = 1

),

systems as (

    select system, linked_to from {{ source('raw_sources', 'systems') }}

),

external_ids as (

    select system, source_field from {{ source('raw_sources', 'fields') }}
    where object = 'contact' and field = 'external_id'

),

people as (

    select
        contacts.system,
        contacts.id as record_id,
        contacts.email,
        contacts.firstname as first_name,
        contacts.lastname as last_name,
        contacts.jobtitle as title,
        contacts.company,
        {{ hubspot_extra('contacts.extra', "'hs_email_domain'") }} as domain,
        contacts.phone,
        contacts.country,
        contacts.state as region,
        contacts.hs_analytics_source as lead_source,
        contacts.hubspot_owner_id as owner_id,
        contacts.associatedcompanyid as account_id,
        contacts.hubspotscore as score,
        contacts.createdate as created_at,
        coalesce(
            merged.merged_at, case when contacts.archived then contacts.archived_at end, contacts.lastmodifieddate
        ) as updated_at,
        coalesce(contacts.archived, false) or merged.survivor_id is not null as is_deleted,
        merged.survivor_id as merged_into_record_id,
        systems.linked_to,
        coalesce(nullif(trim(contacts.salesforcecontactid), ''), nullif(trim(contacts.salesforceleadid), '')) as linked_record_id,
        {{ hubspot_property('contacts', 'external_ids.source_field', ['email', 'phone', 'associatedcompanyid']) }} as external_id,
        contacts.loaded_at
    from contacts
    left join merged on contacts.system = merged.system and contacts.id = merged.loser_id
    left join systems on contacts.system = systems.system
    left join external_ids on contacts.system = external_ids.system

    union all

    select
        merged.system,
        merged.loser_id as record_id,
        {%- for column in [
            'email', 'first_name', 'last_name', 'title', 'company', 'domain', 'phone', 'country', 'region', 'lead_source',
            'owner_id',
            'account_id', 'score', 'created_at'
        ] %}
        null as {{ column }},
        {%- endfor %}
        merged.merged_at as updated_at,
        true as is_deleted,
        merged.survivor_id as merged_into_record_id,
        null as linked_to,
        null as linked_record_id,
        null as external_id,
        merged.loaded_at
    from merged
    left join contacts on merged.system = contacts.system and merged.loser_id = contacts.id
    where contacts.id is null

)

select
    system,
    record_id,
    'contact' as object,
    email,
    {{ normalised_email('email') }} as email_normalised,
    first_name,
    last_name,
    title,
    company,
    domain,
    phone,
    country,
    region,
    lead_source,
    owner_id,
    account_id,
    score,
    created_at,
    cast(null as date) as created_on,
    updated_at,
    cast(null as date) as updated_on,
    is_deleted,
    cast(null as {{ dbt.type_string() }}) as converted_to_record_id,
    cast(null as timestamp) as converted_at,
    cast(null as date) as converted_on,
    cast(null as {{ dbt.type_string() }}) as converted_opportunity_id,
    merged_into_record_id,
    case when linked_record_id is not null then linked_to end as linked_system,
    case when linked_to is not null then linked_record_id end as linked_record_id,
    external_id,
    loaded_at
from people
