{# The causes of lifecycle.md, in the order in which they are tried: identity, vocabulary, transport and people. #}
{% macro causes() -%}
    {{ return([
        'deleted_record', 'merged_record', 'conversion_gap', 'duplicate_record', 'missing_record', 'unmapped_value',
        'no_contact_role', 'account_push', 'forward_only', 'not_synced', 'conflict'
    ]) }}
{%- endmacro %}

{% macro cause_order(cause) -%}
    case {{ cause }}
        {%- for name in causes() %} when '{{ name }}' then {{ loop.index }}{% endfor %}
    end
{%- endmacro %}

{% macro other_side(side) -%}
    case {{ side }} when 'crm' then 'map' else 'crm' end
{%- endmacro %}

{# A value as its system spells it, with the stage that it means where the two differ: 1043550021 (sal). #}
{% macro value_in_words(value, stage) -%}
    {{ value }} || case when lower({{ value }}) <> {{ stage }} then ' (' || {{ stage }} || ')' else '' end
{%- endmacro %}

{# What all people of a work item have in common; null where they differ or one has none. #}
{% macro shared_by_all(column) -%}
    case when count({{ column }}) = count(*) and min({{ column }}) = max({{ column }}) then min({{ column }}) end
{%- endmacro %}
