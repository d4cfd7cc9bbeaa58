{% set hand_over = 'world, person_id, cycle, handoff' %}

with timed as (

    select * from {{ ref('int_handoffs_timed') }}

),

sales_records as (

    select records.person_id, records.system, records.is_deleted, records.merged_into_record_id, records.updated_at
    from {{ ref('int_people_matched') }} as records
    inner join {{ ref('int_activities_completed') }} using (system)

),

activities_of_people as (

    select
        sales_records.person_id,
        min(activities.complete_through) as complete_through,
        max(case when sales_records.is_deleted and sales_records.merged_into_record_id is null then sales_records.updated_at end)
            as deleted_at
    from sales_records
    inner join {{ ref('int_activities_completed') }} as activities using (system)
    group by sales_records.person_id

),

activities_of_all as (

    select min(complete_through) as complete_through from {{ ref('int_activities_completed') }}

),

touch_stops as (

    select distinct version, handoff, true as stops_on_touch
    from {{ ref('stg_agreement__handoff_stops') }}
    where stops_on = 'touch'

),

owners as (

    select {{ hand_over }}, owner_system, owner_id, owner_team, is_silent
    from {{ ref('int_handoffs_owned') }}

),

weighed as (

    select
        timed.*,
        owners.owner_system,
        owners.owner_id,
        owners.owner_team,
        coalesce(owners.is_silent, false) as is_silent,
        coalesce(touch_stops.stops_on_touch, false) as stops_on_touch,
        coalesce(activities.complete_through, activities_of_all.complete_through) as activities_complete_through,
        coalesce(activities.deleted_at >= timed.handed_over_at, false) as is_deleted_since,
        timed.clock_started_at is null and timed.starts_on = 'assigned' and timed.handed_over_at is not null as is_not_started
    from timed
    cross join activities_of_all
    left join owners using ({{ hand_over }})
    left join touch_stops using (version, handoff)
    left join activities_of_people as activities using (person_id)

),

judged as (

    select
        *,
        case
            when is_impossible then 'unknown: impossible_time'
            when handed_over_at is null then 'unknown: no_time'
            when is_not_started and coalesce(stopped_by in ('touch', 'accepted'), false) then 'met'
            when
                stopped_at_the_latest <= due_at
                and (
                    not (is_owner_uncertain and starts_on = 'assigned')
                    or stopped_at_the_latest <= {{ seconds_later('handed_over_at', 'within_seconds') }}
                )
                then 'met'
            when is_owner_uncertain and starts_on = 'assigned' then 'unknown: owner_history'
            when coalesce(withdrawn_at <= due_by, withdrawn_at is not null) then 'withdrawn'
            when is_not_started then 'unassigned'
            when due_by is null or due_at > data_as_of then 'waiting'
            when stopped_at_the_earliest <= due_by or due_by > data_as_of then 'unknown: date_only'
            when stops_on_touch and coalesce(activities_complete_through < due_by, true) then 'unknown: activities_incomplete'
            when stops_on_touch and is_deleted_since then 'unknown: record_deleted'
            when stops_on_touch and is_silent then 'unknown: owner_silent'
            else 'breached'
        end as verdict
    from weighed

)

select
    {{ hand_over }},
    version,
    month,
    handed_over_at,
    handed_over_on,
    assigned_at,
    assigned_on,
    clock_started_at,
    due_at,
    first_touch_at,
    first_touch_on,
    accepted_at,
    accepted_on,
    rejected_at,
    rejected_on,
    rejected_as,
    rejection_source,
    rejection_source_version,
    ended_at,
    withdrawn_at,
    stopped_by,
    stopped_at,
    stopped_on,
    case when verdict like 'unknown: %' then 'unknown' else verdict end as status,
    case when verdict like 'unknown: %' then substring(verdict, 10) end as unknown_because,
    case when verdict <> 'unknown: owner_history' then system_delay_hours end as system_delay_hours,
    system_waiting_hours,
    case when verdict <> 'unknown: owner_history' then human_delay_hours end as human_delay_hours,
    human_waiting_hours,
    owner_system,
    owner_id,
    owner_team
from judged
