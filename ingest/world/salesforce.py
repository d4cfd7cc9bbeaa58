"""Salesforce as it would stand at the end: its objects, their field history, in the vendor's own names and id formats.

It reads the truth (`persons`, `events`, `deals`, …) and writes down what the CRM would know of it. Deleted and merged
rows are still there, as in a company that has loaded daily. Field history has no row for the value that a record was
created with, and no order within a second (pitfall 21).
"""

import duckdb

from ingest.world import salesforce_fields, salesforce_work
from ingest.world.salesforce_work import OF_ALL

__all__ = ["OF_ALL", "exports"]

LEADS = """
select
    lead_id as "Id", first_name as "FirstName", last_name as "LastName", first_name || ' ' || last_name as "Name",
    crm_email as "Email", title as "Title", firm_name as "Company", phone as "Phone", country as "Country",
    status as "Status", source_name as "LeadSource", industry as "Industry", user_id(lead_owner) as "OwnerId",
    converted_deal is not null as "IsConverted",
    local_date(coalesce(converted_again_at, converted_at)) as "ConvertedDate",
    case when converted_deal is not null then coalesce(second_account_id, account_id) end as "ConvertedAccountId",
    case when converted_deal is not null then coalesce(second_contact_id, contact_id) end as "ConvertedContactId",
    case when no_role_at is null and converted_again_at is null then opportunity_id(converted_deal) end
        as "ConvertedOpportunityId",
    null::varchar as "MasterRecordId", gone_at is not null as "IsDeleted",
    user_id(case kind when 1 then 'U091' else 'U090' end) as "CreatedById", stamp(created_lead_at) as "CreatedDate",
    user_id(touched_last_by) as "LastModifiedById", stamp(touched_last_at) as "LastModifiedDate",
    stamp(touched_last_at) as "SystemModstamp",
    case when reason_for = status_at then reason end as "Rejection_Reason__c", crm_external_id as "External_Id__c"
from lead_now
union all by name
select
    duplicate_lead_id as "Id", first_name as "FirstName", last_name as "LastName",
    first_name || ' ' || last_name as "Name", upper(crm_email) as "Email", title as "Title", firm_name as "Company",
    country as "Country", 'Open - Not Contacted' as "Status", industry as "Industry", user_id('U091') as "OwnerId",
    false as "IsConverted", lead_id as "MasterRecordId", true as "IsDeleted", user_id('U091') as "CreatedById",
    stamp(duplicate_at) as "CreatedDate", stamp(merged_at) as "LastModifiedDate", stamp(merged_at) as "SystemModstamp"
from persons
where duplicate_lead_id is not null
union all by name
select
    second_lead_id as "Id", first_name as "FirstName", last_name as "LastName",
    first_name || ' ' || last_name as "Name", crm_email as "Email", firm_name as "Company", 'Nurture' as "Status",
    user_id('U091') as "OwnerId", false as "IsConverted", false as "IsDeleted", user_id('U091') as "CreatedById",
    stamp(doubled_at) as "CreatedDate", stamp(world_end() - 60) as "LastModifiedDate", stamp(world_end() - 60)
        as "SystemModstamp"
from persons
where second_lead_id is not null
union all by name
select
    answer_lead_id as "Id", first_name as "FirstName", last_name as "LastName",
    first_name || ' ' || last_name as "Name", map_email as "Email", title as "Title", firm_name as "Company",
    case when answer_joined_at is null then 'Open - Not Contacted' else 'Existing Contact' end as "Status",
    'Website' as "LeadSource", user_id('Q01') as "OwnerId", answer_joined_at is not null as "IsConverted",
    local_date(answer_joined_at) as "ConvertedDate",
    case when answer_joined_at is not null then account_id end as "ConvertedAccountId",
    case when answer_joined_at is not null then contact_id end as "ConvertedContactId",
    false as "IsDeleted", user_id('U090') as "CreatedById", stamp(answer_lead_at) as "CreatedDate",
    stamp(coalesce(answer_joined_at, answer_lead_at)) as "LastModifiedDate",
    stamp(coalesce(answer_joined_at, answer_lead_at)) as "SystemModstamp", crm_external_id as "External_Id__c"
from persons
where answer_lead_id is not null
order by "CreatedDate", "Id"
"""

