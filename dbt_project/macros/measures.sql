{# What a table's whole is called, and the part of it that is counted beside it. #}
{% macro measure_of(table_name, count) -%}
    {%- set conversion, funnel = {'whole': ('entered', 'reached'), 'part': ('converted', 'observed')}[count] -%}
    case {{ table_name }} when 'conversion_rates' then '{{ conversion }}' else '{{ funnel }}' end
{%- endmacro %}
