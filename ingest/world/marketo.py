"""Marketo as it would stand at the end: leads, activities by type, programs, in the vendor's own names.

It sets Engaged and MQL by itself; every later stage is the sync's copy of Salesforce, some minutes old. What Marketo
purges after 14 days, 90 days or 25 months is gone (pitfall 15), and so are leads that lost a merge.
"""

import duckdb

# id, name, days for which the vendor keeps it (0: for ever), its primary attribute
ACTIVITY_TYPES = (
    (1, "Visit Webpage", 90, "Webpage ID"),
    (2, "Fill Out Form", 760, "Webform ID"),
    (7, "Email Delivered", 90, "Mailing ID"),
    (10, "Open Email", 760, "Mailing ID"),
    (11, "Click Email", 760, "Mailing ID"),
    (12, "New Lead", 760, None),
    (13, "Change Data Value", 90, "Attribute Name"),
    (21, "Convert Lead", 760, None),
    (22, "Change Score", 90, "Score Name"),
    (32, "Merge Leads", 760, "Lead ID"),
    (34, "Add to Opportunity", 760, "Opty ID"),
    (35, "Remove from Opportunity", 760, "Opty ID"),
    (36, "Update Opportunity", 90, "Opty ID"),
    (37, "Delete Lead", 14, "Lead ID"),
    (46, "Interesting Moment", 760, "Type"),
    (101, "Change Revenue Stage", 760, "Model ID"),
    (104, "Change Status in Progression", 760, "Program ID"),
)
# the campaigns that set scores and stages
SMART_CAMPAIGNS = (
    (2001, "Scoring", "trigger"),
    (2002, "Lifecycle", "trigger"),
    (2003, "Lifecycle from SFDC", "trigger"),
)
REVENUE_STAGES = ("Engaged", "MQL", "SAL", "SQL", "Opportunity", "Customer", "Recycled", "Disqualified", "Lost")

# source: 0 Marketo itself, 1 the sync, 2 somebody's hand
TABLES = """
create table map_values as
select person, moment, stage, 0 as source, case stage when 0 then 'Engaged' else 'MQL' end as value,
'campaign' as writer
from events where stage <= 1
union all
select
    person, synced_at, stage, 1,
    ['SAL', 'SQL', 'Opportunity', 'Customer', 'Recycled', 'Disqualified', 'Lost'][stage - 1],
    'sync'
from events where stage > 1 and is_copied
union all
select person, moment, -1, 2, value, case writer when '' then 'user' else writer end from edits where side = 0;

create table stage_changes as
with ordered as (
    select *, lag(value) over (partition by person order by moment, source) as old_value from map_values
    where moment <= world_end()
)
select ordered.*, map_id from ordered join persons using (person)
where value is distinct from old_value and map_id is not null;

create table score_changes as
with written as (
    select person, created_map_at as moment, 0 as n, 8 + floor(score_draw * 17)::int as value,
    'First response' as reason
    from persons where created_map_at is not null
    union all
    select person, (persons.created_map_at + moment * 2) // 3, 1, 30 + floor(score_draw * 25)::int, 'Visits and clicks'
    from handovers join persons using (person) where cycle = 1 and not is_demo and moment > persons.created_map_at
    union all
    select person, moment - 5, 2,
    case when is_demo then 35 + floor(score_draw * 20) else 65 + floor(score_draw * 25) end::int,
        case when is_demo then 'Demo requested' else 'Visits and clicks' end
    from handovers join persons using (person)
    union all
    select person, synced_at + 60, 3, 20, 'Recycled' from events where stage = 6 and is_copied
    union all
    select person, created_map_at + 86400 + floor(score_draw * 1000000)::int, 1, 26 + floor(score_draw * 33)::int,
    'Visits and clicks'
    from persons anti join handovers using (person) where created_map_at is not null and score_draw < 0.6
    union all
    select person, score_summed_at - 2, 4, 71 + floor(score_draw * 20)::int, 'Merge Leads'
    from persons where score_summed_at is not null
),
ordered as (
    select *, lag(value) over (partition by person order by moment, n) as old_value from written
    where moment <= world_end()
)
select ordered.*, map_id from ordered join persons using (person)
where value is distinct from old_value and map_id is not null;

create table status_changes as
with ordered as (
    select *, lag(value) over (partition by person order by moment) as before
    from (
        select person, value, greatest(copied_at, created_map_at) as moment
        from lead_values join persons using (person)
        where copied_at is not null and map_id is not null and matched_by = 0
    )
    where moment <= world_end()
)
select ordered.*, map_id from ordered join persons using (person)
where value is distinct from before;

-- what a contact is to Marketo since the poll after the conversion
create table conversions_told as
select person, min(synced_at) as moment
from events join persons using (person)
where stage = 4 and is_copied and lead_id is not null and map_id is not null and matched_by = 0
    and stale_link_at is null and synced_at <= world_end()
group by person;

-- what people do counts for a second score, which the agreement does not read
create table behavior_changes as
select
    person, moment, worth, sum(worth) over (partition by person order by moment) as value, value - worth as old_value
from (
    select person, moment, sum(case touches.kind when 1 then 10 else 5 end) as worth
    from touches where touches.kind in (1, 3) and moment <= world_end()
    group by all
);
"""

