"""Salesforce as it would stand at the end: its objects, their field history, in the vendor's own names and id formats.

It reads the truth (`persons`, `events`, `deals`, …) and writes down what the CRM would know of it. Deleted and merged
rows are still there, as in a company that has loaded daily. Field history has no row for the value that a record was
created with, and no order within a second (pitfall 21).
"""

import duckdb

TABLES = """
-- tracked since it was switched on, and kept for two years
create macro history_from() as
    greatest((select max(moment) from marks where mark = 'history_starts'), world_end() - 63113904);

create table lead_values as
with written as (
    select
        person, created_lead_at as moment, 'Imported' as value, 'U091' as changed_by,
        greatest(created_map_at, created_lead_at) as copied_at
    from persons where kind = 1
    union all
    select person, synced_at, 'Open - Not Contacted', 'U090', synced_at from events where stage = 1 and is_copied
    union all
    select
        person, events.moment,
        case
            when written <> '' then written
            when stage = 2 then 'Working - Contacted' when stage = 3 then 'Qualified'
            when stage = 6 then 'Nurture' else 'Unqualified'
        end,
        sdr_id, case when is_copied or written <> '' then synced_at end
    from events join persons using (person)
    where stage in (2, 3, 6, 7)
    union all
    select
        person, edits.moment, value, case writer when 'sync' then 'U090' else sdr_id end,
        case writer when 'sync' then edits.moment else next_poll(edits.moment, person) end
    from edits join persons using (person) where side = 1
),
ordered as (
    select *, lag(value) over (partition by person order by moment) as old_value from written
    where moment <= world_end()
)
select ordered.* from ordered semi join (select person from persons where lead_id is not null) using (person)
where value is distinct from old_value;

create table lead_owners as
with bulk as (  -- once a quarter, whoever rests in nurture goes back to the queue, all in one second
    select person, wave as moment, 4 as n, 'Q01' as value, 'U091' as changed_by
    from (select person, arg_max(stage, moment) as stage, max(moment) as since from events group by person)
    join (select unnest(generate_series(world_start() + 90 * 86400, world_end() - 86400, 91 * 86400)) as wave) on true
    where stage = 6 and since between wave - 151 * 86400 and wave - 60 * 86400
),
owned as (
    select person, created_lead_at as moment, 0 as n, 'U091' as value, 'U091' as changed_by from persons where kind = 1
    union all
    select person, synced_at, 1, case when handovers.assigned_at = synced_at then sdr_id else 'Q01' end, 'U090'
    from handovers join events using (person, cycle) join persons using (person)
    where stage = 1 and is_copied
    union all
    select person, handovers.assigned_at, 2, sdr_id, sdr_id from handovers join persons using (person)
    where handovers.assigned_at > 0
    union all
    select
        person, handovers.reassigned_at, 3,
        'U00' || (substr(sdr_id, 4, 1)::int % 6 + 1), sdr_id
    from handovers join persons using (person)
    where handovers.reassigned_at > 0
        and handovers.reassigned_at < coalesce(created_contact_at, world_end())
    union all
    select bulk.* from bulk
),
ordered as (
    select owned.*, lag(value) over (partition by person order by moment, n) as old_value
    from owned join persons using (person)
    where moment <= least(world_end(), coalesce(deleted_at, world_end()))
)
select ordered.* from ordered semi join (select person from persons where lead_id is not null) using (person)
where value is distinct from old_value;

create table reasons as
select *, lag(reason) over history as old_reason
from (
    select
        person, moment, changed_by,
        case value
            when 'Nurture' then ['Bad Timing', 'No Budget', 'No Response'][(person + n) % 3 + 1]
            when 'Unqualified' then ['Bad Fit', 'No Need', 'Competitor', 'Invalid Contact Data'][(person + n) % 4 + 1]
        end as reason
    from (select *, row_number() over (partition by person order by moment) as n from lead_values)
)
window history as (partition by person order by moment);

create table deal_values as
with written as (
    select deal, opened_at as moment, 'Prospecting' as value from deals
    union all
    select deal, proposed_at, 'Proposal' from deals where proposed_at > 0
    union all
    select deal, negotiated_at, 'Negotiation' from deals where negotiated_at > 0
    union all
    select deal, closed_at, case outcome when 1 then 'Closed Won' else 'Closed Lost' end from deals where outcome > 0
)
select *, lag(value) over (partition by deal order by moment) as old_value from written where moment <= world_end();

-- a close date is first a plan, whole weeks after the opening; an open deal whose plan runs out is put off once
create table deal_plans as
select
    deal, outcome > 0 and closed_at <= world_end() as is_over, opened_at + (5 + deal % 14) * 604800 as planned_at,
    planned_at - 172800 as put_off_at, world_end() + (6 + deal % 40) * 86400 as next_at,
    put_off_at > opened_at and put_off_at <= world_end() and not is_over and planned_at < world_end() + 172800
        as is_put_off,
    local_date(case when is_over then closed_at when is_put_off then next_at else planned_at end) as close_date
from deals;

create table lead_now as
select
    persons.*, status.value as status, status.moment as status_at, owner.value as lead_owner, owner.moment as owner_at,
    converted.deal as converted_deal, converted.opened_at as converted_at, last_reason.reason, last_reason.reason_for,
    coalesce(persons.deleted_at, junk_deleted_at) as gone_at,
    case when duplicate_lead_id is not null then merged_at end as won_merge_at,
    greatest(status.moment, owner.moment, converted_at, converted_again_at, gone_at, won_merge_at) as touched_last_at,
    case
        when touched_last_at in (gone_at, won_merge_at) then 'U091'
        when touched_last_at in (converted_at, converted_again_at)
            then case when converted_by_marketo_at is null then sdr_id else 'U090' end
        when touched_last_at = status.moment then status.changed_by else owner.changed_by
    end as touched_last_by
from persons
left join (
    select
        person, arg_max(value, moment) as value, max(moment) as moment, arg_max(changed_by, moment) as changed_by
    from lead_values group by person
) as status using (person)
left join (
    select
        person, arg_max(value, moment * 5 + n) as value, max(moment) as moment,
        arg_max(changed_by, moment * 5 + n) as changed_by
    from lead_owners group by person
) as owner using (person)
left join (select person, deal, opened_at from deals where is_first) as converted using (person)
left join (
    select person, arg_max(reason, moment) as reason, max(moment) as reason_for from reasons
    where reason is not null group by person
) as last_reason using (person)
where lead_id is not null;
"""

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