LEAD_HISTORY = """
with changes as (
    select lead_id, moment, 1 as kind, 'Status' as field, 'DynamicEnum' as data_type, old_value, value, changed_by
    from lead_values join persons using (person) where old_value is not null
    union all
    select lead_id, moment, 2, 'Owner', 'EntityId', user_id(old_value), user_id(value), changed_by
    from lead_owners join persons using (person) where old_value is not null
    union all
    select lead_id, moment, 3, 'Owner', 'Text', held.name, staff.name, changed_by
    from lead_owners join persons using (person)
    join staff on staff.user_id = value join staff as held on held.user_id = old_value
    where old_value is not null
    union all
    select lead_id, moment, 4, 'Rejection_Reason__c', 'DynamicEnum', old_reason, reason, changed_by
    from reasons join persons using (person) where reason is distinct from old_reason
    union all
    select
        lead_id, converted_at, 5, 'leadConverted', 'Text', null, null,
        case when converted_by_marketo_at is null then sdr_id else 'U090' end
    from lead_now
    where converted_at is not null
    union all
    select lead_id, converted_again_at, 5, 'leadConverted', 'Text', null, null, sdr_id from lead_now
    where converted_again_at is not null
    union all
    select lead_id, merged_at, 6, 'leadMerged', 'Text', null, null, 'U091' from persons
    where duplicate_lead_id is not null
    union all
    select answer_lead_id, answer_joined_at, 1, 'Status', 'DynamicEnum', 'Open - Not Contacted', 'Existing Contact',
    'U090'
    from persons where answer_joined_at is not null
    union all
    select answer_lead_id, answer_joined_at, 5, 'leadConverted', 'Text', null, null, 'U090'
    from persons where answer_joined_at is not null
)
select
    salesforce_id('017', row_number() over (order by moment, lead_id, kind) + block_base()) as "Id",
    lead_id as "LeadId", field as "Field", data_type as "DataType", old_value as "OldValue", value as "NewValue",
    user_id(changed_by) as "CreatedById", stamp(moment) as "CreatedDate", false as "IsDeleted"
from changes
where moment >= history_from()
order by moment, lead_id, kind
"""

CONTACTS = """
select
    contact_id as "Id", account_id as "AccountId", first_name as "FirstName", last_name as "LastName",
    first_name || ' ' || last_name as "Name", crm_email as "Email", title as "Title", phone as "Phone",
    country as "MailingCountry", source_name as "LeadSource", user_id(ae_id) as "OwnerId",
    null::varchar as "MasterRecordId", false as "IsDeleted", user_id(contact_made_by) as "CreatedById",
    stamp(created_contact_at) as "CreatedDate",
    user_id(case when contact_changed_at > created_contact_at then 'U091' else contact_made_by end)
        as "LastModifiedById",
    stamp(contact_changed_at) as "LastModifiedDate", stamp(contact_changed_at) as "SystemModstamp",
    crm_external_id as "External_Id__c"
from contacts_now
union all by name
select
    merged_contact_id as "Id", account_id as "AccountId", first_name as "FirstName", last_name as "LastName",
    first_name || ' ' || last_name as "Name", upper(crm_email) as "Email", user_id(ae_id) as "OwnerId",
    contact_id as "MasterRecordId", true as "IsDeleted", user_id('U091') as "CreatedById",
    stamp(merged_contact_made_at) as "CreatedDate", user_id('U091') as "LastModifiedById",
    stamp(merged_contact_at) as "LastModifiedDate", stamp(merged_contact_at) as "SystemModstamp"
from contacts_now
where merged_contact_id is not null
union all by name
select
    second_contact_id as "Id", account_id as "AccountId", first_name as "FirstName", last_name as "LastName",
    first_name || ' ' || last_name as "Name", crm_email as "Email", title as "Title", country as "MailingCountry",
    source_name as "LeadSource", user_id(ae_id) as "OwnerId", false as "IsDeleted", user_id(sdr_id) as "CreatedById",
    stamp(converted_again_at) as "CreatedDate", stamp(converted_again_at) as "LastModifiedDate",
    stamp(converted_again_at) as "SystemModstamp", crm_external_id as "External_Id__c"
from persons
where second_contact_id is not null
order by "CreatedDate", "Id"
"""