LEADS = """
select
    map_id as id, map_email as email, first_name as "firstName", last_name as "lastName", title, firm_name as company,
    map_phone as phone, country, source_name as "leadSource", status.value as "leadStatus", score.value as "leadScore",
    case when lifecycle.value is not null then '1' end as "leadRevenueCycleModelId",
    coalesce(stage_ids.id, case when lifecycle.value is not null then '199' end) as "leadRevenueStageId",
    case
        when matched_by <> 0 or coalesce(lead_id, contact_id) is null then null
        when lead_id is null or conversions_told.moment is not null then 'Contact' else 'Lead'
    end as "sfdcType",
    case when matched_by = 0 then case when linked_to_loser_at is null then lead_id else duplicate_lead_id end end
        as "sfdcLeadId",
    case when "sfdcType" = 'Contact' then contact_id end as "sfdcContactId",
    case when "sfdcType" = 'Contact' then account_id end as "sfdcAccountId",
    map_external_id as "externalId", case kind when 0 then 'Web form fillout' when 1 then 'List import'
        else 'salesforce.com' end
        as "originalSourceType",
    stamp(coalesce(winner_created_at, created_map_at)) as "createdAt",
    stamp(
        greatest(
            created_map_at, lifecycle.moment, score.moment, status.moment, conversions_told.moment,
            case when merged_map_id is not null then merged_map_at end, winner_created_at,
            case when second_lead_id is not null then world_end() - 90 end
        )
    ) as "updatedAt"
from persons
left join conversions_told using (person)
left join (
    select person, arg_max(value, moment * 4 + source) as value, max(moment) as moment
        from stage_changes group by person
) as lifecycle using (person)
left join stage_ids on stage_ids.name = lifecycle.value
left join (
    select person, arg_max(value, moment * 8 + n) as value, max(moment) as moment from score_changes group by person
) as score using (person)
left join (select person, arg_max(value, moment) as value, max(moment) as moment from status_changes group by person)
    as status using (person)
where map_id is not null and map_deleted_at is null
union all by name
select
    600000000 + person as id, crm_email as email, first_name as "firstName", last_name as "lastName",
    firm_name as company, 'Lead' as "sfdcType", second_lead_id as "sfdcLeadId", 'salesforce.com'
        as "originalSourceType",
    stamp(next_poll(doubled_at, person)) as "createdAt", stamp(next_poll(doubled_at, person)) as "updatedAt"
from persons
where second_lead_id is not null and map_id is not null
order by id
"""

