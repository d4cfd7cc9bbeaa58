{# One person's e-mail has one normal form: no white space around it (nor what looks like none: no-break and zero-width spaces), lower
   case, a Turkish İ as i, one Unicode form for letters with marks, nothing else: +tag and dots are kept, and a letter of another script
   that looks the same is another letter. A domain in letters and the same in punycode are two: likeness may propose them. Text that cannot be an address (no single @ with something on both sides, or white space
   inside) is no e-mail and joins nobody. #}
{% macro normalised_email(email) -%}
    {%- set trimmed = "trim(lower(nfc_normalize(" ~ email ~ ")), concat(' ', chr(9), chr(10), chr(13), chr(160), chr(8203), chr(65279)))" -%}
    case
        when {{ trimmed }} like '%_@_%' and {{ trimmed }} not like '%@%@%' and {{ trimmed }} not like '% %' then {{ trimmed }}
    end
{%- endmacro %}

{# Text by which two spellings of a name are one: lower case, without accents, every run of other signs one space; null when nothing is left. #}
{% macro plain_text(text) -%}
    nullif(trim(regexp_replace(strip_accents(lower({{ text }})), '[^\pL\pN]+', ' ', 'g')), '')
{%- endmacro %}

{# A person's name by which two records are compared; null where a record has none. #}
{% macro normalised_name(first_name, last_name) -%}
    {{ plain_text("concat_ws(' ', " ~ first_name ~ ", " ~ last_name ~ ")") }}
{%- endmacro %}

{# A phone number by which two records are compared: its last eight digits, whatever comes before and between; null where there are fewer. #}
{% macro normalised_phone(phone) -%}
    {%- set digits = "regexp_replace(" ~ phone ~ ", '[^0-9]', '', 'g')" -%}
    case when length({{ digits }}) >= 8 then right({{ digits }}, 8) end
{%- endmacro %}

{# A record in words, as it may be published. #}
{% macro record_in_words(record) -%}
    {{ record }}.system || ' ' || {{ record }}.object || ' ' || {{ published_id(record ~ '.record_id') }}
{%- endmacro %}

{# A company's name by which two records are compared: without its legal form. #}
{% macro normalised_company(company) -%}
    {%- set forms = 'ab|ag|aps|as|asa|bv|co|company|corp|corporation|doo|eood|eu|gesellschaft mbh|gmbh|gmbh co kg|inc|incorporated|kft|kg|limited|llc|llp|lp|ltd|ltda|mbh|nv|ohg|ood|oy|oyj|plc|pty ltd|pvt ltd|s a|s l|s p a|s r l|s r o|sa|sarl|sas|se|sl|sp z o o|spa|spol s r o|srl|sro|ug' -%}
    coalesce(
        nullif(regexp_replace({{ plain_text(company) }}, '( (' || '{{ forms }}' || '))+$', ''), ''), {{ plain_text(company) }}
    )
{%- endmacro %}
