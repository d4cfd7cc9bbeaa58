{% set hand_over = 'world, person_id, cycle, handoff' %}
{% set days_around = 5 %}

with timed as (

    select
        {{ hand_over }},
        version,
        assigned_at,
        due_by,
        timezone,
        least(coalesce(stopped_at, ended_at, due_by, data_as_of), coalesce(due_by, ended_at, data_as_of)) as decided_at
    from {{ ref('int_handoffs_timed') }}
    where assigned_at is not null

),

candidates as (

    select
        timed.world,
        timed.person_id,
        timed.cycle,
        timed.handoff,
        timed.version,
        timed.due_by,
        timed.timezone,
        owners.system as owner_system,
        owners.owner_id,
        owners.owner_team,
        owners.worker,
        row_number() over (
            partition by timed.world, timed.person_id, timed.cycle, timed.handoff
            order by owners.owned_from desc, owners.system, owners.record_id
        ) as candidate_rank
    from timed
    inner join {{ ref('int_owners_dated') }} as owners
        on
            timed.person_id = owners.person_id
            and owners.is_a_person
            and owners.owned_from <= greatest(timed.decided_at, timed.assigned_at)
            and owners.owned_until > greatest(timed.decided_at, timed.assigned_at)

),

owned as (

    select * from candidates
    where candidate_rank = 1

),

calendar as (

    select version, handoff, timezone, calendar_date, business_days_through
    from {{ ref('int_business_days_counted') }}

),

days_on_which_anything_was_due as (

    select distinct owned.worker, calendar.version, calendar.handoff, calendar.calendar_date, calendar.business_days_through
    from owned
    inner join calendar
        on
            owned.version = calendar.version
            and owned.handoff = calendar.handoff
            and cast({{ local_time('owned.due_by', 'owned.timezone') }} as date) = calendar.calendar_date

),

touches as (

    select distinct worker, touched_at, touched_on
    from {{ ref('int_touches_qualified') }}
    where worker is not null

),

zones as (

    select distinct version, handoff, timezone from calendar

),

days_with_anything_logged as (

    select distinct touches.worker, calendar.version, calendar.handoff, calendar.business_days_through
    from (
        select distinct
            touches.worker,
            zones.version,
            zones.handoff,
            {{ calendar_date('touches.touched_at', 'touches.touched_on', 'zones.timezone') }} as touched_date
        from touches
        cross join zones
    ) as touches
    inner join calendar
        on
            touches.version = calendar.version
            and touches.handoff = calendar.handoff
            and touches.touched_date = calendar.calendar_date

),

offsets as (

    {% for offset in range(-days_around, days_around + 1) -%}
    select {{ offset }} as offset_days{{ ' union all' if not loop.last }}
    {% endfor %}

),

days_near_anything_logged as (

    select distinct
        logged.worker,
        logged.version,
        logged.handoff,
        logged.business_days_through + offsets.offset_days as business_days_through
    from days_with_anything_logged as logged
    cross join offsets

),

silent_days as (

    select due.worker, due.version, due.handoff, due.calendar_date
    from days_on_which_anything_was_due as due
    left join days_near_anything_logged as near_by
        on
            due.worker = near_by.worker
            and due.version = near_by.version
            and due.handoff = near_by.handoff
            and due.business_days_through = near_by.business_days_through
    where near_by.worker is null

)

select
    owned.world,
    owned.person_id,
    owned.cycle,
    owned.handoff,
    owned.owner_system,
    owned.owner_id,
    owned.owner_team,
    silent_days.worker is not null as is_silent
from owned
left join silent_days
    on
        owned.worker = silent_days.worker
        and owned.version = silent_days.version
        and owned.handoff = silent_days.handoff
        and cast({{ local_time('owned.due_by', 'owned.timezone') }} as date) = silent_days.calendar_date
