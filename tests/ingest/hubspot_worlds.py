"""Reading a world with HubSpot as a stranger would, and a second opinion on who is a mismatch, since when and why.

The opinion is written from lifecycle.md's comparison rules and causes and from the values' meanings, not from the
world's code. It asks the truth only which records are one person.
"""

from pathlib import Path

import duckdb

END = "2026-03-31 22:00:00"
MEANING = {
    "Open - Not Contacted": ("inquiry", "mql"),
    "NEW": ("inquiry", "mql"),
    "OPEN_DEAL": ("sql", "opportunity"),
    "sal": ("Working - Contacted", "IN_PROGRESS", "1043550021"),
    "sql": ("Qualified", "QUALIFIED", "salesqualifiedlead"),
    "recycled": ("Nurture", "BAD_TIMING", "1043550022"),
    "disqualified": ("Unqualified", "UNQUALIFIED", "1043550023"),
    "inquiry": ("lead",),
    "mql": ("marketingqualifiedlead",),
    "opportunity": (
        *("Prospecting", "Proposal", "Negotiation", "opportunity"),
        *("appointmentscheduled", "presentationscheduled", "contractsent"),
    ),
    "won": ("Closed Won", "closedwon", "customer"),
    "lost": ("Closed Lost", "closedlost", "1043550024"),
}
RANGES = ("Open - Not Contacted", "NEW", "OPEN_DEAL")
SILENT = ("Imported", "Existing Contact", "subscriber", "")

CONTACTS = """
create table contacts as
select
    id, archived, properties.*, "propertiesWithHistory".lifecyclestage as stages,
    "propertiesWithHistory".hs_lead_status as statuses, createdAt, updatedAt
from hubspot_contacts
"""

# value, since, before: what the CRM says, since when, and what it said before; role: a stage by a role of one's own
BESIDE_SALESFORCE = """
create table crm as
with live as (
    select
        people.person_id, leads.*,
        row_number() over (partition by people.person_id order by leads.LastModifiedDate desc, leads.Id) as choice
    from truth_people as people
    join salesforce_Lead as leads on leads.Id = people.crm_lead_id
        or lower(trim(leads.Email)) = (select lower(trim(Email)) from salesforce_Lead where Id = people.crm_lead_id)
    where not leads.IsDeleted and leads.MasterRecordId is null
),
changed as (
    select LeadId, max(CreatedDate) as since, arg_max(OldValue, CreatedDate) as before
    from salesforce_LeadHistory where Field = 'Status' group by 1
),
sold as (
    select roles.ContactId, arg_max(opportunities.Id, opportunities.CreatedDate) as Id
    from salesforce_Opportunity as opportunities
    join salesforce_OpportunityContactRole as roles on roles.OpportunityId = opportunities.Id and IsPrimary group by 1
),
moved as (
    select OpportunityId, max(CreatedDate) as since from salesforce_OpportunityFieldHistory
    where NewValue like 'Closed%' group by 1
)
select
    people.person_id, people.crm_record_id as record_id, opportunities.Id is not null as has_role,
    case
        when opportunities.Id is null or opportunities.StageName = 'Closed Lost' and changed.since > moved.since
            then live.Status else opportunities.StageName
    end as value,
    case when opportunities.Id is null then coalesce(changed.since, live.CreatedDate)
        else coalesce(moved.since, opportunities.CreatedDate) end as since,
    case when opportunities.Id is null then changed.before end as before,
    (select list(StageName) from salesforce_Opportunity as of_account where of_account.AccountId = contacts.AccountId)
        as account_values,
    (select list(distinct Status) from live as each where each.person_id = people.person_id) as record_values
from truth_people as people
left join live on live.person_id = people.person_id and choice = 1
left join changed on changed.LeadId = live.Id
left join salesforce_Contact as contacts on contacts.Id = people.crm_contact_id
left join sold on sold.ContactId = people.crm_contact_id
left join salesforce_Opportunity as opportunities on opportunities.Id = sold.Id
left join moved on moved.OpportunityId = opportunities.Id
"""
ALONE = """
create table crm as
with deals as (
    select
        id, properties.dealstage as stage, "createdAt"::timestamp as created_at,
        "propertiesWithHistory".dealstage[1].timestamp::timestamp as since
    from hubspot_deals
),
sold as (
    select to_id as contact_id, arg_max(deals.id, created_at) as id
    from hubspot_associations join deals on deals.id = from_id
    where from_object = 'deal' and to_object = 'contact' and label = 'Primary' group by 1
),
of_company as (
    select to_id as company_id, list(distinct stage) as stages
    from hubspot_associations join deals on deals.id = from_id
    where from_object = 'deal' and to_object = 'company' group by 1
)
select
    people.person_id, people.map_record_id::varchar as record_id, sold.id is not null as has_role,
    coalesce(deals.stage, nullif(hs_lead_status, '')) as value,
    case
        when deals.id is null then statuses[1].timestamp::timestamp
        when stands_for(deals.stage) = ['opportunity'] then deals.created_at else deals.since
    end as since,
    case when deals.id is null then statuses[2].value end as before, of_company.stages as account_values,
    [hs_lead_status] as record_values
from truth_people as people
join contacts on contacts.id = people.map_record_id::varchar
left join sold on sold.contact_id = contacts.id
left join deals on deals.id = sold.id
left join of_company on of_company.company_id = associatedcompanyid
"""

