{# An id as it may be published: one that is an e-mail address only as its hash, unless sources.yml publishes personal data. #}
{% macro published_id(column) -%}
    {%- if var('publish_personal_data') -%}
        {{ column }}
    {%- else -%}
        case when {{ column }} like '%_@_%' then 'hash-' || {{ dbt.hash(column) }} else {{ column }} end
    {%- endif -%}
{%- endmacro %}
