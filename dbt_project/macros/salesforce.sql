{# What more than one staging model of Salesforce must say in the same way. #}

{# The users that are machines: Salesforce's own processes, its integrations, and the guest of a public site. #}
{% macro salesforce_machines() -%}
    (
        select system, id
        from {{ latest_version(source('raw_salesforce', 'user'), key=['system', 'id']) }} as every_user
        where user_type in ('AutomatedProcess', 'CloudIntegrationUser', 'Guest')
    )
{%- endmacro %}

{# Changes of mapped fields of leads and contacts. A reference such as the owner is written twice, once with ids and once with names:
   the ids are kept. Rows on events of a record (`created`, `leadConverted`, …) are no mapped field, so they drop out. #}
{% macro salesforce_changes() -%}
    (
        select *
        from (
            select
                *,
                max(case when holds_ids then 1 else 0 end) over (
                    partition by system, object, record_id, field, changed_at
                ) as ids_beside
            from (
                select
                    history.*,
                    fields.field,
                    history.data_type = 'EntityId'
                    or (
                        history.data_type is null
                        and length(coalesce(history.new_value, history.old_value)) in (15, 18)
                        and substring(coalesce(history.new_value, history.old_value), 1, 1) in ('0', 'a')
                        and coalesce(history.new_value, history.old_value) not like '% %'
                    ) as holds_ids
                from (
                    {%- for object in ['lead', 'contact'] %}
                    select
                        system,
                        id,
                        '{{ object }}' as object,
                        {{ object }}_id as record_id,
                        {{ field_key('field') }} as source_key,
                        nullif(trim(old_value), '') as old_value,
                        nullif(trim(new_value), '') as new_value,
                        data_type,
                        created_date as changed_at,
                        created_by_id as changed_by,
                        loaded_at
                    from {{ source('raw_salesforce', object ~ '_history') }}
                    where {{ was_known() }}
                    {%- if not loop.last %}
                    union all
                    {%- endif %}
                    {%- endfor %}
                ) as history
                inner join {{ fields_of(['lead', 'contact']) }} as fields
                    on
                        history.system = fields.system
                        and history.object = fields.object
                        and fields.source_key in (history.source_key, history.source_key || 'id')
            ) as mapped
        ) as beside
        where coalesce(holds_ids, false) or ids_beside = 0
    )
{%- endmacro %}

{# Who wrote a change, in the one vocabulary of all vendors, from its user and that user among the machines. #}
{% macro salesforce_writer(changed_by, machine) -%}
    case when {{ machine }} is not null then 'sync' when {{ changed_by }} is not null then 'person' end
{%- endmacro %}
