with deals as (

    select * from {{ latest_version(source('raw_hubspot', 'deal'), key=['system', 'id']) }} as latest

),

stages as (

    select
        system,
        pipeline_id,
        id,
        is_closed,
        coalesce(closed_won, is_closed and probability = 1) as is_won
    from {{ latest_version(source('raw_hubspot', 'pipeline_stage'), key=['system', 'pipeline_id', 'id']) }} as latest

),

stages_entered as (

    select system, deal_id as id, nullif(trim(value), '') as stage, max(timestamp) as entered_at
    from {{ source('raw_hubspot', 'deal_property_history') }}
    where name = 'dealstage' and {{ was_known() }}
    group by system, deal_id, nullif(trim(value), '')

),

stages_stamped as (

    select * from {{ hubspot_stages_entered('deals') }} as stamped

),

accounts as (

    select
        system,
        deal_id,
        coalesce(
            min(company_id) filter (where type_id in ('5', '6') or lower(label) like '%primary%'), min(company_id)
        ) as account_id
    from {{ hubspot_associations('deal', 'company') }} as associations
    group by system, deal_id

),

merged as (

    select distinct system, {{ hubspot_each_of('hs_merged_object_ids') }} as id
    from deals
    where hs_merged_object_ids is not null

),

described as (

    select
        deals.*,
        nullif(trim(deals.dealstage), '') as stage_value,
        coalesce(deals.hs_is_closed, stages.is_closed) as is_closed,
        coalesce(deals.hs_is_closed_won, stages.is_won) as is_won,
        coalesce(stages_entered.entered_at, stages_stamped.entered_at) as stage_entered_at,
        accounts.account_id,
        merged.id is not null as is_merged,
        coalesce(systems.timezone, 'UTC') as timezone
    from deals
    left join {{ source('raw_sources', 'systems') }} as systems on deals.system = systems.system
    left join stages
        on deals.system = stages.system and deals.pipeline = stages.pipeline_id and deals.dealstage = stages.id
    left join stages_entered
        on deals.system = stages_entered.system and deals.id = stages_entered.id and deals.dealstage = stages_entered.stage
    left join stages_stamped
        on deals.system = stages_stamped.system and deals.id = stages_stamped.id and deals.dealstage = stages_stamped.stage
    left join accounts on deals.system = accounts.system and deals.id = accounts.deal_id
    left join merged on deals.system = merged.system and deals.id = merged.id

)

select
    system,
    id as opportunity_id,
    account_id,
    cast(null as {{ dbt.type_string() }}) as person_system,
    cast(null as {{ dbt.type_string() }}) as person_record_id,
    dealname as name,
    pipeline,
    cast(null as {{ dbt.type_string() }}) as record_type,
    stage_value,
    amount,
    deal_currency_code as currency,
    is_closed,
    is_won,
    createdate as created_at,
    cast(null as date) as created_on,
    case when is_closed then stage_entered_at end as closed_at,
    cast(null as date) as closed_on,
    {{ calendar_date('closedate', 'cast(null as date)', 'timezone') }} as close_on,
    hubspot_owner_id as owner_id,
    hs_lastmodifieddate as updated_at,
    cast(null as date) as updated_on,
    coalesce(archived, false) or is_merged as is_deleted,
    cast(null as {{ dbt.type_string() }}) as linked_system,
    cast(null as {{ dbt.type_string() }}) as linked_record_id,
    loaded_at
from described
