"""The CRM's exports: leads, contacts, accounts, opportunities with their histories, shaped after Salesforce.

It reads the truth (`persons`, `events`, `deals`, …) and writes down what the CRM would know of it at the end.
"""

import duckdb

TABLES = """
create table lead_values as
with written as (
    select person, created_lead_at as moment, 'Imported' as value, 'U091' as changed_by from persons where kind = 1
    union all
    select person, synced_at, 'Open - Not Contacted', 'U090' from events where stage = 1 and is_copied
    union all
    select
        person, events.moment,
        case
            when written <> '' then written
            when stage = 2 then 'Working - Contacted' when stage = 3 then 'Qualified'
            when stage = 6 then 'Nurture' else 'Unqualified'
        end,
        sdr_id
    from events join persons using (person)
    where stage in (2, 3, 6, 7)
    union all
    select person, edits.moment, value, sdr_id from edits join persons using (person) where side = 1
),
ordered as (
    select *, lag(value) over (partition by person order by moment) as old_value from written
    where moment <= world_end()
)
select * from ordered where value is distinct from old_value;

create table lead_owners as
with owned as (
    select person, created_lead_at as moment, 0 as n, 'U091' as value from persons where kind = 1
    union all
    select person, synced_at, 1, case when handovers.assigned_at = synced_at then sdr_id else 'Q01' end
    from handovers join events using (person, cycle) join persons using (person)
    where stage = 1 and is_copied
    union all
    select person, handovers.assigned_at, 2, sdr_id from handovers join persons using (person)
    where handovers.assigned_at > 0
),
ordered as (
    select *, lag(value) over (partition by person order by moment, n) as old_value from owned
    where moment <= world_end()
)
select * from ordered where value is distinct from old_value;

create table deal_values as
with written as (
    select deal, opened_at as moment, 'Prospecting' as value from deals
    union all
    select deal, opened_at + (closed_at - opened_at) * 3 // 10, 'Proposal' from deals
    where not is_straight or outcome = 1
    union all
    select deal, opened_at + (closed_at - opened_at) * 6 // 10, 'Negotiation' from deals
    where not is_straight or outcome = 1
    union all
    select deal, closed_at, case outcome when 1 then 'Closed Won' else 'Closed Lost' end from deals where outcome > 0
)
select *, lag(value) over (partition by deal order by moment) as old_value from written where moment <= world_end();

create table lead_now as
select
    persons.*, status.value as status, status.moment as status_at, owner.value as lead_owner, owner.moment as owner_at,
    converted.deal as converted_deal, converted.opened_at as converted_at
from persons
left join (select person, arg_max(value, moment) as value, max(moment) as moment from lead_values group by person)
    as status using (person)
left join (
    select person, arg_max(value, moment * 3 + n) as value, max(moment) as moment from lead_owners group by person
) as owner using (person)
left join (select person, deal, opened_at from deals where is_first) as converted using (person)
where lead_id is not null;
"""

LEADS = """
select
    lead_id as "Id", crm_email as "Email", first_name as "FirstName", last_name as "LastName", title as "Title",
    firm_name as "Company", phone as "Phone", country as "Country", source_name as "LeadSource", status as "Status",
    case status
        when 'Nurture' then ['Bad Timing', 'No Budget', 'No Response'][person % 3 + 1]
        when 'Unqualified' then ['Bad Fit', 'No Need', 'Competitor', 'Invalid Contact Data'][person % 4 + 1]
    end as "Rejection_Reason__c",
    lead_owner as "OwnerId", converted_deal is not null as "IsConverted", strftime(local_date(converted_at), '%Y-%m-%d')
        as "ConvertedDate",
    case when converted_deal is not null then account_id end as "ConvertedAccountId",
    case when converted_deal is not null then contact_id end as "ConvertedContactId",
    opportunity_id(converted_deal) as "ConvertedOpportunityId", null as "MasterRecordId", false as "IsDeleted",
    crm_external_id as "External_Id__c", iso(created_lead_at) as "CreatedDate",
    iso(greatest(status_at, owner_at, converted_at)) as "LastModifiedDate"
from lead_now
union all
select
    duplicate_lead_id, upper(crm_email), first_name, last_name, title, firm_name, null, country, null,
    'Open - Not Contacted', null,
    'U091', false, null, null, null, null, lead_id, true, null, iso(duplicate_at), iso(merged_at)
from persons
where duplicate_lead_id is not null
order by "CreatedDate", "Id"
"""

LEAD_HISTORY = """
with changes as (
    select lead_id, moment, 0 as kind, 'Status' as field, old_value, value, changed_by
    from lead_values join persons using (person) where lead_id is not null
    union all
    select lead_id, moment, 1, 'Owner', old_value, value, case when value = 'Q01' then 'U090' else value end
    from lead_owners join persons using (person) where lead_id is not null
    union all
    select duplicate_lead_id, duplicate_at, 0, 'Status', null, 'Open - Not Contacted', 'U091'
    from persons where duplicate_lead_id is not null
)
select
    salesforce_id('017', row_number() over (order by moment, lead_id, kind)) as "Id", lead_id as "LeadId",
    field as "Field",
    old_value as "OldValue", value as "NewValue", iso(moment) as "CreatedDate", changed_by as "CreatedById"
from changes
order by moment, lead_id, kind
"""

