"""The truth: who the people are, what really happened to them, which faults were planted. No system reads it.

That a cycle ends when nothing happens for long is the agreement's word, not an event: it is not in here.
"""

import duckdb

PEOPLE = """
select
    true_id as person_id, kind_name as kind, persona_name as persona, source_name as lead_source, persona_factor,
    source_factor, round(interest_factor, 4) as interest_factor, round(quality, 4) as quality,
    match_name as matched_by, is_excluded, map_deleted_at is not null as is_deleted, crm_lead_id,
    crm_contact_id, crm_merged_lead_id, merged_map_id, crm_record_id, map_record_id, stamp(known_at) as known_at,
    stamp(case when assigned_at <= world_end() then assigned_at end) as assigned_at,
    stamp(case when touched_at <= world_end() then touched_at end) as first_touched_at
from known
where known_at is not null
order by person
"""

# is_recorded: the stage's system shows this entry; it cannot show what it held already, nor what was never typed
STAGES = """
with held as (
    select person, moment, stage, value is not distinct from before as is_held
    from (select *, lag(value) over (partition by person order by moment, source) as before from map_values)
    where source = 0
)
select
    true_id as person_id, cycle, stage_name as stage, stamp(events.moment) as entered_at,
    case when deal >= 0 then deal_id(deal) end as opportunity_id,
    case when stage <= 1 then 'lifecycle' when deal >= 0 then 'opportunities' else 'lead_status' end as source,
    is_undone <> 0 as is_undone,
    written = '' and is_undone = 0 and not coalesce(is_held, false)
        and (stage > 0 or winner_created_at is null) and map_deleted_at is null as is_recorded
from events
join known using (person)
left join held using (person, moment, stage)
order by person, events.moment
"""

# cause: the word of lifecycle.md; empty where a fault makes no two systems disagree
FAULTS = """
select
    true_id as person_id, crm_record_id, map_record_id,
    nullif(cause, '') as cause, fault, case wrong when 0 then 'map' when 1 then 'crm' end as wrong_side,
    stage_word(held) as held_stage, stage_word(due) as due_stage, stamp(parted_at) as parted_at,
    case when healed_at <= world_end() then stamp(healed_at) end as healed_at,
    cause <> '' and healed_at > world_end() and parted_at < world_end() - sync_tolerance() as is_open
from planted
join known using (person)
order by person, parted_at
"""

IN_FLIGHT = """
select
    true_id as person_id, crm_record_id, map_record_id, stage_name as stage,
    stamp(events.moment) as changed_at
from events
join known using (person)
where synced_at > world_end() and events.moment > world_end() - sync_tolerance() and is_copied
order by person, events.moment
"""

# the probability by which each step was drawn, and since when it could be taken: the product of persona_factor,
# source_factor and interest_factor to the step's power, times the follow-up's speed for mql-sal. Taken: even if later
CONVERSIONS = """
select
    true_id as person_id, cycle, step_name as step, stamp(moment) as since_at, chance / 1e6 as probability,
    is_taken <> 0 as is_taken
from chances
join known using (person)
where known_at is not null and moment <= world_end()
order by person, cycle, step
"""

# accepted_at, rejected_at: whichever sales answered first, by a stage or an exit
HANDOVERS = """
with answers as (
    select person, cycle, arg_min(stage, moment) as stage, min(moment) as moment
    from events where stage between 2 and 7 group by person, cycle
)
select
    true_id as person_id, cycle, stamp(handovers.moment) as handed_over_at,
    stamp(case when handovers.assigned_at between 1 and world_end() then handovers.assigned_at end) as assigned_at,
    stamp(case when handovers.touched_at between 1 and world_end() then handovers.touched_at end) as first_touched_at,
    stamp(case when answers.stage < 6 then answers.moment end) as accepted_at,
    stamp(case when answers.stage >= 6 then answers.moment end) as rejected_at,
    stage_word(case when answers.stage >= 6 then answers.stage end) as rejected_as,
    speed / 100 as speed_factor, is_demo <> 0 as asked_for_a_demo
from handovers
join known using (person)
left join answers using (person, cycle)
order by person, cycle
"""

