with leads as (

    select * from {{ latest_version(source('raw_marketo', 'lead'), key=['system', 'id']) }} as latest

),

fields as (

    select * from {{ fields_of(['prospect']) }} as fields

),

stages_named as (

    select
        system,
        {{ json_text('attributes', "'New Stage ID'") }} as stage_id,
        {{ json_text('attributes', "'New Stage'") }} as stage_name,
        activity_date
    from {{ marketo_activities(['change revenue stage', 'change revenue stage manually']) }} as changes

    union all

    select
        system,
        {{ json_text('attributes', "'Old Stage ID'") }} as stage_id,
        {{ json_text('attributes', "'Old Stage'") }} as stage_name,
        activity_date
    from {{ marketo_activities(['change revenue stage', 'change revenue stage manually']) }} as changes

),

stage_names as (

    select system, stage_id, max_by(stage_name, activity_date) as stage_name
    from stages_named
    where nullif(trim(stage_name), '') is not null
    group by system, stage_id

),

raw_values as (

    select
        leads.system,
        leads.id as record_id,
        fields.object,
        fields.field,
        fields.source_key,
        {{ vendor_value('leads', 'fields', [
            'lead_revenue_stage_id', 'lead_revenue_cycle_model_id', 'lead_status', 'lead_source', 'title', 'company', 'country',
            'state', 'original_source_type', 'sfdc_type'
        ], numbers=['lead_score']) }} as value,
        leads.loaded_at
    from leads
    inner join fields on leads.system = fields.system

),

current_values as (

    select
        raw_values.system,
        raw_values.record_id,
        raw_values.object,
        raw_values.field,
        coalesce(stage_names.stage_name, raw_values.value) as value,
        raw_values.loaded_at
    from raw_values
    left join stage_names
        on
            raw_values.system = stage_names.system
            and raw_values.source_key = 'leadrevenuestageid'
            and raw_values.value = stage_names.stage_id

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
