"""The MAP's exports: people, lifecycle and score histories, activities, programs, shaped after Marketo.

It sets Engaged and MQL by itself; every later stage is the sync's copy of the CRM, some minutes old.
"""

import duckdb

# source: 0 the MAP itself, 1 the sync, 2 somebody's hand
TABLES = """
create table map_values as
select person, moment, stage, 0 as source, case stage when 0 then 'Engaged' else 'MQL' end as value,
'campaign' as writer
from events where stage <= 1
union all
select
    person, synced_at, stage, 1,
    ['SAL', 'SQL', 'Opportunity', 'Customer', 'Recycled', 'Disqualified', 'Lost'][stage - 1],
    'sync'
from events where stage > 1 and is_copied
union all
select person, moment, -1, 2, value, 'user' from edits where side = 0;

create table lifecycle_changes as
with ordered as (
    select *, lag(value) over (partition by person order by moment, source) as old_value from map_values
    where moment <= world_end()
)
select * from ordered join persons using (person) where value is distinct from old_value and map_id is not null;

create table score_changes as
with written as (
    select person, created_map_at as moment, 0 as n, 8 + floor(score_draw * 17)::int as value,
    'First response' as reason
    from persons where created_map_at is not null
    union all
    select person, (persons.created_map_at + moment * 2) // 3, 1, 30 + floor(score_draw * 25)::int, 'Visits and clicks'
    from handovers join persons using (person) where cycle = 1 and not is_demo
    union all
    select person, moment - 5, 2,
    case when is_demo then 35 + floor(score_draw * 20) else 65 + floor(score_draw * 25) end::int,
        case when is_demo then 'Demo requested' else 'Visits and clicks' end
    from handovers join persons using (person)
    union all
    select person, synced_at + 60, 3, 20, 'Recycled' from events where stage = 6 and is_copied
    union all
    select person, created_map_at + 86400 + floor(score_draw * 1000000)::int, 1, 26 + floor(score_draw * 33)::int,
    'Visits and clicks'
    from persons anti join handovers using (person) where created_map_at is not null and score_draw < 0.6
),
ordered as (
    select *, lag(value) over (partition by person order by moment, n) as old_value from written
    where moment <= world_end()
)
select * from ordered join persons using (person) where value is distinct from old_value and map_id is not null;
"""

PEOPLE = """
select
    map_id as id, map_email as email, first_name as "firstName", last_name as "lastName", title, firm_name as company,
    phone, country,
    source_name as "leadSource", lifecycle.value as "lifecycleStage", iso(lifecycle.moment) as "lifecycleUpdatedAt",
    lifecycle.writer as "lifecycleUpdatedBy", score.value as "leadScore", iso(score.moment) as "leadScoreUpdatedAt",
    case
        when matched_by <> 0 then null when contact_id is not null then 'Contact' when lead_id is not null then 'Lead'
    end as "sfdcType",
    case when matched_by = 0 then lead_id end as "sfdcLeadId",
    case when matched_by = 0 then contact_id end as "sfdcContactId",
    map_external_id as "externalId", iso(created_map_at) as "createdAt",
    iso(greatest(created_map_at, lifecycle.moment, score.moment)) as "updatedAt"
from persons
left join (
    select person, arg_max(value, moment) as value, arg_max(writer, moment) as writer, max(moment) as moment
    from lifecycle_changes group by person
) as lifecycle using (person)
left join (
    select person, arg_max(value, moment * 4 + n) as value, max(moment) as moment from score_changes group by person
) as score using (person)
where map_id is not null
order by person
"""

LIFECYCLE_HISTORY = """
select
    1000000 + row_number() over (order by moment, person) as id, map_id as "leadId", old_value as "oldValue",
    value as "newValue",
    iso(moment) as "activityDate", writer as source
from lifecycle_changes
order by moment, person
"""

SCORE_HISTORY = """
select
    3000000 + row_number() over (order by moment, person, n) as id, map_id as "leadId", old_value as "oldValue",
    value as "newValue",
    iso(moment) as "activityDate", reason
from score_changes
order by moment, person, n
"""

ACTIVITIES = """
select
    9000000 + row_number() over (order by moment, n) as id, map_id as "leadId",
    [1, 2, 10, 11][touches.kind + 1] as "activityTypeId",
    case when program >= 0 then 1001 + program end as "programId", iso(moment) as "activityDate"
from touches
join persons using (person)
where map_id is not null and moment <= world_end()
order by moment, n
"""

PROGRAMS = """
select
    1001 + n as id, name, channel, cost, 'EUR' as currency,
    strftime(local_date(world_start()), '%Y-%m-%d') as "startDate"
from programs
order by n
"""


def exports(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """File → query."""
    con.execute(TABLES)
    return {
        "map/people.csv": PEOPLE,
        "map/lifecycle_history.csv": LIFECYCLE_HISTORY,
        "map/score_history.csv": SCORE_HISTORY,
        "map/activities.csv": ACTIVITIES,
        "map/programs.csv": PROGRAMS,
    }
