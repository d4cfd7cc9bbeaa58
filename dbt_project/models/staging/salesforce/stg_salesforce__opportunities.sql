with opportunities as (

    select * from {{ latest_version(source('raw_salesforce', 'opportunity'), key=['system', 'id']) }} as latest

),

stage_changes as (

    select system, opportunity_id, trim(new_value) as stage_name, max(created_date) as changed_at
    from {{ source('raw_salesforce', 'opportunity_field_history') }}
    where {{ field_key('field') }} = 'stagename' and {{ was_known() }}
    group by system, opportunity_id, trim(new_value)

)

select
    opportunities.system,
    opportunities.id as opportunity_id,
    opportunities.account_id,
    case when nullif(opportunities.contact_id, '') is not null then opportunities.system end as person_system,
    nullif(opportunities.contact_id, '') as person_record_id,
    opportunities.name,
    opportunities.record_type_id as pipeline,
    opportunities.record_type_id as record_type,
    nullif(trim(opportunities.stage_name), '') as stage_value,
    opportunities.amount,
    opportunities.currency_iso_code as currency,
    opportunities.is_closed,
    opportunities.is_won,
    opportunities.created_date as created_at,
    cast(null as date) as created_on,
    case when opportunities.is_closed then stage_changes.changed_at end as closed_at,
    cast(null as date) as closed_on,
    opportunities.close_date as close_on,
    opportunities.owner_id,
    coalesce(opportunities.last_modified_date, opportunities.system_modstamp) as updated_at,
    cast(null as date) as updated_on,
    coalesce(opportunities.is_deleted, false) as is_deleted,
    cast(null as {{ dbt.type_string() }}) as linked_system,
    cast(null as {{ dbt.type_string() }}) as linked_record_id,
    opportunities.loaded_at
from opportunities
left join stage_changes
    on
        opportunities.system = stage_changes.system
        and opportunities.id = stage_changes.opportunity_id
        and trim(opportunities.stage_name) = stage_changes.stage_name