CONTACTS = """
select
    contact_id as "Id", account_id as "AccountId", crm_email as "Email", first_name as "FirstName",
    last_name as "LastName",
    title as "Title", phone as "Phone", country as "MailingCountry", source_name as "LeadSource", ae_id as "OwnerId",
    case when matched_by = 0 then map_id end as "Marketing_Id__c", crm_external_id as "External_Id__c",
    false as "IsDeleted",
    null as "MasterRecordId", iso(created_contact_at) as "CreatedDate", iso(created_contact_at) as "LastModifiedDate"
from persons
where contact_id is not null
order by created_contact_at, contact_id
"""

ACCOUNTS = """
select
    account_id as "Id", any_value(firm_name) as "Name", any_value(firm_domain) as "Domain__c",
    any_value(industry) as "Industry",
    20 + firm * 37 % 4800 as "NumberOfEmployees", any_value(firm_country) as "BillingCountry", null as "ParentId",
    'U0' || lpad((7 + firm % 6)::varchar, 2, '0') as "OwnerId",
    iso(case when firm % 5 < 2 then world_start() else min(created_contact_at) end) as "CreatedDate",
    false as "IsDeleted"
from persons
where contact_id is not null
group by firm, account_id
order by account_id
"""

OPPORTUNITIES = """
select
    opportunity_id(deal) as "Id", account_id as "AccountId", contact_id as "ContactId",
    firm_name || ' ' || cycle as "Name",
    stage.value as "StageName", amount::decimal(18, 2) as "Amount",
    case when is_usd then 'USD' else 'EUR' end as "CurrencyIsoCode",
    stage.value in ('Closed Won', 'Closed Lost') as "IsClosed", stage.value = 'Closed Won' as "IsWon",
    strftime(
        local_date(greatest(closed_at, case when stage.value like 'Closed%' then 0 else world_end() + 432000 end)),
        '%Y-%m-%d'
    ) as "CloseDate",
    case when stage.value like 'Closed%' then iso(closed_at) end as "Closed_At__c", ae_id as "OwnerId",
    iso(opened_at) as "CreatedDate", iso(stage.moment) as "LastModifiedDate", false as "IsDeleted"
from deals
join persons using (person)
join (select deal, arg_max(value, moment) as value, max(moment) as moment from deal_values group by deal)
    as stage using (deal)
order by opened_at, deal
"""

OPPORTUNITY_HISTORY = """
select
    salesforce_id('008', row_number() over (order by moment, deal)) as "Id", opportunity_id(deal) as "OpportunityId",
    old_value as "OldStageName", value as "StageName", iso(moment) as "CreatedDate", ae_id as "CreatedById"
from deal_values join deals using (deal) join persons using (person)
order by moment, deal
"""

ROLES = """
with seated as (
    select deal, contact_id, 'Decision Maker' as role, true as is_primary, opened_at as moment from deals
    join persons using (person)
    union all
    select deal, contact_id, ['Influencer', 'Evaluator', 'Economic Buyer'][person % 3 + 1], false, seats.moment
    from seats join persons using (person) where contact_id is not null
)
select
    salesforce_id('00K', row_number() over (order by moment, deal, contact_id)) as "Id",
    opportunity_id(deal) as "OpportunityId",
    contact_id as "ContactId", role as "Role", is_primary as "IsPrimary", iso(moment) as "CreatedDate"
from seated
order by moment, deal, contact_id
"""

TASKS = """
with known as (
    select
        tasks.*,
        case
            when contact_id is not null and moment >= created_contact_at then contact_id
            when moment >= created_lead_at then lead_id
        end as who_id,
        case when deal >= 0 then ae_id else sdr_id end as owner_id
    from tasks join persons using (person)
)
select
    salesforce_id('00T', row_number() over (order by moment, n)) as "Id", who_id as "WhoId",
    case when deal >= 0 then opportunity_id(deal) end as "WhatId", owner_id as "OwnerId",
    ['Call', 'Email', 'Meeting'][type + 1] as "Type",
    case when is_done then 'Completed' else 'Not Started' end as "Status",
    case when is_inbound then 'Inbound' else 'Outbound' end as "Direction__c", is_automated as "Is_Automated__c",
    strftime(local_date(moment), '%Y-%m-%d') as "ActivityDate", iso(moment) as "CreatedDate"
from known
where who_id is not null and moment <= world_end()
order by moment, n
"""

USERS = """
select
    user_id as "Id", name as "Name", lower(replace(user_id, 'U', 'user')) || '@ourco.example' as "Email",
    user_type as "UserType",
    true as "IsActive"
from staff
order by n
"""

CAMPAIGNS = """
select
    salesforce_id('701', n + 1) as "Id", name as "Name", channel as "Type", cost as "ActualCost",
    'EUR' as "CurrencyIsoCode",
    strftime(local_date(world_start()), '%Y-%m-%d') as "StartDate"
from programs
order by n
"""


def exports(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """File → query."""
    con.execute(TABLES)
    return {
        "crm/leads.csv": LEADS,
        "crm/lead_history.csv": LEAD_HISTORY,
        "crm/contacts.csv": CONTACTS,
        "crm/accounts.csv": ACCOUNTS,
        "crm/opportunities.csv": OPPORTUNITIES,
        "crm/opportunity_history.csv": OPPORTUNITY_HISTORY,
        "crm/opportunity_contact_roles.csv": ROLES,
        "crm/tasks.csv": TASKS,
        "crm/users.csv": USERS,
        "crm/campaigns.csv": CAMPAIGNS,
    }
