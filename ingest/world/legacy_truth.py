"""The truth: who the people are, what really happened to them, which faults were planted. No system reads it.

That a cycle ends when nothing happens for long is the agreement's word, not an event: it is not in here.
"""

import duckdb

PEOPLE = """
select
    true_id as person_id, kind_name as kind, persona_name as persona, source_name as lead_source,
    round(quality, 4) as quality,
    match_name as matched_by, is_excluded, lead_id as crm_lead_id, contact_id as crm_contact_id,
    duplicate_lead_id as crm_merged_lead_id,
    coalesce(contact_id, lead_id) as crm_record_id, map_id as map_record_id, iso(known_at) as known_at,
    iso(case when assigned_at <= world_end() then assigned_at end) as assigned_at,
    iso(case when touched_at <= world_end() then touched_at end) as first_touched_at
from persons
where known_at is not null
order by person
"""

# is_recorded: the stage's system shows this entry; it cannot show what it held already, nor what was never typed
STAGES = """
select
    true_id as person_id, cycle, stage_name as stage, iso(events.moment) as entered_at,
    case when deal >= 0 then opportunity_id(deal) end as opportunity_id,
    case when stage <= 1 then 'lifecycle' when deal >= 0 then 'opportunities' else 'lead_status' end as source,
    written = '' and not coalesce(is_held, false) as is_recorded
from events
join persons using (person)
left join map_held using (person, moment, stage)
order by person, events.moment
"""

MISMATCHES = """
select
    true_id as person_id, coalesce(contact_id, lead_id) as crm_record_id, map_id as map_record_id, cause, fault,
    case wrong when 0 then 'map' else 'crm' end as wrong_side, iso(parted_at) as parted_at,
    case when healed_at <= world_end() then iso(healed_at) end as healed_at,
    healed_at > world_end() and parted_at < world_end() - sync_tolerance() as is_open
from planted
join persons using (person)
order by person, parted_at
"""

IN_FLIGHT = """
select
    true_id as person_id, coalesce(contact_id, lead_id) as crm_record_id, map_id as map_record_id, stage_name as stage,
    iso(events.moment) as changed_at
from events
join persons using (person)
where synced_at > world_end() and events.moment > world_end() - sync_tolerance() and is_copied
order by person, events.moment
"""


def exports(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """File → query."""
    con.execute("""
        create table map_held as
        select person, moment, stage, value is not distinct from before as is_held
        from (
            select *, lag(value) over (partition by person order by moment, source) as before from map_values
        )
        where source = 0
    """)
    return {
        "truth/people.csv": PEOPLE,
        "truth/stages.csv": STAGES,
        "truth/mismatches.csv": MISMATCHES,
        "truth/in_flight.csv": IN_FLIGHT,
    }
