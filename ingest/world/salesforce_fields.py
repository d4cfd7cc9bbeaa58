"""What stands in Salesforce's fields over time, and who set it: leads, contacts, deals, and the work logged on them.

The tables here are what salesforce.py and salesforce_work.py write down as objects and as field history; Marketo's
copies are made from them too.
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


def lay_out(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables from the truth's."""
    for tables in (TABLES, CONTACTS_NOW, OPPORTUNITY_CHANGES, KNOWN_TASKS):
        con.execute(tables)