# one row per activity, its attributes already JSON; `kept_days` of its type decides whether the vendor still has it
ACTIVITIES = """
with gone as (
    select map_id from persons where map_deleted_at is not null
),
touched as (
    select
        map_id, moment, [1, 2, 10, 11][touches.kind + 1] as type, 0 as k,
        case when touches.kind > 0 then 1001 + greatest(program, 0) end as value_id,
        case touches.kind when 0 then 'www.ourco.example/' || person % 9 when 1 then programs.name
            else 'Newsletter ' || person % 40 end as value,
        case touches.kind when 0 then '{"Webpage URL":"/' || person % 9 || '"}'
            when 1 then '{"Webpage ID":' || 1 + person % 9 || ',"Form Fields":"email,company"}' else '{}' end
                as attributes,
        touches.n as tie
    from touches join persons using (person) left join programs on programs.n = touches.program
    where map_id is not null
),
noted (map_id, moment, type, k, value_id, value, attributes) as (
    select
        map_id, moment - 7200 - person % 3600, 7, 1, 1001 + greatest(program, 0), 'Newsletter ' || person % 40, '{}'
    from touches join persons using (person)
    where touches.kind = 2 and map_id is not null and moment > world_end() - 90 * 86400
        and moment - 10800 > created_map_at
    union all
    select
        map_id, created_map_at, 12, 2, map_id, null,
        '{"Source Type":"' || ['Web form fillout', 'List import', 'salesforce.com', 'salesforce.com'][kind + 1] || '"}'
    from persons where map_id is not null
    union all
    select 600000000 + person, next_poll(doubled_at, person), 12, 2, null, null, '{"Source Type":"salesforce.com"}'
    from persons where second_lead_id is not null and map_id is not null
    union all
    select
        map_id, moment, 13, 3, 1001, 'Lead Status', '{' || case when before is null then '' else '"Old Value":"'
        || before || '",' end || '"New Value":"' || value || '","Source":"SFDC Sync","Reason":"Sync from SFDC"}'
    from status_changes
    union all
    select
        map_id, moment, 22, 4, 1002, 'Lead Score',
        '{"Change Value":"' || case when value >= coalesce(old_value, 0) then '+' else '' end
        || value - coalesce(old_value, 0) || '",' || case when old_value is null then '' else '"Old Value":'
        || old_value || ',' end || '"New Value":'
        || value || ',"Reason":"' || reason || '"}'
    from score_changes
    union all
    select
        map_id, moment + 1, 22, 12, 1003, 'Behavior Score',
        '{"Change Value":"+' || worth || '","Old Value":' || old_value || ',"New Value":' || value
            || ',"Reason":"Web activity"}'
    from behavior_changes join persons using (person)
    where map_id is not null and moment > world_end() - 90 * 86400
    union all
    select
        map_id, map_deleted_at, 37, 13, map_id, first_name || ' ' || last_name,
        '{"Campaign":"' || case when junk_deleted_at is null then 'Privacy' else 'Clean up' end || '"}'
    from persons where map_deleted_at is not null
    union all
    select
        stage_changes.map_id, stage_changes.moment, 101, 5, 1, 'Revenue Model', '{'
            || case when old_value is null then '' else
        '"Old Stage ID":' || coalesce(held.id, '199') || ',"Old Stage":"' || old_value || '",' end || '"New Stage ID":'
        || coalesce(entered.id, '199') || ',"New Stage":"' || value || '","Reason":"'
        || case writer when 'sync' then 'Sync from SFDC' when 'user' then 'Changed by user'
            else 'Triggered by campaign' end
        || '"}'
    from stage_changes
    left join stage_ids as entered on entered.name = value left join stage_ids as held on held.name = old_value
    union all
    select map_id, moment, 21, 6, map_id, null, '{"SFDC Contact ID":"' || contact_id || '"}'
    from conversions_told join persons using (person)
    union all
    select
        map_id, merged_map_at, 32, 7, map_id, first_name || ' ' || last_name, '{"Merge IDs":"[' || merged_map_id
        || ']","Master Updated":true,"Merged in Sales":false,"Merge Source":"leaddb"}'
    from persons where merged_map_id is not null
    union all
    select
        map_id, score_summed_at - 3, 32, 7, map_id, first_name || ' ' || last_name, '{"Merge IDs":"['
        || 700000000 + person || ']","Master Updated":true,"Merged in Sales":false,"Merge Source":"leaddb"}'
    from persons where score_summed_at is not null and map_id is not null
    union all
    -- a merge in Salesforce is one in Marketo at the next poll
    select
        map_id, next_poll(told_at, person), 32, 7, map_id, first_name || ' ' || last_name, '{"Merge IDs":"['
        || twin + person || ']","Master Updated":true,"Merged in Sales":true,"Merge Source":"leaddb"}'
    from (
        select *, merged_at as told_at, 800000000 as twin from persons
        where duplicate_lead_id is not null and linked_to_loser_at is null
        union all
        select *, merged_contact_at, 900000000 from persons where merged_contact_id is not null
    )
    where map_id is not null and matched_by = 0
    union all
    select map_id, synced_at, 34, 8, deal, opportunity_id(deal), '{"Role":"Decision Maker","Is Primary":true}'
    from events join persons using (person)
    where stage = 4 and is_copied and map_id is not null and no_role_at is null
    union all
    select
        map_id, synced_at, 36, 9, deal, opportunity_id(deal), '{"Data Value Changes":"Stage"}'
    from events join persons using (person) where stage in (5, 8) and is_copied and map_id is not null
    union all
    select
        map_id, moment + 5, 46, 10, null, 'Web', '{"Description":"Asked for a demo","Source":"Campaign"}'
    from handovers join persons using (person) where is_demo and map_id is not null
    union all
    select
        map_id, min(moment) + 3, 104, 11, 1001 + program, any_value(programs.name),
        '{"Program ID":' || 1001 + program
            || ',"New Status":"Filled-Out Form","Old Status":"Not in Program","Success":true}'
    from touches join persons using (person) join programs on programs.n = touches.program
    where touches.kind = 1 and map_id is not null group by map_id, program
),
happened as (
    select * from touched
    union all
    select *, value_id as tie from noted
),
kept as (
    select * from happened join activity_types on activity_types.id = type
    where moment <= world_end() and moment > world_end() - kept_days * 86400
        and (type = 37 or map_id not in (from gone))
)
select
    (row_number() over (order by moment, map_id, k, tie) + block_base())::varchar as "marketoGUID", map_id as "leadId",
    stamp(moment) as "activityDate", type::int as "activityTypeId",
    case
        when type = 22 then 2001
        when type = 101 and attributes like '%Triggered by campaign%' then 2002
        when type = 101 and attributes like '%Sync from SFDC%' then 2003
    end as "campaignId",
    value_id::bigint as "primaryAttributeValueId", value as "primaryAttributeValue", attributes
from kept
order by moment, map_id, k, tie
"""

