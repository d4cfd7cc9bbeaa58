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
