{# Business seconds of a calendar that have passed at a moment, from the row of int_business_days_counted that has the moment's date
   there. A second that has begun counts, so that no fraction of one makes anything due too early. #}
{% macro business_seconds(moment, day) -%}
    {%- set whole = dbt.datediff(day ~ '.opens_at', moment, 'second') -%}
    {{ day }}.seconds_before + case
        when {{ day }}.seconds = 0 or {{ moment }} <= {{ day }}.opens_at then 0
        when {{ moment }} >= {{ day }}.closes_at then {{ day }}.seconds
        when {{ seconds_later(day ~ '.opens_at', whole) }} < {{ moment }} then {{ whole }} + 1
        else {{ whole }}
    end
{%- endmacro %}
