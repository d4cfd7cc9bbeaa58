{{ config(materialized='view') }}

with excluded_people as (

    select person_id from {{ ref('int_people_described') }}
    where is_excluded

),

excluded_opportunities as (

    select system, opportunity_id from {{ ref('int_opportunities_described') }}
    where is_excluded

)

select
    'record' as kind,
    records.system,
    records.record_id,
    records.person_id,
    case
        when records.merged_into_record_id is not null then 'merged'
        when records.is_deleted then 'deleted'
        when excluded_people.person_id is not null then 'excluded'
        when records.converted_to_record_id is not null then 'converted'
        else 'live'
    end as state,
    records.created_at,
    records.updated_at,
    records.loaded_at
from {{ ref('int_people_matched') }} as records
left join excluded_people using (person_id)

union all

select
    'opportunity' as kind,
    opportunities.system,
    opportunities.opportunity_id as record_id,
    cast(null as {{ dbt.type_string() }}) as person_id,
    case
        when opportunities.is_deleted then 'deleted'
        when excluded_opportunities.opportunity_id is not null then 'excluded'
        else 'live'
    end as state,
    opportunities.created_at,
    opportunities.updated_at,
    opportunities.loaded_at
from {{ ref('int_opportunities_unioned') }} as opportunities
left join excluded_opportunities
    on
        opportunities.system = excluded_opportunities.system
        and opportunities.opportunity_id = excluded_opportunities.opportunity_id
