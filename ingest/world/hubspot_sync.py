"""What is written into a HubSpot contact over time, by HubSpot's own rules and by its sync with Salesforce.

Forms and workflows set lead and marketingqualifiedlead at once; every later stage comes from the CRM side: from
Salesforce in a poll (sync.py says when), or, where HubSpot is the CRM as well, from its own lead status and deals. Only
a person may move a lifecycle stage back: for the rest a workflow clears it first. What goes wrong is planted elsewhere.
"""

import duckdb

# the portal's order; who has left the path stands below everybody on it, so that coming back is a step forward
SUBSCRIBER = "subscriber"
PATH = ("lead", "marketingqualifiedlead", "1043550021", "salesqualifiedlead", "opportunity", "customer")
EXITS = ("1043550022", "1043550023", "1043550024")  # recycled, disqualified, lost: like sal, stages of this portal only
STAGE_VALUES = (*PATH, *EXITS)  # in the order of journeys.STAGES
LEAD_STATUSES = ("", "NEW", "IN_PROGRESS", "QUALIFIED", "OPEN_DEAL", "", "BAD_TIMING", "UNQUALIFIED", "")

CLEARING = 3  # seconds from clearing a stage to setting another

# stages as the portal labels them: who picks one on a record picks its label
LABELS = {
    "Recycled": EXITS[0],
    "Disqualified": EXITS[1],
    "Opportunity": "opportunity",
}

MACROS = f"""
create macro lifecycle_value(stage) as ({list(STAGE_VALUES)!r})[stage + 1];
create macro lifecycle_rank(value) as
    case when value in {EXITS!r} then 0 else list_position({[SUBSCRIBER, *PATH]!r}, value) end;
create macro lead_status_value(stage) as ({list(LEAD_STATUSES)!r})[stage + 1];
create macro picked(label) as coalesce(map {LABELS!r}[label], label);

-- since when a contact was out of the list of those who sync, and until when
create view outside_list as
select person, moment as since_at, value::bigint as until_at from marks where mark = 'outside_list';
"""

# decided_at: when the writer's side knew it. Only changes in Salesforce wait for a poll, and only they need the list.
FROM_SALESFORCE = """
select person, synced_at as moment, moment as decided_at, stage, 'SALESFORCE' as writer
from events where stage > 1 and is_copied
union all  -- two leads share the address: HubSpot follows whichever was changed last
select person, next_poll(moment, person), moment, 6, 'SALESFORCE' from marks where mark = 'duplicate_lead'
"""
FROM_ITSELF = """
select
    person, synced_at as moment, moment as decided_at, stage,
    case when stage in (4, 5) then 'DEALS' else 'AUTOMATION_PLATFORM' end as writer
from events where stage > 1 and is_copied
"""

LIFECYCLE = """
create table lifecycle_sent as
with sent as (
    select
        person, created_at as moment, created_at as decided_at, -1 as stage, 'subscriber' as value, 'IMPORT' as writer
    from hubspot_people where kind = 1
    union all
    select
        person, moment, moment, stage, lifecycle_value(stage),
        case stage when 0 then 'FORM' else 'AUTOMATION_PLATFORM' end
    from events where stage <= 1
    union all
    select person, moment, decided_at, stage, lifecycle_value(stage), writer
    from ({from_crm}) as told anti join outside_list as kept_out
        on told.person = kept_out.person and decided_at >= since_at and decided_at < until_at
    union all
    select
        person, moment, moment, -1, picked(value),
        case writer when '' then 'CRM_UI' when 'campaign' then 'AUTOMATION_PLATFORM' else writer end
    from edits where side = 0
)
select
    person, greatest(moment, created_at) as moment, stage, value, writer, lifecycle_rank(value) as rank,
    writer = 'COMPANIES' as is_push
from sent join hubspot_people using (person)
where moment <= gone_at
-- a contact that comes late begins with what holds by then
qualify row_number() over (partition by person, greatest(moment, created_at) order by decided_at desc, writer) = 1;

-- what the truth asks of every MAP: what it was told, and by whom (0: by itself)
create view map_values as
select person, moment, stage, (stage not in (0, 1))::int as source, value from lifecycle_sent;

create table lifecycle_writes as
with faced as (
    select *, last_value(case when not is_push then rank end ignore nulls) over earlier as rank_beneath
    from lifecycle_sent
    window earlier as (partition by person order by moment rows between unbounded preceding and 1 preceding)
),
taken as (
    select *, lag(value) over history as value_before, lag(rank) over history as rank_before
    from faced
    where not is_push or rank > coalesce(rank_beneath, -1)
    window history as (partition by person order by moment)
),
changing as (
    select *, coalesce(rank <= rank_before, false) and writer not in ('CRM_UI', 'IMPORT', 'API') as is_backward
    from taken
    where value is distinct from value_before
)
select person, moment, value, case when is_backward then 'AUTOMATION_PLATFORM' else writer end as writer from changing
union all
select person, moment - {clearing}, '', 'AUTOMATION_PLATFORM' from changing where is_backward;
"""

LEAD_STATUS_MIRRORED = """
create table lead_status_sent as
select person, synced_at as moment, lead_status_value(stage) as value, 'SALESFORCE' as writer
from events where stage in (1, 2, 3, 6, 7) and is_copied
"""
LEAD_STATUS_WORKED = """
create table lead_status_sent as
select person, synced_at as moment, lead_status_value(stage) as value, 'AUTOMATION_PLATFORM' as writer
from events where stage = 1 and is_copied
union all
select person, moment, case when written <> '' then written else lead_status_value(stage) end, 'CRM_UI'
from events where stage in (2, 3, 6, 7)
union all
select person, events.moment, lead_status_value(stage), 'AUTOMATION_PLATFORM'
from events where stage in (4, 5, 8) and person not in (select person from marks where mark = 'no_role')
union all
select person, moment, value, 'CRM_UI' from edits where side = 1
"""
LEAD_STATUS = """
create table lead_status_writes as
with ordered as (
    select person, greatest(moment, created_at) as moment, value, writer
    from lead_status_sent join hubspot_people using (person)
    where moment <= gone_at
    qualify row_number() over (partition by person, greatest(moment, created_at) order by lead_status_sent.moment desc)
        = 1
)
select * from ordered
qualify value is distinct from lag(value, 1, '') over (partition by person order by moment);
"""


def lay_out(con: duckdb.DuckDBPyConnection, is_alone: bool) -> None:
    """Create `lifecycle_writes` and `lead_status_writes`: person, moment, value, writer.

    They come of the truth's events and of `hubspot_people`; `is_alone`: HubSpot is the CRM too, without Salesforce.
    """
    con.execute(MACROS)
    con.execute(LIFECYCLE.format(from_crm=FROM_ITSELF if is_alone else FROM_SALESFORCE, clearing=CLEARING))
    con.execute((LEAD_STATUS_WORKED if is_alone else LEAD_STATUS_MIRRORED) + ";" + LEAD_STATUS)