CONTACT_HISTORY = """
with changes as (
    select
        contact_id, created_contact_at as moment, 0 as kind,
        case when lead_id is null then 'created' else 'contactCreatedFromLead' end as field, 'Text' as data_type,
        null as old_value, null as value, contact_made_by as changed_by
    from contacts_now
    union all
    select second_contact_id, converted_again_at, 0, 'contactCreatedFromLead', 'Text', null, null, sdr_id
    from contacts_now where second_contact_id is not null
    union all
    select contact_id, owner_changed_at, 1, 'Owner', 'EntityId', user_id(held.user_id), user_id(ae_id), 'U091'
    from contacts_now join staff as held on held.n = (ae + 1) % 6 + 6 where has_new_owner
    union all
    select contact_id, owner_changed_at, 2, 'Owner', 'Text', held.name, closer.name, 'U091'
    from contacts_now join staff as held on held.n = (ae + 1) % 6 + 6 join staff as closer on closer.user_id = ae_id
    where has_new_owner
    union all
    select contact_id, moved_at, 3, 'Account', 'EntityId', second_account_id, account_id, 'U091'
    from contacts_now where moved_at is not null
    union all
    select contact_id, moved_at, 4, 'Account', 'Text', firm_name, firm_name, 'U091'
    from contacts_now where moved_at is not null
    union all
    select contact_id, merged_contact_at, 5, 'contactMerged', 'Text', null, null, 'U091'
    from contacts_now where merged_contact_id is not null
)
select
    salesforce_id('017', 700000000 + row_number() over (order by moment, contact_id, kind) + block_base()) as "Id",
    contact_id as "ContactId", field as "Field", data_type as "DataType", old_value as "OldValue", value as "NewValue",
    user_id(changed_by) as "CreatedById", stamp(moment) as "CreatedDate", false as "IsDeleted"
from changes
where moment between history_from() and world_end()
order by moment, contact_id, kind
"""

ACCOUNTS = """
select
    account_id as "Id", any_value(firm_name) as "Name", 'https://www.' || any_value(firm_domain) || '/' as "Website",
    any_value(industry) as "Industry", 20 + firm * 37 % 4800 as "NumberOfEmployees",
    any_value(firm_country) as "BillingCountry", null::varchar as "ParentId",
    user_id('U0' || lpad((7 + firm % 6)::varchar, 2, '0')) as "OwnerId", null::varchar as "MasterRecordId",
    false as "IsDeleted", user_id('U091') as "CreatedById",
    stamp(case when firm % 5 < 2 then world_start() else min(created_contact_at) end) as "CreatedDate",
    stamp(min(created_contact_at)) as "LastModifiedDate", stamp(min(created_contact_at)) as "SystemModstamp"
from persons
where contact_id is not null
group by firm, account_id
union all by name
select
    second_account_id as "Id", firm_name as "Name", industry as "Industry", user_id('U090') as "OwnerId",
    false as "IsDeleted", user_id('U090') as "CreatedById", stamp(converted_by_marketo_at) as "CreatedDate",
    stamp(converted_by_marketo_at) as "LastModifiedDate", stamp(converted_by_marketo_at) as "SystemModstamp"
from persons
where second_account_id is not null
order by "Id"
"""