TYPES = """
select id, name, '' as description, attribute as "primaryAttributeName" from activity_types order by id
"""

PROGRAMS = """
select
    1001 + n as id, name, 'Default' as type, channel, 'active' as status, cost::decimal(18, 2) as cost,
    stamp(world_start()) as "startDate", salesforce_id('701', n + 1) as "sfdcId", 'Default' as workspace,
    stamp(world_start()) as "createdAt", stamp(world_start()) as "updatedAt"
from programs
order by n
"""

MEMBERS = """
select
    1001 + program as "programId", map_id as "leadId", 'Filled-Out Form' as "statusName", true as "reachedSuccess",
    stamp(min(moment)) as "membershipDate", stamp(min(moment)) as "createdAt", stamp(min(moment)) as "updatedAt"
from touches join persons using (person)
where touches.kind = 1 and program >= 0 and map_id is not null and map_deleted_at is null and moment <= world_end()
group by program, map_id
order by "membershipDate", "leadId", "programId"
"""

CAMPAIGNS = """
select
    id, name, type, null::bigint as "programId", true as active, stamp(world_start()) as "createdAt",
    stamp(world_start()) as "updatedAt"
from smart_campaigns
order by id
"""

OF_ALL = ("activity_types", "programs", "campaigns")


def exports(con: duckdb.DuckDBPyConnection, pair: str) -> dict[str, str]:
    """Object → query; reads the tables of salesforce_fields.py, beside which alone it stands."""
    con.execute("create table activity_types (id int, name varchar, kept_days int, attribute varchar)")
    con.executemany("insert into activity_types values (?, ?, ?, ?)", ACTIVITY_TYPES)
    con.execute("create table smart_campaigns (id int, name varchar, type varchar)")
    con.executemany("insert into smart_campaigns values (?, ?, ?)", SMART_CAMPAIGNS)
    con.execute("create table stage_ids (id varchar, name varchar)")
    con.executemany(
        "insert into stage_ids values (?, ?)", [(f"{101 + n}", name) for n, name in enumerate(REVENUE_STAGES)]
    )
    con.execute(TABLES)
    return {
        "leads": LEADS,
        "activities": ACTIVITIES,
        "activity_types": TYPES,
        "programs": PROGRAMS,
        "program_members": MEMBERS,
        "campaigns": CAMPAIGNS,
    }
