{# Text by which two spellings of a name are one: lower case, without accents, every run of other signs one space; null when nothing is left. #}
{% macro plain_text(text) -%}
    nullif(trim(regexp_replace(strip_accents(lower({{ text }})), '[^\pL\pN]+', ' ', 'g')), '')
{%- endmacro %}

{# A person's name by which two records are compared; null where a record has none. #}
{% macro normalised_name(first_name, last_name) -%}
    {{ plain_text("concat_ws(' ', " ~ first_name ~ ", " ~ last_name ~ ")") }}
{%- endmacro %}

{# A record in words, as it may be published. #}
{% macro record_in_words(record) -%}
    {{ record }}.system || ' ' || {{ record }}.object || ' ' || {{ published_id(record ~ '.record_id') }}
{%- endmacro %}