OPPORTUNITIES = """
select
    opportunity_id(deal) as "Id", account_id as "AccountId",
    case when no_role_at is null or no_role_at <> opened_at then contact_id end as "ContactId",
    firm_name || ' ' || cycle as "Name", null::varchar as "RecordTypeId", stage.value as "StageName",
    amount::decimal(18, 2) as "Amount", case when is_usd then 'USD' else 'EUR' end as "CurrencyIsoCode",
    case stage.value
        when 'Prospecting' then 10 when 'Proposal' then 50 when 'Negotiation' then 75 when 'Closed Won' then 100 else 0
    end::double as "Probability",
    case stage.value when 'Closed Won' then 'Closed' when 'Closed Lost' then 'Omitted' else 'Pipeline' end
        as "ForecastCategoryName",
    source_name as "LeadSource", stage.value in ('Closed Won', 'Closed Lost') as "IsClosed",
    stage.value = 'Closed Won' as "IsWon",
    case when stage.value = 'Closed Won' and close_back_dated_to is not null
        then local_date(close_back_dated_to) else close_date end as "CloseDate",
    user_id(ae_id) as "OwnerId", false as "IsDeleted", user_id(ae_id) as "CreatedById", stamp(opened_at)
        as "CreatedDate",
    user_id(ae_id) as "LastModifiedById", stamp(last_at) as "LastModifiedDate", stamp(last_at) as "SystemModstamp"
from deals
join persons using (person)
join deal_plans using (deal)
join (select "OpportunityId" as id, max(moment) as last_at from opportunity_changes group by 1) as changed
    on changed.id = opportunity_id(deal)
join (select deal, arg_max(value, moment) as value, max(moment) as moment from deal_values group by deal)
    as stage using (deal)
union all by name
select
    salesforce_id('006', person + 900000000) as "Id", second_account_id as "AccountId", firm_name || '-' as "Name",
    'Prospecting' as "StageName", 'EUR' as "CurrencyIsoCode", 10::double as "Probability",
    'Pipeline' as "ForecastCategoryName", false as "IsClosed", false as "IsWon",
    local_date(world_end() + 432000) as "CloseDate", user_id('U090') as "OwnerId", false as "IsDeleted",
    user_id('U090') as "CreatedById", stamp(converted_by_marketo_at) as "CreatedDate",
    stamp(converted_by_marketo_at) as "LastModifiedDate", stamp(converted_by_marketo_at) as "SystemModstamp"
from persons
where second_account_id is not null
order by "CreatedDate", "Id"
"""

OPPORTUNITY_HISTORY = """
select
    salesforce_id('017', 500000000 + row_number() over (order by moment, deal, k) + block_base()) as "Id",
    "OpportunityId", field as "Field", data_type as "DataType", old_value as "OldValue",
    value as "NewValue", user_id(ae_id) as "CreatedById", stamp(moment) as "CreatedDate", false as "IsDeleted"
from opportunity_changes
where moment >= history_from()
order by moment, deal, k
"""

ROLES = """
with seated as (
    select deal, contact_id, 'Decision Maker' as role, true as is_primary, opened_at as moment from deals
    join persons using (person) where no_role_at is null or no_role_at <> opened_at
    union all
    select deal, contact_id, ['Influencer', 'Evaluator', 'Economic Buyer'][person % 3 + 1], false, seats.moment
    from seats join persons using (person) where contact_id is not null
)
select
    salesforce_id('00K', row_number() over (order by moment, deal, contact_id) + block_base()) as "Id",
    opportunity_id(deal) as "OpportunityId", contact_id as "ContactId", role as "Role", is_primary as "IsPrimary",
    false as "IsDeleted", user_id('U090') as "CreatedById", stamp(moment) as "CreatedDate",
    stamp(moment) as "LastModifiedDate", stamp(moment) as "SystemModstamp"
from seated
order by moment, deal, contact_id
"""


def exports(con: duckdb.DuckDBPyConnection, pair: str) -> dict[str, str]:
    """Object → query; the same beside every MAP."""
    salesforce_fields.lay_out(con)
    return {
        "Lead": LEADS,
        "LeadHistory": LEAD_HISTORY,
        "Contact": CONTACTS,
        "ContactHistory": CONTACT_HISTORY,
        "Account": ACCOUNTS,
        "Opportunity": OPPORTUNITIES,
        "OpportunityFieldHistory": OPPORTUNITY_HISTORY,
        "OpportunityContactRole": ROLES,
    } | salesforce_work.OBJECTS
