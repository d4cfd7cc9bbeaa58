{# A figure in words: a count whole, a rate to three digits, and what no rate can be told of. #}
{% macro figure(value, is_rate) -%}
    coalesce(
        case
            when {{ is_rate }} then cast(round({{ value }}, 3) as {{ dbt.type_string() }})
            else cast(cast({{ value }} as {{ dbt.type_bigint() }}) as {{ dbt.type_string() }})
        end,
        'unknown'
    )
{%- endmacro %}

{# Text as a number; null where it is none. #}
{% macro as_number(text) -%}
    try_cast({{ text }} as double)
{%- endmacro %}
