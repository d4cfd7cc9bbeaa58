{# Everything that staging must know of how HubSpot words its records. #}

{# The text of a property that has no column of its own; null where the export does not have it. #}
{% macro hubspot_extra(extra, property) -%}
    nullif(trim({{ json_text(extra, property) }}), '')
{%- endmacro %}

{# The text of whichever property `source_field` names: a column of the raw table, else one of its extra properties. #}
{% macro hubspot_property(record, source_field, columns) -%}
    case {{ source_field }}
        {%- for column in columns %}
        when '{{ column }}' then nullif(trim({{ hubspot_text(record ~ '.' ~ column) }}), '')
        {%- endfor %}
        else {{ hubspot_extra(record ~ '.extra', source_field) }}
    end
{%- endmacro %}

{# A value as HubSpot's property history spells it: a whole number without decimals. #}
{% macro hubspot_text(column) -%}
    regexp_replace(cast({{ column }} as {{ dbt.type_string() }}), '^(-?[0-9]+)\.0$', '\1')
{%- endmacro %}

{# One row for each of the items that HubSpot lists in one text: "1;2;3". #}
{% macro hubspot_each_of(text) -%}
    trim(unnest(string_split({{ text }}, ';')))
{%- endmacro %}

{# HubSpot gives times as ISO 8601 with a Z, and in older exports as milliseconds since 1970. #}
{% macro hubspot_time(text) -%}
    coalesce(try_cast({{ text }} as timestamp), epoch_ms(try_cast({{ text }} as bigint)))
{%- endmacro %}

{# The values that come with a creation are stamped some milliseconds before it: they hold from the creation on. #}
{% macro hubspot_since_creation(changed_at, created_at) -%}
    case
        when {{ changed_at }} < {{ created_at }} and {{ dbt.dateadd('minute', 1, changed_at) }} > {{ created_at }} then {{ created_at }}
        else {{ changed_at }}
    end
{%- endmacro %}

{# Who wrote a value, in the words of all systems, from HubSpot's enumeration of sources. The help pages describe what moves a stage, not
   under which source it is noted: that the company's sync is COMPANIES, or a calculation whose id speaks of a company, and the deal's
   DEALS, is not verified. #}
{% macro hubspot_writer(source, source_id) -%}
    case
        when {{ source }} in ('SALESFORCE', 'INTEGRATIONS_SYNC', 'BET_CRM_CONNECTOR') then 'sync'
        when {{ source }} = 'COMPANIES' then 'company_push'
        when {{ source }} in ('CALCULATED', 'ASSOCIATIONS') and lower({{ source_id }}) like '%company%' then 'company_push'
        when {{ source }} = 'DEALS' then 'sync'
        when {{ source }} in ('MERGE_CONTACTS', 'MERGE_COMPANIES', 'MERGE_OBJECTS') then 'merge'
        when {{ source }} in ('FORM', 'LEADIN', 'MEETINGS') then 'form'
        when {{ source }} in ('IMPORT', 'MIGRATION', 'EMAIL_INBOX_IMPORT') then 'import'
        when {{ source }} in ('API', 'INTEGRATION', 'INTEGRATIONS_PLATFORM', 'EXTENSION') then 'api'
        when
            {{ source }} in (
                'CRM_UI', 'CRM_UI_BULK_ACTION', 'CONTACTS_WEB', 'MOBILE_IOS', 'MOBILE_ANDROID', 'SALES', 'SIDEKICK',
                'BATCH_UPDATE'
            )
            then 'person'
        when {{ source }} is not null then 'workflow'
    end
{%- endmacro %}

{# Who a history row says it was: the owner behind the user where there is one, else the user. #}
{% macro hubspot_user_id(updated_by_user_id, source_id) -%}
    coalesce({{ updated_by_user_id }}, nullif(regexp_extract({{ source_id }}, '^userId:([0-9]+)', 1), ''))
{%- endmacro %}

{# One row per record and stage of which a property says when it was entered: hs_v2_date_entered_<stage>, hs_date_entered_<stage> or
   hs_lifecyclestage_<stage>_date, in this order of trust. `records` has system, id and extra. #}
{% macro hubspot_stages_entered(records) -%}
(
    select
        system,
        id,
        stage,
        min_by(entered_at, trust) as entered_at
    from (
        select
            system,
            id,
            coalesce(
                nullif(regexp_extract(property, '^hs_v2_date_entered_(.+)$', 1), ''),
                nullif(regexp_extract(property, '^hs_date_entered_(.+)$', 1), ''),
                nullif(regexp_extract(property, '^hs_lifecyclestage_(.+)_date$', 1), '')
            ) as stage,
            case when property like 'hs_v2_%' then 1 when property like 'hs_date_%' then 2 else 3 end as trust,
            {{ hubspot_time(hubspot_extra('extra', 'property')) }} as entered_at
        from (
            select system, id, extra, unnest(json_keys(extra)) as property
            from {{ records }} as records
            where extra like '%_date_entered_%' or extra like '%hs_lifecyclestage_%'
        ) as properties
        where property like 'hs_%'
    ) as stages
    where stage is not null and stage <> 'current_stage' and entered_at is not null
    group by system, id, stage
)
{%- endmacro %}

{# Which records of one object belong to which of another, from whichever end the association was read; by its type and label. #}
{% macro hubspot_associations(one, other) -%}
(
    select
        system,
        case when from_object = '{{ one }}' then from_id else to_id end as {{ one }}_id,
        case when from_object = '{{ one }}' then to_id else from_id end as {{ other }}_id,
        type_id,
        nullif(trim(label), '') as label,
        loaded_at
    from {{ latest_version(
        source('raw_hubspot', 'association'), key=['system', 'from_object', 'from_id', 'to_object', 'to_id', 'type_id']
    ) }} as latest
    where (from_object = '{{ one }}' and to_object = '{{ other }}') or (from_object = '{{ other }}' and to_object = '{{ one }}')
)
{%- endmacro %}
