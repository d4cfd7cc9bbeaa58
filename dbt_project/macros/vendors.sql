{# What the staging models of several vendors have in common: fields by the names that sources.yml gives them. #}

{# A vendor's field name without the differences between API, export and display spelling. #}
{% macro field_key(name) -%}
    lower(replace(replace({{ name }}, '_', ''), ' ', ''))
{%- endmacro %}

{# The fields of one kind's systems that the agreement may read: system, object, field, source_field, source_key. #}
{% macro fields_of(objects) -%}
    (
        select system, object, field, source_field, {{ field_key('source_field') }} as source_key
        from {{ source('raw_sources', 'fields') }}
        where object in ({% for object in objects %}'{{ object }}'{{ ', ' if not loop.last }}{% endfor %})
    )
{%- endmacro %}

{# The value that a raw row has for a mapped field: a declared column, or what `extra` holds under the vendor's own spelling. #}
{% macro vendor_value(row, field, columns, numbers=[]) -%}
    nullif(trim(
        case {{ field }}.source_key
            {%- for column in columns %}
            when '{{ column | replace("_", "") }}' then cast({{ row }}.{{ column }} as {{ dbt.type_string() }})
            {%- endfor %}
            {%- for column in numbers %}
            when '{{ column | replace("_", "") }}' then {{ number_text(row ~ '.' ~ column) }}
            {%- endfor %}
            else {{ json_text(row ~ '.extra', field ~ '.source_field') }}
        end
    ), '')
{%- endmacro %}

{# A number as vendors write it: a whole one without a decimal point. #}
{% macro number_text(number) -%}
    case
        when {{ number }} = floor({{ number }}) then cast(cast({{ number }} as {{ dbt.type_bigint() }}) as {{ dbt.type_string() }})
        else cast({{ number }} as {{ dbt.type_string() }})
    end
{%- endmacro %}

{# The domain in a website's address: no scheme, no user, no www, no port, no path; null where there is none. #}
{% macro domain_of(website) -%}
    nullif(
        regexp_extract(
            lower(trim({{ website }})), '^([a-z][a-z0-9+.-]*://)?([^/@]*@)?(www[.])?([^/:?#@ ]+[.][^/:?#@. ]+)', 4
        ), ''
    )
{%- endmacro %}

{# The first instant of a date in a system's zone. #}
{% macro start_of_day(date, zone) -%}
    {{ utc_time('cast(' ~ date ~ ' as timestamp)', "coalesce(" ~ zone ~ ", 'UTC')") }}
{%- endmacro %}

{# Loads of raw tables as loads of exchange tables, one row per system, object and load: complete as far as the one of its raw tables
   that is complete least. `feeds`: exchange table → the raw tables that feed it. A raw table that a load did not read is as it was. #}
{% macro extractions_of(extractions, feeds) -%}
with feeds as (

    {%- for object, tables in feeds.items() %}
    {%- set is_last_object = loop.last %}
    {%- for table in tables %}
    select '{{ object }}' as object, '{{ table }}' as raw_table
    {{- ' union all' if not (is_last_object and loop.last) }}
    {%- endfor %}
    {%- endfor %}

),

extracted as (

    select
        system,
        object as raw_table,
        loaded_at,
        max(complete_through) as complete_through,
        max(rows_landed) as rows_landed,
        max(rows_at_source) as rows_at_source
    from {{ extractions }}
    where {{ was_known() }}
    group by system, object, loaded_at

),

loads as (

    select distinct extracted.system, feeds.object, extracted.loaded_at
    from extracted
    inner join feeds on extracted.raw_table = feeds.raw_table

),

reached as (

    select
        loads.system,
        loads.object,
        loads.loaded_at,
        extracted.rows_landed,
        extracted.rows_at_source,
        max(extracted.complete_through) over (
            partition by loads.system, loads.object, feeds.raw_table order by loads.loaded_at rows unbounded preceding
        ) as complete_through
    from loads
    inner join feeds on loads.object = feeds.object
    left join extracted
        on
            loads.system = extracted.system
            and loads.loaded_at = extracted.loaded_at
            and feeds.raw_table = extracted.raw_table

)

select
    system,
    object,
    loaded_at,
    cast(null as date) as loaded_on,
    min(complete_through) as complete_through,
    cast(sum(rows_landed) as {{ dbt.type_bigint() }}) as rows_landed,
    cast(
        case when count(rows_at_source) = count(rows_landed) then sum(rows_at_source) end as {{ dbt.type_bigint() }}
    ) as rows_at_source
from reached
group by system, object, loaded_at
{%- endmacro %}

{# Loads as they were noted, of a kind's own objects: one row per system, object and load. Only a kind that has an API (`has_api`) can be
   asked for nothing but what is new; an earlier release asked for all of it. #}
{% macro loads_of(extractions, known_by='loaded_at', has_api=true) -%}
select
    system,
    object,
    loaded_at,
    max(complete_through) as complete_through,
    max(rows_landed) as rows_landed,
    max(rows_at_source) as rows_at_source,
    max(rows_held) as rows_held,
    {%- if has_api %}
    coalesce({{ dbt.bool_or('is_increment') }}, false) as is_increment,
    max(rows_missed) as rows_missed,
    max(sweep_every_days) as sweep_every_days
    {%- else %}
    false as is_increment,
    cast(null as {{ dbt.type_bigint() }}) as rows_missed,
    cast(null as {{ dbt.type_bigint() }}) as sweep_every_days
    {%- endif %}
from {{ extractions }}
where {{ was_known(known_by) }}
group by system, object, loaded_at
{%- endmacro %}
