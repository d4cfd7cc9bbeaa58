{# One end of the Wilson score interval at 95 % for converted of entered (Wilson 1927, J. Am. Stat. Assoc. 22, 209–212). #}
{% macro wilson(converted, entered, end) -%}
    {%- set z = 1.959963984540054 -%}
    case
        when {{ entered }} > 0
            then (
                {{ converted }} * 1.0 / {{ entered }} + {{ z * z / 2 }} / {{ entered }}
                {{ '-' if end == 'low' else '+' }} {{ z }} * sqrt(
                    {{ converted }} * 1.0 / {{ entered }} * (1 - {{ converted }} * 1.0 / {{ entered }}) / {{ entered }}
                    + {{ z * z / 4 }} / ({{ entered }} * 1.0 * {{ entered }})
                )
            ) / (1 + {{ z * z }} / {{ entered }})
    end
{%- endmacro %}
