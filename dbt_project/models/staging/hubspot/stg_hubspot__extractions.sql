{%- set fed_by = {
    'people': ['contact', 'contact_merge_audit'],
    'field_values': ['contact', 'company'],
    'field_changes': ['contact_property_history', 'company_property_history'],
    'accounts': ['company'],
    'opportunities': ['deal'],
    'opportunity_changes': ['deal_property_history'],
    'opportunity_people': ['association'],
    'activities': ['engagement', 'association', 'form_submission', 'email_event'],
    'campaigns': ['email_campaign'],
    'users': ['owner']
} -%}

with feeds as (

    {%- for object, tables in fed_by.items() %}
    {%- for table in tables %}
    select '{{ object }}' as object, '{{ table }}' as raw_table
    {{- ' union all' if not (loop.last and object == 'users') }}
    {%- endfor %}
    {%- endfor %}

),

extracted as (

    select
        feeds.object,
        extractions.system,
        extractions.object as raw_table,
        extractions.loaded_at,
        max(extractions.complete_through) as complete_through,
        max(extractions.rows_landed) as rows_landed,
        max(extractions.rows_at_source) as rows_at_source
    from {{ source('raw_hubspot', 'extractions') }} as extractions
    inner join feeds on extractions.object = feeds.raw_table
    where {{ was_known('extractions.loaded_at') }}
    group by feeds.object, extractions.system, extractions.object, extractions.loaded_at

),

loads as (

    select
        object,
        system,
        loaded_at,
        sum(rows_landed) as rows_landed,
        sum(rows_at_source) as rows_at_source
    from extracted
    group by object, system, loaded_at

),

known_then as (

    select
        loads.object,
        loads.system,
        loads.loaded_at,
        extracted.raw_table,
        max(extracted.complete_through) as complete_through
    from loads
    inner join extracted
        on
            loads.object = extracted.object
            and loads.system = extracted.system
            and extracted.loaded_at <= loads.loaded_at
    group by loads.object, loads.system, loads.loaded_at, extracted.raw_table

)

select
    loads.system,
    loads.object,
    loads.loaded_at,
    cast(null as date) as loaded_on,
    min(known_then.complete_through) as complete_through,
    cast(min(loads.rows_landed) as {{ dbt.type_bigint() }}) as rows_landed,
    cast(min(loads.rows_at_source) as {{ dbt.type_bigint() }}) as rows_at_source
from loads
inner join known_then using (object, system, loaded_at)
group by loads.system, loads.object, loads.loaded_at
