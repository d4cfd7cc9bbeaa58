{# Everything that an engine may say differently about time zones stands here. #}

{% macro local_time(utc_timestamp, zone) -%}
    {{ adapter.dispatch('local_time')(utc_timestamp, zone) }}
{%- endmacro %}

{% macro default__local_time(utc_timestamp, zone) -%}
    from_utc_timestamp({{ utc_timestamp }}, {{ zone }})
{%- endmacro %}

{% macro duckdb__local_time(utc_timestamp, zone) -%}
    timezone({{ zone }}, timezone('UTC', {{ utc_timestamp }}))
{%- endmacro %}

{% macro utc_time(local_timestamp, zone) -%}
    {{ adapter.dispatch('utc_time')(local_timestamp, zone) }}
{%- endmacro %}

{% macro default__utc_time(local_timestamp, zone) -%}
    to_utc_timestamp({{ local_timestamp }}, {{ zone }})
{%- endmacro %}

{% macro duckdb__utc_time(local_timestamp, zone) -%}
    timezone('UTC', timezone({{ zone }}, {{ local_timestamp }}))
{%- endmacro %}

{# The calendar date of a moment in a zone; a date that was known without a time is that date, whatever the zone. #}
{% macro calendar_date(utc_timestamp, date_only, zone) -%}
    coalesce({{ date_only }}, cast({{ local_time(utc_timestamp, zone) }} as date))
{%- endmacro %}

{% macro month_of(date) -%}
    cast({{ dbt.date_trunc('month', date) }} as date)
{%- endmacro %}

{# The Monday of the week that a moment lies in, or with which it ends: midnight of a Monday is the end of the week before. #}
{% macro week_up_to(local_timestamp) -%}
    cast({{ dbt.date_trunc('week', dbt.dateadd('microsecond', -1, local_timestamp)) }} as date)
{%- endmacro %}

{# Is moment a before moment b? Where one of them is only a date, they are compared as dates, of that zone where it is given: the same
   day is not before. #}
{% macro is_before(a_at, a_on, b_at, b_on, zone=none) -%}
    (
        case
            when {{ a_on }} is not null and {{ b_on }} is not null then {{ a_on }} < {{ b_on }}
            {%- if zone %}
            when {{ b_on }} is not null then cast({{ local_time(a_at, zone) }} as date) < {{ b_on }}
            when {{ a_on }} is not null then {{ a_on }} < cast({{ local_time(b_at, zone) }} as date)
            {%- else %}
            when {{ b_on }} is not null then {{ a_at }} < {{ b_at }}
            when {{ a_on }} is not null then {{ dbt.dateadd('day', 1, a_at) }} <= {{ b_at }}
            {%- endif %}
            else {{ a_at }} < {{ b_at }}
        end
    )
{%- endmacro %}

{% macro seconds_later(timestamp, seconds) -%}
    {{ dbt.dateadd('second', seconds, timestamp) }}
{%- endmacro %}

{# A moment in words, to the minute. #}
{% macro moment(utc_timestamp) -%}
    coalesce(substring(cast({{ utc_timestamp }} as {{ dbt.type_string() }}), 1, 16) || ' UTC', 'an unknown time')
{%- endmacro %}

{# What has not ended yet ends here. #}
{% macro end_of_time() -%}
    cast('9999-12-31' as timestamp)
{%- endmacro %}

{# The Mondays from one to another, both included: one row per week. #}
{% macro weeks_between(first_week, last_week) -%}
    {{ adapter.dispatch('weeks_between')(first_week, last_week) }}
{%- endmacro %}

{% macro default__weeks_between(first_week, last_week) -%}
    explode(sequence({{ first_week }}, {{ last_week }}, interval 7 day))
{%- endmacro %}

{% macro duckdb__weeks_between(first_week, last_week) -%}
    cast(unnest(generate_series({{ first_week }}, {{ last_week }}, interval 7 day)) as date)
{%- endmacro %}
