{# The last value of an expression that is not null, in the frame of the window that follows. #}
{% macro last_known(expression) -%}
    {{ adapter.dispatch('last_known')(expression) }}
{%- endmacro %}

{% macro default__last_known(expression) -%}
    last_value({{ expression }}) ignore nulls
{%- endmacro %}

{% macro duckdb__last_known(expression) -%}
    last_value({{ expression }} ignore nulls)
{%- endmacro %}
