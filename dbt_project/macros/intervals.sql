{# One end of the Wilson score interval at 95 % for converted of entered (Wilson 1927, J. Am. Stat. Assoc. 22, 209–212). #}
{% macro wilson(converted, entered, end) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set share = '(' ~ converted ~ ' * 1.0 / ' ~ entered ~ ')' -%}
    case
        when {{ entered }} > 0
            then round({{ 'greatest(0.0, ' if end == 'low' else 'least(1.0, ' }}(
                {{ share }} + {{ z * z / 2 }} / {{ entered }}
                {{ '-' if end == 'low' else '+' }} {{ z }} * sqrt(
                    {{ share }} * (1 - {{ share }}) / {{ entered }} + {{ z * z / 4 }} / ({{ entered }} * 1.0 * {{ entered }})
                )
            ) / (1 + {{ z * z }} / {{ entered }})), 6)
    end
{%- endmacro %}