CONTACTS_NOW = """
create table contacts_now as
select
    *, case when kind = 2 then ae_id when converted_by_marketo_at is not null then 'U090' else sdr_id end
        as contact_made_by,
    created_contact_at + 2592000 as owner_changed_at,
    person % 20 = 0 and owner_changed_at <= world_end() as has_new_owner,
    -- out of the account that Marketo had made, into the right one
    case when converted_by_marketo_at is not null then least(created_contact_at + 5400, world_end()) end as moved_at,
    greatest(
        created_contact_at, case when has_new_owner then owner_changed_at end, moved_at,
        case when merged_contact_id is not null then merged_contact_at end
    ) as contact_changed_at
from persons
where contact_id is not null
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

OPPORTUNITY_CHANGES = """
create table opportunity_changes as
with changes as (
    select deal, moment, 1 as k, 'StageName' as field, 'DynamicEnum' as data_type, old_value, value
    from deal_values where old_value is not null
    union all
    select deal, opened_at, 0, 'created', 'Text', null, null from deals
    union all
    select
        deal, case when is_over then closed_at else put_off_at end, 2, 'CloseDate', 'DateOnly',
        local_date(planned_at)::varchar, close_date::varchar
    from deals join deal_plans using (deal)
    where (is_over or is_put_off) and local_date(planned_at) <> close_date
    union all
    select
        deal, closed_at + 259200, 3, 'CloseDate', 'DateOnly', close_date::varchar,
        local_date(close_back_dated_to)::varchar
    from deals join deal_plans using (deal) join persons using (person)
    where outcome = 1 and close_back_dated_to is not null
    union all
    select deal, moved_at, 4, 'Account', 'EntityId', second_account_id, account_id
    from deals join contacts_now using (person) where is_first and moved_at is not null
)
select deal, opportunity_id(deal) as "OpportunityId", moment, k, field, data_type, old_value, value, ae_id
from changes join deals using (deal) join persons using (person)
where moment <= world_end()
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

KNOWN_TASKS = """
create view known_tasks as
select
    tasks.*, account_id, coalesce(deleted_at, junk_deleted_at) as gone_at,
    case
        when contact_id is not null and moment >= created_contact_at then contact_id
        when moment >= created_lead_at then lead_id
    end as who_id,
    user_id(case when tasks.deal >= 0 then ae_id else sdr_id end) as owner_id,
    case when tasks.deal >= 0 then opportunity_id(tasks.deal) end as what_id,
    greatest(case when who_id like '003%' then created_contact_at else created_lead_at end, opened_at) as possible_from
from tasks join persons using (person) left join deals using (deal)
where who_id is not null and moment <= coalesce(gone_at, world_end())
"""

TASKS = """
select
    salesforce_id('00T', n) as "Id", who_id as "WhoId", what_id as "WhatId",
    case when who_id like '003%' then account_id end as "AccountId", owner_id as "OwnerId",
    case when is_automated then 'Sequence step' else ['Call', 'Email'][type + 1] end as "Subject",
    ['Call', 'Email'][type + 1] as "Type",
    case when is_automated then 'Cadence' else ['Call', 'Email'][type + 1] end as "TaskSubtype",
    case when is_done then 'Completed' else 'Not Started' end as "Status", is_done as "IsClosed",
    case when type = 0 then case when is_inbound then 'Inbound' else 'Outbound' end end as "CallType",
    local_date(moment) as "ActivityDate", case when is_done then stamp(moment) end as "CompletedDateTime",
    gone_at is not null as "IsDeleted", case when is_automated then user_id('U091') else owner_id end as "CreatedById",
    stamp(moment) as "CreatedDate", stamp(coalesce(gone_at, moment)) as "LastModifiedDate",
    stamp(coalesce(gone_at, moment)) as "SystemModstamp",
    case when is_inbound then 'Inbound' else 'Outbound' end as "Direction__c"
from known_tasks
where type < 2
order by moment, n
"""

