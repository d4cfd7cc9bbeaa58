{# A key made of several columns: a hash that no null and no separator inside a value can make collide. #}
{% macro hashed(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(replace(replace(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '~', '~0'), '|', '~1'), '~2')") -%}
    {%- endfor -%}
    {{ dbt.hash("concat_ws('|', " ~ parts | join(', ') ~ ")") }}
{%- endmacro %}

{# One person's e-mail has one normal form: trimmed and lower-cased, nothing else (+tag and dots are kept); text that cannot be an
   address (no single @ with something on both sides, or white space inside) is no e-mail and joins nobody. #}
{% macro normalised_email(email) -%}
    case
        when trim(lower({{ email }})) like '%_@_%'
            and trim(lower({{ email }})) not like '%@%@%'
            and trim(lower({{ email }})) not like '% %'
            then trim(lower({{ email }}))
    end
{%- endmacro %}
