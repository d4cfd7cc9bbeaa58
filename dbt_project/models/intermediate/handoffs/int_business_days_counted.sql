{% set midnight = 'cast(days.calendar_date as timestamp)' %}
{% set minutes_of = "cast(substring(days.{0}, 1, 2) as integer) * 60 + cast(substring(days.{0}, 4, 2) as integer)" %}

with handoffs as (

    select
        version,
        handoff,
        coalesce(calendar_timezone, 'UTC') as timezone,
        calendar_days,
        coalesce(calendar_from, '00:00') as opens,
        coalesce(calendar_to, '24:00') as closes
    from {{ ref('stg_agreement__handoffs') }}

),

days as (

    select
        handoffs.version,
        handoffs.handoff,
        handoffs.timezone,
        handoffs.calendar_days,
        handoffs.opens,
        handoffs.closes,
        listed.calendar_date
    from handoffs
    cross join {{ ref('int_days_listed') }} as listed

),

weekdays as (

    select
        version,
        handoff,
        calendar_date,
        case
            {{ dbt.datediff("cast('1900-01-01' as date)", 'calendar_date', 'day') }}
            % 7
            when 0 then 'mon' when 1 then 'tue' when 2 then 'wed' when 3 then 'thu' when 4 then 'fri' when 5 then 'sat' else 'sun'
        end as weekday
    from days

),

hours as (

    select
        days.version,
        days.handoff,
        days.timezone,
        days.calendar_date,
        holidays.holiday is null and coalesce(days.calendar_days like '%' || weekdays.weekday || '%', true) as is_business_day,
        {{ utc_time(dbt.dateadd('minute', minutes_of.format('opens'), midnight), 'days.timezone') }} as opens_at,
        {{ utc_time(dbt.dateadd('minute', minutes_of.format('closes'), midnight), 'days.timezone') }} as closes_at
    from days
    inner join weekdays
        on
            days.version = weekdays.version
            and days.handoff = weekdays.handoff
            and days.calendar_date = weekdays.calendar_date
    left join {{ ref('stg_agreement__handoff_holidays') }} as holidays
        on
            days.version = holidays.version
            and days.handoff = holidays.handoff
            and days.calendar_date = holidays.holiday

),

lengths as (

    select
        *,
        case
            when is_business_day
                then {{ dbt.datediff('opens_at', 'closes_at', 'second') }}
            else 0
        end as seconds
    from hours

)

select
    version,
    handoff,
    timezone,
    calendar_date,
    opens_at,
    closes_at,
    cast(seconds as {{ dbt.type_bigint() }}) as seconds,
    cast(
        sum(seconds) over (partition by version, handoff order by calendar_date rows unbounded preceding) - seconds
        as {{ dbt.type_bigint() }}
    ) as seconds_before,
    cast(
        sum(case when seconds > 0 then 1 else 0 end) over (
            partition by version, handoff order by calendar_date rows unbounded preceding
        ) as integer
    ) as business_days_through
from lengths
