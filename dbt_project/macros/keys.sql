{# A key made of several columns: a hash that no null and no separator inside a value can make collide. #}
{% macro hashed(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(replace(replace(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '~', '~0'), '|', '~1'), '~2')") -%}
    {%- endfor -%}
    {{ dbt.hash("concat_ws('|', " ~ parts | join(', ') ~ ")") }}
{%- endmacro %}
