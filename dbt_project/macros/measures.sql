{# What a table's whole is called, and the part of it that is counted beside it. #}
{% macro measure_of(table_name, count) -%}
    {%- set conversion, handoff, funnel = {
        'whole': ('entered', 'handed_over', 'reached'), 'part': ('converted', 'accepted', 'observed')
    }[count] -%}
    case {{ table_name }} when 'conversion_rates' then '{{ conversion }}' when 'handoffs' then '{{ handoff }}' else '{{ funnel }}' end
{%- endmacro %}
