{# An id as it may be published: one that is an e-mail address only as its hash, unless sources.yml publishes personal data. #}
{% macro published_id(column) -%}
    {%- if var('publish_personal_data') -%}
        {{ column }}
    {%- else -%}
        case when {{ column }} like '%_@_%' then 'hash-' || {{ dbt.hash(column) }} else {{ column }} end
    {%- endif -%}
{%- endmacro %}

{# The address of a record in its system, by the template of sources.yml; none where the id may not be published: it would lead nowhere. #}
{% macro record_url(record_urls, record_id) -%}
    case
        when {{ published_id(record_id) }} = {{ record_id }} then replace({{ record_urls }}.template, '{record_id}', {{ record_id }})
    end
{%- endmacro %}
