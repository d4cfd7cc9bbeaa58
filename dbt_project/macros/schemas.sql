{% macro generate_schema_name(custom_schema_name, node) -%}
    {# A layer is a schema of that name, whatever the target's default schema. #}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
