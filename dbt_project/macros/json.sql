{# Everything that an engine may say differently about JSON and about text that holds a list stands here. #}

{# What an object holds under a key, as text; `key` is SQL, so that it may be a column. Null where the key is absent or holds null. #}
{% macro json_text(object, key) -%}
    {{ adapter.dispatch('json_text')(object, key) }}
{%- endmacro %}

{% macro default__json_text(object, key) -%}
    get_json_object({{ object }}, '$["' || {{ key }} || '"]')
{%- endmacro %}

{# By a pointer, not by a path: a path reads some keys, such as one with a quote in it, as more than a name. #}
{% macro duckdb__json_text(object, key) -%}
    json_extract_string({{ object }}, '/' || replace(replace({{ key }}, '~', '~0'), '/', '~1'))
{%- endmacro %}

{# One row per whole number in a text, whatever stands between them: `[12]`, `12,34`, `[12, 34]`. #}
{% macro each_number_in(text) -%}
    {{ adapter.dispatch('each_number_in')(text) }}
{%- endmacro %}

{% macro default__each_number_in(text) -%}
    explode(regexp_extract_all({{ text }}, '[0-9]+', 0))
{%- endmacro %}

{% macro duckdb__each_number_in(text) -%}
    unnest(regexp_extract_all({{ text }}, '[0-9]+'))
{%- endmacro %}
