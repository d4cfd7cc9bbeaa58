"""Salesforce's tasks, events and campaign members, and the company's own users, queues and campaigns."""

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
OBJECTS = {
    "Task": TASKS,
    "Event": EVENTS,
    "CampaignMember": MEMBERS,
    "Campaign": CAMPAIGNS,
    "User": USERS,
    "Group": GROUPS,
}
