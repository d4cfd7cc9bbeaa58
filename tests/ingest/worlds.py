"""Reading a world's files as a stranger would: the CSVs as tables of text, and a second opinion on who is a mismatch.

The opinion is written from lifecycle.md's comparison rules and the sample's vocabulary, not from the world's code.
"""

from pathlib import Path

import duckdb

END = "2026-03-31T22:00:00Z"

OPINION = """
with opened as (
    select
        roles.ContactId as contact_id, arg_max(StageName, opportunities.CreatedDate) as value,
        arg_max(coalesce(Closed_At__c, opportunities.CreatedDate), opportunities.CreatedDate) as since
    from crm_opportunities as opportunities
    join crm_opportunity_contact_roles as roles on roles.OpportunityId = opportunities.Id and roles.IsPrimary = 'true'
    group by 1
),
statuses as (
    select LeadId as lead_id, max(CreatedDate) as since from crm_lead_history where Field = 'Status' group by 1
),
lifecycles as (
    select leadId as map_id, max(activityDate) as since from map_lifecycle_history group by 1
),
sides as (
    select
        people.person_id, people.crm_record_id, people.map_record_id,
        coalesce(opened.value, leads.Status) as crm_value, coalesce(opened.since, statuses.since) as crm_since,
        mapped.lifecycleStage as map_value, lifecycles.since as map_since
    from truth_people as people
    left join opened on opened.contact_id = people.crm_contact_id
    left join crm_leads as leads on leads.Id = people.crm_lead_id
    left join statuses on statuses.lead_id = people.crm_lead_id
    left join map_people as mapped on mapped.id = people.map_record_id
    left join lifecycles on lifecycles.map_id = people.map_record_id
    where not people.is_excluded::boolean
),
stands as (
    select
        *, greatest(crm_since, map_since) as since,
        case crm_value
            when 'Open - Not Contacted' then ['inquiry', 'mql'] when 'Working - Contacted' then ['sal']
            when 'Qualified' then ['sql'] when 'Nurture' then ['recycled'] when 'Unqualified' then ['disqualified']
            when 'Prospecting' then ['opportunity'] when 'Proposal' then ['opportunity']
            when 'Negotiation' then ['opportunity'] when 'Closed Won' then ['won'] when 'Closed Lost' then ['lost']
        end as crm_set,
        case map_value
            when 'Engaged' then ['inquiry'] when 'MQL' then ['mql'] when 'SAL' then ['sal'] when 'SQL' then ['sql']
            when 'Opportunity' then ['opportunity'] when 'Customer' then ['won'] when 'Recycled' then ['recycled']
            when 'Disqualified' then ['disqualified'] when 'Lost' then ['lost']
        end as map_set
    from sides
),
judged as (
    select
        *,
        case
            when crm_record_id is null then case when map_set <> ['inquiry'] then 'missing_record' end
            when map_record_id is null then case when crm_set <> ['inquiry', 'mql'] then 'missing_record' end
            when crm_value is null or crm_value = 'Imported' or map_value is null then null
            when crm_set is null or map_set is null then 'unmapped_value'
            when not list_has_any(crm_set, map_set) then 'conflict'
        end as cause
    from stands
)
select person_id, cause, since, since > '2026-03-31T21:30:00Z' as is_in_flight from judged where cause is not null
"""


def opened(out: Path) -> duckdb.DuckDBPyConnection:
    """Every CSV of a world as a table of text columns: crm/leads.csv is crm_leads."""
    con = duckdb.connect()
    for file in sorted(out.glob("*/*.csv")):
        name = f"{file.parent.name}_{file.stem}"
        con.execute(f"create table {name} as from read_csv('{file}', all_varchar = true, header = true)")
    return con


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """All rows of a query."""
    return con.execute(query).fetchall()


def value(con: duckdb.DuckDBPyConnection, query: str):
    """The one value of a query."""
    return con.execute(query).fetchone()[0]
