{% set hand_over = 'world, person_id, cycle, handoff' %}
{% set on_the_calendar =
    'over (partition by version, handoff order by seconds, place rows between unbounded preceding and current row)' %}
{% set moments = ['clock_starts_at', 'clock_starts_by', 'assigned_at', 'stopped_at', 'data_as_of'] %}

with calendar as (

    select * from {{ ref('int_business_days_counted') }}

),

zones as (

    select distinct version, handoff, timezone from calendar

),

stopped as (

    select hand_overs.*, clock.data_as_of, zones.timezone
    from {{ ref('int_handoffs_stopped') }} as hand_overs
    inner join zones using (version, handoff)
    cross join {{ ref('int_clock') }} as clock

),

located as (

    select
        stopped.*,
        {% for moment in moments -%}
        {{ business_seconds('stopped.' ~ moment, 'day_of_' ~ moment) }} as {{ moment }}_seconds{{ ',' if not loop.last }}
        {% endfor %}
    from stopped
    {% for moment in moments -%}
    left join calendar as day_of_{{ moment }}
        on
            stopped.version = day_of_{{ moment }}.version
            and stopped.handoff = day_of_{{ moment }}.handoff
            and cast({{ local_time('stopped.' ~ moment, 'stopped.timezone') }} as date) = day_of_{{ moment }}.calendar_date
    {% endfor %}

),

wanted as (

    select 'clock_started_at' as what, 2 as place, {{ hand_over }}, version, clock_starts_at_seconds as seconds from located
    union all
    select 'due_at' as what, 0 as place, {{ hand_over }}, version, clock_starts_at_seconds + within_seconds as seconds
    from located
    union all
    select 'due_by' as what, 0 as place, {{ hand_over }}, version, clock_starts_by_seconds + within_seconds as seconds
    from located
    where clock_starts_by > clock_starts_at

),

along_the_calendar as (

    select
        what,
        {{ hand_over }},
        version,
        seconds,
        place,
        cast(null as timestamp) as opens_at,
        cast(null as {{ dbt.type_bigint() }}) as opened_seconds
    from wanted
    where seconds is not null

    union all

    select
        'day' as what,
        cast(null as {{ dbt.type_string() }}) as world,
        cast(null as {{ dbt.type_string() }}) as person_id,
        cast(null as integer) as cycle,
        handoff,
        version,
        seconds_before as seconds,
        1 as place,
        opens_at,
        seconds_before as opened_seconds
    from calendar
    where seconds > 0

),

found as (

    select
        what,
        {{ hand_over }},
        seconds,
        {{ last_known('opens_at') }} {{ on_the_calendar }} as opens_at,
        {{ last_known('opened_seconds') }} {{ on_the_calendar }} as opened_seconds
    from along_the_calendar

),

moments as (

    select
        {{ hand_over }},
        {% for what in ['clock_started_at', 'due_at', 'due_by'] -%}
        max(
            case when what = '{{ what }}' then {{ seconds_later('opens_at', 'seconds - opened_seconds') }} end
        ) as {{ what }}{{ ',' if not loop.last }}
        {% endfor %}
    from found
    where what <> 'day'
    group by {{ hand_over }}

)

select
    located.*,
    moments.clock_started_at,
    moments.due_at,
    coalesce(moments.due_by, moments.due_at) as due_by,
    case
        when located.assigned_at is null or located.stopped_at is null or located.assigned_on is not null
            or located.stopped_on is not null then null
        else greatest(located.stopped_at_seconds - located.assigned_at_seconds, 0) / 3600.0
    end as human_delay_hours,
    case
        when located.assigned_at is not null and located.stopped_at is null and located.ended_at is null
            then greatest(located.data_as_of_seconds - located.assigned_at_seconds, 0) / 3600.0
    end as human_waiting_hours,
    case
        when located.assigned_on is null and located.handed_over_on is null
            then {{ dbt.datediff('located.handed_over_at', 'located.assigned_at', 'second') }}
                / 3600.0
    end as system_delay_hours,
    case
        when located.assigned_at is null and located.stopped_at is null and located.ended_at is null
            then {{ dbt.datediff('located.handed_over_at', 'located.data_as_of', 'second') }}
                / 3600.0
    end as system_waiting_hours
from located
left join moments using ({{ hand_over }})