EVENTS = """
select
    salesforce_id('00U', n) as "Id", who_id as "WhoId", what_id as "WhatId",
    case when who_id like '003%' then account_id end as "AccountId", owner_id as "OwnerId", 'Meeting' as "Subject",
    'Meeting' as "Type", 'Event' as "EventSubtype", local_date(moment) as "ActivityDate",
    stamp(moment) as "ActivityDateTime", stamp(moment) as "StartDateTime", stamp(moment + 1800) as "EndDateTime",
    not is_done or gone_at is not null as "IsDeleted", owner_id as "CreatedById",
    stamp(case when moment - 604800 >= possible_from then moment - 604800 else moment end) as "CreatedDate",
    stamp(coalesce(gone_at, moment)) as "LastModifiedDate", stamp(coalesce(gone_at, moment)) as "SystemModstamp"
from known_tasks
where type = 2
order by moment, n
"""

MEMBERS = """
with responded as (
    select person, program, min(moment) as moment from touches where kind = 1 and program >= 0 group by person, program
),
known as (
    select
        responded.*, coalesce(deleted_at, junk_deleted_at) as gone_at,
        case when created_lead_at <= moment + 900 then lead_id end as lead,
        case when created_contact_at is not null and (lead is not null or created_contact_at <= moment + 900)
            then contact_id end as contact
    from responded join persons using (person)
    where moment + 900 <= coalesce(gone_at, world_end()) and coalesce(lead, contact) is not null
)
select
    salesforce_id('00v', row_number() over (order by moment, person, program) + block_base()) as "Id",
    salesforce_id('701', program + 1) as "CampaignId", lead as "LeadId", contact as "ContactId",
    coalesce(contact, lead) as "LeadOrContactId", 'Responded' as "Status", true as "HasResponded",
    local_date(moment) as "FirstRespondedDate", gone_at is not null as "IsDeleted", user_id('U090') as "CreatedById",
    stamp(moment + 900) as "CreatedDate", stamp(coalesce(gone_at, moment + 900)) as "LastModifiedDate",
    stamp(coalesce(gone_at, moment + 900)) as "SystemModstamp"
from known
order by moment, person, program
"""

USERS = """
select
    user_id(user_id) as "Id", name as "Name", split_part(name, ' ', 1) as "FirstName", split_part(name, ' ', 2)
        as "LastName",
    lower(replace(user_id, 'U', 'user')) || '@ourco.example' as "Email",
    lower(replace(user_id, 'U', 'user')) || '@ourco.example.crm' as "Username", user_type as "UserType",
    true as "IsActive", 'Europe/Berlin' as "TimeZoneSidKey", stamp(world_start()) as "CreatedDate",
    stamp(world_start()) as "LastModifiedDate", stamp(world_start()) as "SystemModstamp"
from staff
where user_type <> 'Queue'
order by n
"""

GROUPS = """
select
    user_id(user_id) as "Id", name as "Name", replace(name, ' ', '_') as "DeveloperName", 'Queue' as "Type",
    stamp(world_start()) as "CreatedDate", stamp(world_start()) as "LastModifiedDate", stamp(world_start())
        as "SystemModstamp"
from staff
where user_type = 'Queue'
order by n
"""

CAMPAIGNS = """
select
    salesforce_id('701', n + 1) as "Id", name as "Name", channel as "Type", 'In Progress' as "Status",
    true as "IsActive", local_date(world_start()) as "StartDate", cost::decimal(18, 2) as "ActualCost",
    'EUR' as "CurrencyIsoCode", false as "IsDeleted", stamp(world_start()) as "CreatedDate",
    stamp(world_start()) as "LastModifiedDate", stamp(world_start()) as "SystemModstamp"
from programs
order by n
"""

OF_ALL = ("User", "Group", "Campaign")  # the company's, not a person's: the same in every block


def exports(con: duckdb.DuckDBPyConnection, pair: str) -> dict[str, str]:
    """Object → query; the same beside every MAP."""
    con.execute(TABLES)
    for query in (CONTACTS_NOW, OPPORTUNITY_CHANGES, KNOWN_TASKS):
        con.execute(query)
    return {
        "Lead": LEADS,
        "LeadHistory": LEAD_HISTORY,
        "Contact": CONTACTS,
        "ContactHistory": CONTACT_HISTORY,
        "Account": ACCOUNTS,
        "Opportunity": OPPORTUNITIES,
        "OpportunityFieldHistory": OPPORTUNITY_HISTORY,
        "OpportunityContactRole": ROLES,
        "Task": TASKS,
        "Event": EVENTS,
        "CampaignMember": MEMBERS,
        "Campaign": CAMPAIGNS,
        "User": USERS,
        "Group": GROUPS,
    }