# what becomes of the lead to which a contact in HubSpot points; where HubSpot stands alone it points at none
LINKED_LEADS = """
create table linked_leads as
select
    contacts.id as contact_id, leads.IsDeleted and leads.MasterRecordId is null as is_gone,
    leads.MasterRecordId is not null as has_lost, leads.IsConverted as is_converted,
    coalesce(leads.MasterRecordId, '') as survivor, leads.LastModifiedDate as ended_at
from contacts join salesforce_Lead as leads on leads.Id = contacts.salesforceleadid
"""
NO_LINKED_LEADS = """
create table linked_leads (
    contact_id varchar, is_gone boolean, has_lost boolean, is_converted boolean, survivor varchar, ended_at timestamp
)
"""

OPINION = """
with sides as (
    select
        people.person_id, crm.* exclude (person_id), contacts.id as map_id, nullif(lifecyclestage, '') as map_value,
        stages[1].timestamp::timestamp as map_since, stages[1].sourceType as writer,
        companies.properties.lifecyclestage as company_value, linked_leads.* exclude (contact_id),
        case when is_gone then ended_at else greatest(crm.since, map_since) end as parted_at
    from truth_people as people
    left join crm using (person_id)
    left join contacts on contacts.id = people.map_record_id::varchar and not archived
    left join hubspot_companies as companies on companies.id = associatedcompanyid
    left join linked_leads on linked_leads.contact_id = contacts.id
    where not is_excluded and not coalesce(is_deleted, false)
),
stands as (
    select *, stands_for(value) as crm_set, stands_for(map_value) as map_set, stands_for(before) as before_set
    from sides
),
judged as (
    select *,
        case
            when is_gone then case when map_set <> ['inquiry'] then 'deleted_record' end
            when record_id is null then case when map_set <> ['inquiry'] then 'missing_record' end
            when map_id is null then case when crm_set <> ['inquiry', 'mql'] then 'missing_record' end
            when is_silent(value) or is_silent(map_value) or list_has_any(crm_set, map_set) then null
            when has_lost then 'merged_record'
            when is_converted then 'conversion_gap'
            when list_bool_or([
                list_has_any(stands_for(v), map_set) for v in record_values
            ]) and len(record_values) > 1 then 'duplicate_record'
            when crm_set is null or map_set is null then 'unmapped_value'
            when not has_role and list_bool_or([list_has_any(stands_for(v), map_set) for v in account_values])
                then 'no_contact_role'
            when writer = 'COMPANIES' and map_value = company_value and not has_role then 'account_push'
            when writer in ('SALESFORCE', 'DEALS', 'COMPANIES') and rank_of(crm_set[1]) <= rank_of(map_set[1])
                then 'forward_only'
            when list_has_any(before_set, map_set) then 'not_synced'
            else 'conflict'
        end as cause
    from stands
)
select
    person_id, cause,
    case when cause = 'missing_record' then coalesce(since, map_since) else parted_at end as parted_at
from judged where cause is not null
"""


def opened(out: Path, pair: str) -> duckdb.DuckDBPyConnection:
    """Every file of a world as a table: hubspot/contacts.parquet is hubspot_contacts; and what the opinion reads."""
    con = duckdb.connect()
    for file in sorted(out.glob("*/*.parquet")):
        con.execute(f"create view {file.parent.name}_{file.stem} as from '{file}'")
    meanings = {
        value: list(MEANING[value]) if value in RANGES else [stage]
        for stage, values in MEANING.items()
        for value in ([stage] if stage in RANGES else values)
    }
    con.execute(f"create macro stands_for(v) as (map {meanings!r})[v]")
    con.execute(f"create macro is_silent(v) as v is null or v in {SILENT!r}")
    path = ["inquiry", "mql", "sal", "sql", "opportunity", "won"]
    con.execute(f"create macro rank_of(stage) as coalesce(list_position({path!r}, stage), 0)")
    con.execute(CONTACTS)
    con.execute(ALONE if pair == "hubspot" else BESIDE_SALESFORCE)
    con.execute(NO_LINKED_LEADS if pair == "hubspot" else LINKED_LEADS)
    return con


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """All rows of a query."""
    return con.execute(query).fetchall()


def value(con: duckdb.DuckDBPyConnection, query: str):
    """The one value of a query."""
    return con.execute(query).fetchone()[0]
