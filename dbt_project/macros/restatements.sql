{# What makes two shares speak of the same published figure. #}
{% macro figure_key(relation=none) -%}
    {%- for column in ['table_name', 'unit', 'basis', 'month', 'subject', 'measure', 'currency'] -%}
        {{ relation ~ '.' if relation }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro same_figure(a, b) -%}
    {{ a }}.table_name = {{ b }}.table_name
    and {{ a }}.unit = {{ b }}.unit
    and {{ a }}.basis = {{ b }}.basis
    and {{ a }}.month is not distinct from {{ b }}.month
    and {{ a }}.subject = {{ b }}.subject
    and {{ a }}.measure = {{ b }}.measure
    and {{ a }}.currency is not distinct from {{ b }}.currency
{%- endmacro %}

{# Before a build: what an earlier one wrote that was never published, held or killed, is as if it had not been. In a transaction of
   its own: in one, DuckDB does not let rows go and columns come, as they do where a release adds one. #}
{% macro forget(condition) -%}
    {%- if adapter.get_relation(this.database, this.schema, this.identifier) -%}
        delete from {{ this }} where {{ condition }}
    {%- endif -%}
{%- endmacro %}

{% macro forget_builds_without_publication() -%}
    {{ forget('build_id not in (select build_id from ' ~ ref('int_builds_numbered') ~ ')') }}
{%- endmacro %}

{% macro forget_tables_without_publication() -%}
    {{ forget(
        'not exists (select 1 from ' ~ ref('int_builds_published') ~ ' as published where published.build_id = '
        ~ this.identifier ~ '.build_id and published.table_name = ' ~ this.identifier ~ '.table_name)'
    ) }}
{%- endmacro %}

{# What speaks for a cause, about a unit, or only about one stage, month or direction of its shares; a lower order speaks first. #}
{% macro evidenced(order, cause, relation, where='true', stage=none, month=none, on='all', record=true, happened_at=none) -%}
    select
        published_build,
        unit,
        unit_id,
        {{ stage or 'cast(null as ' ~ dbt.type_string() ~ ')' }} as stage,
        {{ month or 'cast(null as date)' }} as month,
        '{{ on }}' as applies_to,
        {{ order }} as evidence_order,
        {{ "'" ~ cause ~ "'" if cause else 'cause' }} as cause,
        {{ 'system' if record else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as system,
        {{ 'record_id' if record else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as record_id,
        {{ happened_at or 'cast(null as timestamp)' }} as happened_at
    from {{ relation }}
    where {{ where }}
{%- endmacro %}