# who owns a person before any conversion, as the CRM names them; what salespeople did one to one of their own accord:
# a meeting has no direction
OWNERS_IN_SALESFORCE = """
select
    true_id as person_id, stamp(lead_owners.moment) as owned_from, user_id(value) as owner_id,
    value not in ('Q01', 'U090', 'U091') as is_salesperson
from lead_owners join known using (person) order by person, lead_owners.moment, n
"""
OWNERS_IN_HUBSPOT = """
select
    true_id as person_id, stamp(owner_writes.moment) as owned_from, value as owner_id, not is_queue as is_salesperson
from owner_writes join known using (person) join hubspot_owners on owner_id = value order by person, owner_writes.moment
"""
TOUCHES_IN_SALESFORCE = """
select true_id as person_id, known_tasks.owner_id, stamp(moment) as touched_at
from known_tasks join known using (person)
where is_done and not is_automated and (type = 2 or not is_inbound) and gone_at is null
order by person, moment, n
"""
TOUCHES_IN_HUBSPOT = """
select true_id as person_id, engaged.owner_id, stamp(moment) as touched_at
from engaged join known using (person)
where is_done and not is_automated and (type = 'MEETING' or not is_inbound)
order by person, moment, n
"""


# every record that a system has or had of a person, those that lost a merge included
RECORDS_IN_SALESFORCE = """
select
    'salesforce' as system, true_id as person_id,
    unnest([lead_id, contact_id, duplicate_lead_id, second_lead_id, answer_lead_id, second_contact_id,
        case when contact_id is not null then merged_contact_id end]) as record_id
from persons
"""
RECORDS_IN_MARKETO = """
select
    'marketo' as system, true_id as person_id,
    unnest([
        map_id, merged_map_id,
        case when second_lead_id is not null then 600000000 + person end,
        case when score_summed_at is not null then 700000000 + person end,
        case when duplicate_lead_id is not null and linked_to_loser_at is null and matched_by = 0
            then 800000000 + person end,
        case when contact_id is not null and merged_contact_id is not null and matched_by = 0
            then 900000000 + person end
    ])::varchar as record_id
from persons
where map_id is not null
"""
RECORDS_IN_HUBSPOT = """
select 'hubspot' as system, true_id as person_id, unnest([hubspot_contact_id, loser_id, second_loser_id]) as record_id
from hubspot_people
"""
RECORDS = {
    "salesforce-marketo": (RECORDS_IN_SALESFORCE, RECORDS_IN_MARKETO),
    "salesforce-hubspot": (RECORDS_IN_SALESFORCE, RECORDS_IN_HUBSPOT),
    "hubspot": (RECORDS_IN_HUBSPOT,),
}


# by which ids the systems know a person and a deal
KNOWN = """
create view known as
select
    *, lead_id as crm_lead_id, contact_id as crm_contact_id, duplicate_lead_id as crm_merged_lead_id,
    coalesce(contact_id, lead_id) as crm_record_id, map_id as map_record_id
from persons;
create macro deal_id(number) as opportunity_id(number);
"""
KNOWN_TO_ONE = """
create view known as
select
    *, null::varchar as crm_lead_id, null::varchar as crm_contact_id, null::varchar as crm_merged_lead_id,
    map_id::varchar as crm_record_id, map_id as map_record_id
from persons;
create macro deal_id(number) as hubspot_id('deal', number);
"""


def exports(con: duckdb.DuckDBPyConnection, stages: tuple[str, ...], pair: str) -> dict[str, str]:
    """Table → query, once the pair's systems have been written; `stages` are the words for the codes."""
    words = ", ".join(f"'{word}'" for word in stages)
    con.execute(f"create macro stage_word(code) as case when code >= 0 then [{words}][code + 1] end")
    con.execute(KNOWN_TO_ONE if pair == "hubspot" else KNOWN)
    is_alone = pair == "hubspot"
    return {
        "people": PEOPLE,
        "records": f"""
            select system, record_id, person_id from ({" union all ".join(RECORDS[pair])})
            where record_id is not null order by system, record_id
        """,
        "stages": STAGES,
        "faults": FAULTS,
        "in_flight": IN_FLIGHT,
        "conversions": CONVERSIONS,
        "handovers": HANDOVERS,
        "owners": OWNERS_IN_HUBSPOT if is_alone else OWNERS_IN_SALESFORCE,
        "sales_touches": TOUCHES_IN_HUBSPOT if is_alone else TOUCHES_IN_SALESFORCE,
    }
