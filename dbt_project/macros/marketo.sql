{# What more than one staging model of Marketo must say in the same way. #}

{# Activity types by their lower-case name, as the subscription numbers them; where it brought no types, as most subscriptions do. #}
{% macro marketo_activity_types() -%}
    {%- set usual = {
        1: 'visit webpage', 2: 'fill out form', 3: 'click link', 10: 'open email', 11: 'click email', 13: 'change data value',
        22: 'change score', 32: 'merge leads', 37: 'delete lead', 40: 'open sales email', 41: 'click sales email',
        101: 'change revenue stage', 102: 'change revenue stage manually', 104: 'change status in progression',
    } -%}
    (
        select system, id as activity_type_id, lower(trim(name)) as activity
        from {{ latest_version(source('raw_marketo', 'activity_type'), key=['system', 'id']) }} as brought
        union all
        select systems.system, usual.activity_type_id, usual.activity
        from {{ source('raw_sources', 'systems') }} as systems
        cross join (
            {%- for id, name in usual.items() %}
            select {{ id }} as activity_type_id, '{{ name }}' as activity
            {%- if not loop.last %} union all {% endif %}
            {%- endfor %}
        ) as usual
        where
            systems.kind = 'marketo'
            and systems.system not in (
                select system from {{ source('raw_marketo', 'activity_type') }} where {{ was_known() }}
            )
    )
{%- endmacro %}

{# Activities of some types, which the few kept rows are chosen by before anything of them is read as JSON. #}
{% macro marketo_activities(activities) -%}
    (
        select raw_activities.*, types.activity
        from {{ source('raw_marketo', 'activity') }} as raw_activities
        inner join {{ marketo_activity_types() }} as types
            on
                raw_activities.system = types.system
                and raw_activities.activity_type_id = types.activity_type_id
                and types.activity in ({% for activity in activities %}'{{ activity }}'{{ ', ' if not loop.last }}{% endfor %})
        where {{ was_known('raw_activities.loaded_at') }}
    )
{%- endmacro %}

{# Changes of mapped fields. A change of a revenue stage says the stage's name at that time; other changes name their field as Marketo
   shows it (`Lead Status`) or as its API spells it (`leadStatus`), a field from Salesforce without its `__c`. #}
{% macro marketo_changes() -%}
    (
        select
            activities.system,
            activities.marketo_guid,
            activities.lead_id as record_id,
            'prospect' as object,
            fields.field,
            nullif(trim(
                case when activities.changed_key = 'leadrevenuestageid'
                    then coalesce(
                        {{ json_text('activities.attributes', "'Old Stage'") }},
                        {{ json_text('activities.attributes', "'Old Stage ID'") }}
                    )
                    else {{ json_text('activities.attributes', "'Old Value'") }}
                end
            ), '') as old_value,
            nullif(trim(
                case when activities.changed_key = 'leadrevenuestageid'
                    then coalesce(
                        {{ json_text('activities.attributes', "'New Stage'") }},
                        {{ json_text('activities.attributes', "'New Stage ID'") }}
                    )
                    else {{ json_text('activities.attributes', "'New Value'") }}
                end
            ), '') as new_value,
            activities.activity_date as changed_at,
            nullif({{ json_text('activities.attributes', "'Modifying User'") }}, '') as changed_by,
            coalesce(
                {{ marketo_writer(json_text('activities.attributes', "'Source'")) }},
                {{ marketo_writer(json_text('activities.attributes', "'Reason'")) }},
                case activities.activity
                    when 'change revenue stage manually' then 'person'
                    when 'change revenue stage' then 'workflow'
                    when 'change score' then 'workflow'
                end
            ) as writer,
            activities.loaded_at
        from (
            select
                *,
                case
                    when activity like 'change revenue stage%' then 'leadrevenuestageid'
                    else {{ field_key('primary_attribute_value') }}
                end as changed_key
            from {{ marketo_activities([
                'change data value', 'change score', 'change revenue stage', 'change revenue stage manually'
            ]) }} as changed
        ) as activities
        inner join (
            select system, object, field, source_key as changed_key
            from {{ fields_of(['prospect']) }} as spelled
            union
            select system, object, field, substring(source_key, 1, length(source_key) - 1) as changed_key
            from {{ fields_of(['prospect']) }} as spelled
            where substring(source_field, length(source_field) - 2) = '__c'
        ) as fields
            on activities.system = fields.system and activities.changed_key = fields.changed_key
    )
{%- endmacro %}

{# Who wrote a change, in the one vocabulary of all vendors, from the words in which Marketo gives its source or its reason. #}
{% macro marketo_writer(words) -%}
    case
        when lower({{ words }}) like '%merge%' then 'merge'
        when lower({{ words }}) like '%flow%' or lower({{ words }}) like '%campaign%' then 'workflow'
        when
            lower({{ words }}) like '%salesforce%' or lower({{ words }}) like '%sfdc%' or lower({{ words }}) like '%crm%'
            or lower({{ words }}) like '%sync%'
            then 'sync'
        when lower({{ words }}) like '%form%' then 'form'
        when lower({{ words }}) like '%import%' then 'import'
        when lower({{ words }}) like '%api%' or lower({{ words }}) like '%web service%' then 'api'
        when lower({{ words }}) like '%user%' or lower({{ words }}) like '%manual%' then 'person'
    end
{%- endmacro %}
