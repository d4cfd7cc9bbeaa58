"""Reading a world's files as a stranger would: each object as a view, and a second opinion on who is a mismatch.

The opinion is written from lifecycle.md's comparison rules and the example agreement of Salesforce with Marketo, not
from the world's code.
"""

import tempfile
from functools import cache
from pathlib import Path

import duckdb

from ingest import world

END = "2026-03-31 22:00:00"
TOLERANCE = 1800

# the two worlds of PEOPLE in which a tenth of those who could have a fault have it, each person one at most; in one
# world there would be too few for all
PEOPLE, SEED, RATE = 4000, 13, 0.1
AMONG_ALL = ("conflict", "not_synced", "unmapped_value", "missing_record", "deleted_record", "merged_record")
OF_SOME = ("duplicate_record", "conversion_gap", "no_contact_role", "converted_twice", "converted_by_marketo")
OF_SOME += ("back_dated_close", "winner_created_later", "collision")
FREQUENT = [(PEOPLE, SEED, tuple((fault, RATE) for fault in faults)) for faults in (AMONG_ALL, OF_SOME)]

OPINION = """
with changes as (
    select leadId, activityDate as since, attributes ->> 'New Stage' as value, attributes ->> 'Reason' as reason
    from marketo.activities where activityTypeId = 101
    qualify row_number() over (partition by leadId order by activityDate desc, marketoGUID::bigint desc) = 1
),
merges as (
    select leadId, max(activityDate) as merged_at from marketo.activities where activityTypeId = 32 group by 1
),
people as (
    select known.*, lower(trim(own.Email)) as address
    from truth.people as known left join salesforce.Lead as own on own.Id = crm_lead_id
    where not is_excluded
),
leads as (  -- the living leads of a person, the last updated first
    select
        person_id, l.Id, l.Status, l.IsConverted, l.CreatedDate, l.Id = crm_lead_id as is_own, count(*) over w as count
    from people join salesforce.Lead as l on l.Id = crm_lead_id or lower(trim(l.Email)) = address
    where not l.IsDeleted and l.MasterRecordId is null and l.Status <> 'Existing Contact'
    window w as (partition by person_id)
    qualify row_number() over (partition by person_id order by l.LastModifiedDate desc) = 1
),
statuses as (
    select LeadId, max(CreatedDate) as since, arg_max(OldValue, CreatedDate) as before
    from salesforce.LeadHistory where Field = 'Status' group by 1
),
deals as (
    select r.ContactId, o.StageName as value, coalesce(h.since, o.CreatedDate) as since
    from salesforce.Opportunity as o
    join salesforce.OpportunityContactRole as r on r.OpportunityId = o.Id and r.IsPrimary
    left join (
        select OpportunityId, max(CreatedDate) as since from salesforce.OpportunityFieldHistory
        where Field = 'StageName' and NewValue like 'Closed%' group by 1
    ) as h on h.OpportunityId = o.Id
    qualify row_number() over (partition by r.ContactId order by o.CreatedDate desc) = 1
),
sides as (
    select
        people.person_id, m.id as map_id, m.sfdcType, m.sfdcLeadId, m.sfdcContactId, c.AccountId,
        coalesce(c.Id, leads.Id) as crm_id, crm_contact_id, leads.IsConverted,
        coalesce(deals.value, leads.Status) as crm_value,
        case when deals.value is not null then deals.since when not leads.is_own then leads.CreatedDate
            else coalesce(statuses.since, leads.CreatedDate) end as crm_since,
        changes.value as map_value, changes.since as map_since, merges.merged_at, leads.count as lead_count,
        gone.LastModifiedDate as deleted_at
    from people
    left join marketo.leads as m on m.id = map_record_id
    left join salesforce.Contact as c on c.Id = crm_contact_id
    left join leads using (person_id)
    left join statuses on statuses.LeadId = leads.Id
    left join deals on deals.ContactId = crm_contact_id
    left join changes on changes.leadId = m.id
    left join merges on merges.leadId = m.id
    left join salesforce.Lead as gone on gone.Id = crm_lead_id and gone.IsDeleted and gone.MasterRecordId is null
),
stands as (
    select
        *, coalesce(deleted_at, greatest(crm_since, map_since)) as since,
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
            when crm_id is null and map_id is null then null
            when crm_id is null and deleted_at is not null then 'deleted_record'
            when crm_id is null then case when map_set <> ['inquiry'] then 'missing_record' end
            when map_id is null then case when crm_set <> ['inquiry', 'mql'] then 'missing_record' end
            when crm_value is null or crm_value = 'Imported' or map_value is null then null
            when list_has_any(coalesce(crm_set, []), coalesce(map_set, [])) then null
            when sfdcLeadId in (select Id from salesforce.Lead where MasterRecordId is not null) then 'merged_record'
            when map_since between merged_at and merged_at + interval 1 minute then 'merged_record'
            when IsConverted and sfdcType = 'Lead' and sfdcContactId is null then 'conversion_gap'
            when lead_count > 1 then 'duplicate_record'
            when crm_set is null or map_set is null then 'unmapped_value'
            when crm_contact_id not in (select ContactId from salesforce.OpportunityContactRole) and AccountId in (
                select o.AccountId from salesforce.Opportunity as o
                where not o.IsClosed and ['opportunity'] = map_set
            ) then 'no_contact_role'
            when crm_since > map_since then 'not_synced'
            else 'conflict'
        end as cause
    from stands
)
select
    person_id, cause, since, since > timestamp '2026-03-31 21:30:00' as is_in_flight,
    case
        when cause = 'unmapped_value' then case when crm_set is null then 'crm' else 'map' end
        when map_id is null then 'map' when crm_id is null then 'crm'
        when list_contains(map_set, really) then 'crm' when list_contains(crm_set, really) then 'map'
    end as wrong_side,
    case when cause <> 'unmapped_value' then case wrong_side when 'crm' then crm_set[1] else map_set[1] end end as held,
    really as due
from judged
join (
    select person_id, arg_max(stage, entered_at) as really from truth.stages group by 1
) using (person_id)
where cause is not null
"""


@cache
def written(
    people: int, seed: int, faults: tuple[tuple[str, float], ...] | None = (), pair: str = "salesforce-marketo"
) -> Path:
    """The folder of a world, made once in a session; `faults`: names with rates, () none, None the sample's."""
    folder = tempfile.TemporaryDirectory()
    _FOLDERS.append(folder)  # removed with it when the session ends
    rates = None if faults is None else dict(faults)
    world.write(Path(folder.name), people=people, seed=seed, pair=pair, faults=rates)
    return Path(folder.name)


_FOLDERS: list[tempfile.TemporaryDirectory] = []


def opened(out: Path) -> duckdb.DuckDBPyConnection:
    """Every object of a world as a view, of all its parts: salesforce/Lead-0001.parquet is in salesforce.Lead."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    for folder in (path for path in sorted(out.iterdir()) if path.is_dir()):
        con.execute(f"create schema {folder.name}")
        for object in sorted({file.stem.split("-")[0] for file in folder.glob("*.parquet")}):
            parts = sorted(folder.glob(f"{object}.parquet")) or sorted(folder.glob(f"{object}-*.parquet"))
            con.execute(f'create view {folder.name}."{object}" as from read_parquet({[str(part) for part in parts]!r})')
    return con


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """All rows of a query."""
    return con.execute(query).fetchall()


def value(con: duckdb.DuckDBPyConnection, query: str):
    """The one value of a query."""
    return con.execute(query).fetchone()[0]
