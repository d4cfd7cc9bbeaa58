"""HubSpot's exports in the record shape of its API: properties as text, histories newest first, associations by type.

It reads the truth (`persons`, `events`, `deals`, …) and writes down what HubSpot would know of it at the end: as the
MAP beside Salesforce, or alone, with lead status, deals and engagements. Who writes what when is in hubspot_sync.py.
"""

import duckdb

from ingest.world import hubspot_sync
from ingest.world.hubspot_sync import STAGE_VALUES, SUBSCRIBER

ALONE = "hubspot"  # the pair in which there is no other system

MACROS = """
-- numbers of one kind of record never meet those of another
create macro hubspot_id(kind, number) as (map {
    'company': 7086000001, 'deal': 6744000001, 'engagement': 19732000001, 'owner': 44023001,
    'user': 9586001, 'campaign': 75310001, 'enrollment': 583071000001
}[kind] + number)::bigint::varchar;
create macro hubspot_guid(kind, number) as md5(kind || number)::uuid::varchar;
create macro next_sdr(code) as 'U00' || (substr(code, 4, 1)::int % 6 + 1);
create macro iso_ms(second) as strftime(make_timestamp(second::bigint * 1000000), '%Y-%m-%dT%H:%M:%S.000Z');
create macro change(value, moment, writer, number, company, user_number) as struct_pack(
    value := value, "timestamp" := iso_ms(moment), "sourceType" := writer,
    "sourceId" := case writer
        when 'SALESFORCE' then 'Salesforce Connector'
        when 'AUTOMATION_PLATFORM' then 'enrollmentId:' || hubspot_id('enrollment', number) || ';actionExecutionIndex:0'
        when 'CRM_UI' then 'userId:' || hubspot_id('user', user_number)
        when 'WAL_INCREMENTAL' then 'score-rule-set@v1735689600000'
        when 'FORM' then hubspot_guid('form', number % 8)
        when 'COMPANIES' then company
        when 'IMPORT' then '11874312'
        when 'API' then '1043311'
    end,
    "updatedByUserId" := case when writer = 'CRM_UI' then hubspot_id('user', user_number)::bigint end
);
"""

PEOPLE = """
create table hubspot_owners as
select
    n, user_id, hubspot_id('owner', n) as owner_id, name, user_type = 'Queue' as is_queue,
    lower(replace(user_id, 'U', 'user')) || '@ourco.example' as email
from staff where user_type in ('Standard', 'Queue');

create table hubspot_people as
select
    *, created_map_at as created_at, coalesce(map_deleted_at, world_end()) as gone_at,
    map_id::varchar as hubspot_contact_id,
    case when account_id is not null or email not like '%@freemail.example' and not is_excluded
        then hubspot_id('company', firm) end as company_id,
    case when merged_map_at <= gone_at then merged_map_id::varchar end as loser_id,
    case when loser_id is not null and person % 7 = 0 then (merged_map_id + 100000000)::varchar end as second_loser_id
from persons
where created_map_at is not null;
"""

OWNERS_TOLD = """
create table owner_sent as
select person, next_poll(handovers.assigned_at, person) as moment, sdr_id as user_id, 'SALESFORCE' as writer
from handovers join hubspot_people using (person) where handovers.assigned_at > 0
union all
select person, next_poll(handovers.reassigned_at, person), next_sdr(sdr_id), 'SALESFORCE'
from handovers join hubspot_people using (person)
where handovers.reassigned_at between 1 and coalesce(created_contact_at, world_end()) - 1
union all
select person, next_poll(opened_at, person), ae_id, 'SALESFORCE'
from deals join hubspot_people using (person) where is_first
"""
OWNERS_ASSIGNED = """
create table owner_sent as
select
    person, synced_at as moment, case when handovers.assigned_at = synced_at then sdr_id else 'Q01' end as user_id,
    'AUTOMATION_PLATFORM' as writer
from handovers join events using (person, cycle) join hubspot_people using (person) where stage = 1 and is_copied
union all
select person, handovers.assigned_at, sdr_id, 'CRM_UI'
from handovers join hubspot_people using (person) where handovers.assigned_at > 0
union all
select person, handovers.reassigned_at, next_sdr(sdr_id), 'CRM_UI'
from handovers join hubspot_people using (person)
where handovers.reassigned_at between 1 and coalesce(created_contact_at, world_end()) - 1
union all
select person, opened_at, ae_id, 'CRM_UI' from deals join hubspot_people using (person)
"""

WRITES = """
create table owner_writes as
with known as (
    select person, greatest(moment, created_at) as moment, owner_id as value, writer
    from owner_sent join hubspot_owners using (user_id) join hubspot_people using (person)
    where moment <= gone_at
    qualify row_number() over (partition by person, greatest(moment, created_at) order by moment desc, is_queue) = 1
)
select * from known qualify value is distinct from lag(value) over (partition by person order by moment);

create table score_writes as
with sent as (
    select person, created_at as moment, 0 as n, 8 + floor(score_draw * 17)::int as value from hubspot_people
    union all
    select person, (created_at + moment * 2) // 3, 1, 30 + floor(score_draw * 25)::int
    from handovers join hubspot_people using (person) where cycle = 1 and not is_demo
    union all
    select
        person, moment - 5, 2,
        case when is_demo then 35 + floor(score_draw * 20) else 65 + floor(score_draw * 25) end::int
    from handovers join hubspot_people using (person)
    union all
    select person, synced_at + 60, 3, 20 from events join hubspot_people using (person) where stage = 6 and is_copied
    union all
    select person, created_at + 86400 + floor(score_draw * 1000000)::int, 1, 26 + floor(score_draw * 33)::int
    from hubspot_people anti join handovers using (person) where score_draw < 0.6
)
select person, moment, value::varchar as value, 'WAL_INCREMENTAL' as writer
from sent join hubspot_people using (person)
where moment <= gone_at
qualify value is distinct from lag(value) over (partition by person order by moment, n);

create table company_writes as
with founded as (
    select firm, min(created_at) as founded_at from hubspot_people where company_id is not null group by firm
),
sent as (
    select firm, founded_at as moment, 'lead' as value, 'CONTACTS' as writer from founded
    union all
    select firm, min(synced_at), lifecycle_value(stage), '{deal_writer}'
    from events join persons using (person) where stage in (4, 5) group by firm, stage
    union all
    select firm, moment, value, 'CRM_UI' from marks join persons using (person) where mark = 'company_set_by_hand'
),
ranked as (
    select firm, greatest(moment, founded_at) as moment, value, writer, lifecycle_rank(value) as rank
    from sent join founded using (firm)
    where moment <= world_end()
)
select firm, moment, value, writer
from ranked
qualify row_number() over (partition by firm, moment order by rank desc) = 1 and rank > coalesce(
    max(rank) over (partition by firm order by moment, rank rows between unbounded preceding and 1 preceding), -1
);

create table deal_writes as
with ended as (  -- in a stage that was deleted from the pipeline later
    select deal, moment as ended_at, value as ended_in from marks join deals using (person)
    where mark = 'deleted_deal_stage' and opened_at < moment and (outcome = 0 or closed_at > world_end())
),
sent as (
    select deal, opened_at as moment, 'appointmentscheduled' as value from deals
    union all
    select deal, proposed_at, 'presentationscheduled' from deals where proposed_at > 0
    union all
    select deal, negotiated_at, 'contractsent' from deals where negotiated_at > 0
    union all
    select deal, closed_at, case outcome when 1 then 'closedwon' else 'closedlost' end from deals where outcome > 0
    union all
    select deal, ended_at, ended_in from ended
)
select deal, moment, value, 'CRM_UI' as writer
from sent left join ended using (deal)
where moment <= coalesce(ended_at, world_end());
"""

# one row per record: the value it has, since when, and every change, newest first
HISTORY = """
create table {name}_history as
select
    {key}, arg_max(value, moment) as value, max(moment) as moment,
    list(change(value, moment, writer, {key}, {company}, {user_number}) order by moment desc) as changes
from {name}_writes {join}
group by {key};
"""

# as HubSpot computes them from the history: the latest stay counts, and time in a stage is known once it is over
STAYS = """
create table {name}_stays as
with stays as (
    select *, lead(moment) over (partition by {key} order by moment) as left_at from {name}_writes
)
select {key}, {columns} from stays group by {key};
"""


def _stays(stages: tuple[str, ...], timed: tuple[str, ...]) -> dict[str, str]:
    """Property → aggregate over stays: when each stage was entered last, and how long those in `timed` lasted."""
    entered = {f"hs_v2_date_entered_{s}": f"iso_ms(max(moment) filter (value = '{s}'))" for s in stages}
    over = "(left_at - moment) * 1000"
    is_over = "filter (value = '{}')"
    latest = {f"hs_v2_latest_time_in_{s}": f"(arg_max({over}, moment) {is_over.format(s)})::varchar" for s in timed}
    summed = {f"hs_v2_cumulative_time_in_{s}": f"(sum({over}) {is_over.format(s)})::bigint::varchar" for s in timed}
    return {**entered, **latest, **summed}


CONTACT_STAYS = _stays((SUBSCRIBER, *STAGE_VALUES), ("marketingqualifiedlead",))
DEAL_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2", "false"),
    ("presentationscheduled", "Presentation Scheduled", "0.6", "false"),
    ("contractsent", "Contract Sent", "0.9", "false"),
    ("closedwon", "Closed Won", "1.0", "true"),
    ("closedlost", "Closed Lost", "0.0", "true"),
)
DEAL_STAYS = _stays(tuple(s[0] for s in DEAL_STAGES), tuple(s[0] for s in DEAL_STAGES))

CONTACTS = """
with visits as (
    select person, count(*) filter (touches.kind = 0) as page_views, count(*) filter (touches.kind = 1) as conversions
    from touches join hubspot_people using (person) where moment <= gone_at group by person
),
synced as (
    select person, max(synced_at) as moment from events anti join outside_list as kept_out
        on events.person = kept_out.person and moment >= since_at and moment < until_at
    where stage > 0 and is_copied and synced_at <= world_end() group by person
),
records as (
    select
        people.*, lifecycle_history.value as stage_value, lifecycle_history.changes as stage_changes,
        lead_status_history.value as status_value, lead_status_history.changes as status_changes,
        owner_history.value as owner_value, owner_history.changes as owner_changes,
        score_history.value as score_value, score_history.changes as score_changes,
        page_views, conversions, lifecycle_history.moment as stage_at, synced.moment as last_synced_at,
        people.created_contact_at < world_end() - 1200 and people.stale_link_at is null as is_contact_told,
        greatest(
            created_at, lifecycle_history.moment, lead_status_history.moment, owner_history.moment,
            score_history.moment, case when loser_id is not null then merged_map_at end, map_deleted_at
        ) as changed_at,
        lifecycle_stays.* exclude (person)
    from hubspot_people as people
    left join lifecycle_history using (person)
    left join lifecycle_stays using (person)
    left join lead_status_history using (person)
    left join owner_history using (person)
    left join score_history using (person)
    left join visits using (person)
    left join synced using (person)
)
select
    hubspot_contact_id as id,
    struct_pack(
        hs_object_id := hubspot_contact_id, email := lower(trim(map_email)), firstname := first_name,
        lastname := last_name, jobtitle := title, company := firm_name, phone := map_phone, country := country,
        external_id := map_external_id, lifecyclestage := nullif(stage_value, ''),
        hs_lead_status := nullif(status_value, ''), hubspotscore := score_value, hubspot_owner_id := owner_value,
        associatedcompanyid := company_id, {reason}
        hs_merged_object_ids := nullif(concat_ws(';', loser_id, second_loser_id), ''),
        hs_analytics_source := case coalesce(source_name, '')
            when 'Website' then 'ORGANIC_SEARCH' when 'Paid Search' then 'PAID_SEARCH'
            when 'Webinar' then 'EMAIL_MARKETING' when 'Trade Show' then 'OFFLINE' when 'Referral' then 'REFERRALS'
            when 'Content Syndication' then 'OTHER_CAMPAIGNS' else 'DIRECT_TRAFFIC' end,
        hs_object_source := case kind when 0 then 'FORM' when 1 then 'IMPORT' else '{made_by}' end,
        hs_analytics_num_page_views := coalesce(page_views, 0)::varchar,
        num_conversion_events := coalesce(conversions, 0)::varchar,
        {salesforce}
        {stays},
        hs_v2_date_entered_current_stage := case when stage_value <> '' then iso_ms(stage_at) end,
        createdate := iso_ms(created_at), lastmodifieddate := iso_ms(changed_at)
    ) as properties,
    struct_pack(
        lifecyclestage := coalesce(stage_changes, []), hs_lead_status := coalesce(status_changes, []),
        hubspot_owner_id := coalesce(owner_changes, []), hubspotscore := coalesce(score_changes, [])
    ) as "propertiesWithHistory",
    iso_ms(created_at) as "createdAt", iso_ms(changed_at) as "updatedAt", map_deleted_at is not null as archived,
    iso_ms(map_deleted_at) as "archivedAt"
from records
order by created_at, hubspot_contact_id
"""
REASON = """
        rejection_reason := case status_value
            when 'BAD_TIMING' then ['Bad Timing', 'No Budget', 'No Response'][person % 3 + 1]
            when 'UNQUALIFIED' then ['Bad Fit', 'No Need', 'Competitor', 'Invalid Contact Data'][person % 4 + 1] end,
"""
SALESFORCE_PROPERTIES = """
        salesforceleadid := case when matched_by = 0 and not coalesce(is_contact_told, false)
            then case when linked_to_loser_at is null then lead_id else duplicate_lead_id end end,
        salesforcecontactid := case when matched_by = 0 and is_contact_told then contact_id end,
        salesforceaccountid := case when matched_by = 0 and is_contact_told then account_id end,
        salesforcelastsynctime := iso_ms(last_synced_at),
        salesforce_inclusion := case when person in (select person from outside_list where until_at > world_end())
            then 'No' else 'Yes' end,
"""

COMPANIES = """
select
    hubspot_id('company', firm) as id,
    struct_pack(
        hs_object_id := hubspot_id('company', firm), "name" := any_value(firm_name),
        "domain" := any_value(firm_domain), industry := upper(replace(any_value(industry), ' ', '_')),
        numberofemployees := (20 + firm * 37 % 4800)::varchar, country := any_value(firm_country),
        lifecyclestage := any_value(company_history.value), hs_parent_company_id := null::varchar,
        hubspot_owner_id := hubspot_id('owner', 6 + firm % 6), salesforceaccountid := {account},
        createdate := iso_ms(min(created_at)), hs_lastmodifieddate := iso_ms(any_value(company_history.moment))
    ) as properties,
    struct_pack(lifecyclestage := any_value(company_history.changes)) as "propertiesWithHistory",
    iso_ms(min(created_at)) as "createdAt", iso_ms(any_value(company_history.moment)) as "updatedAt",
    false as archived, null::varchar as "archivedAt"
from hubspot_people join company_history using (firm)
where company_id is not null
group by firm
order by min(created_at), firm
"""

DEALS = """
select
    hubspot_id('deal', deal) as id,
    struct_pack(
        hs_object_id := hubspot_id('deal', deal), dealname := firm_name || ' ' || cycle, pipeline := 'default',
        dealstage := deal_history.value, amount := amount::decimal(18, 2)::varchar,
        deal_currency_code := case when is_usd then 'USD' else 'EUR' end,
        closedate := iso_ms(case when deal_history.value like 'closed%' then closed_at else
            greatest(closed_at, world_end() + 432000) end),
        hs_is_closed := (deal_history.value like 'closed%')::varchar,
        hs_is_closed_won := (deal_history.value = 'closedwon')::varchar,
        hubspot_owner_id := owner_id, hs_merged_object_ids := null::varchar, {stays},
        createdate := iso_ms(opened_at), hs_lastmodifieddate := iso_ms(deal_history.moment)
    ) as properties,
    struct_pack(dealstage := deal_history.changes) as "propertiesWithHistory",
    iso_ms(opened_at) as "createdAt", iso_ms(deal_history.moment) as "updatedAt", false as archived,
    null::varchar as "archivedAt"
from deals
join hubspot_people using (person)
join hubspot_owners on user_id = ae_id
join deal_history using (deal)
join deal_stays using (deal)
where {is_alone}
order by opened_at, deal
"""

OWNERS = """
select
    owner_id as id, email, split_part(name, ' ', 1) as "firstName", nullif(split_part(name, ' ', 2), '') as "lastName",
    case when is_queue then 'QUEUE' else 'PERSON' end as type,
    case when not is_queue then hubspot_id('user', n)::bigint end as "userId", iso_ms(world_start()) as "createdAt",
    iso_ms(world_start()) as "updatedAt", false as archived
from hubspot_owners
order by n
"""

PIPELINES = f"""
select
    'default' as id, 'Sales Pipeline' as label, 0 as "displayOrder",
    list(struct_pack(
        id := id, label := label, "displayOrder" := n,
        metadata := struct_pack("isClosed" := is_closed, probability := p),
        "createdAt" := iso_ms(world_start()), "updatedAt" := iso_ms(world_start()), archived := false
    ) order by n) as stages,
    iso_ms(world_start()) as "createdAt", iso_ms(world_start()) as "updatedAt", false as archived
from (values {", ".join(str((*stage, n)) for n, stage in enumerate(DEAL_STAGES))}) as t (id, label, p, is_closed, n)
"""

# what was planned and not done stays a task; what was done is on the timeline as what it was
ENGAGED = """
create table engaged as
select
    tasks.n, person, deal, tasks.moment, is_inbound, is_automated, is_done,
    case when not is_done then 'TASK' when type = 0 then 'CALL' when type = 2 then 'MEETING'
        when is_inbound then 'INCOMING_EMAIL' else 'EMAIL' end as type,
    ['CALL', 'EMAIL', 'TODO'][type + 1] as task_type, owner_id
from tasks
join hubspot_people using (person)
join hubspot_owners on user_id = case when deal >= 0 then ae_id else sdr_id end
where {is_alone} and tasks.moment between created_at and gone_at
"""
ENGAGEMENTS = """
select
    hubspot_id('engagement', n) as id, type,
    struct_pack(
        hs_object_id := hubspot_id('engagement', n), hs_timestamp := iso_ms(moment), hs_createdate := iso_ms(moment),
        hs_lastmodifieddate := iso_ms(moment), hubspot_owner_id := owner_id,
        hs_call_direction := case when type = 'CALL' then if(is_inbound, 'INBOUND', 'OUTBOUND') end,
        hs_call_status := case when type = 'CALL' then 'COMPLETED' end,
        hs_email_direction := case type when 'EMAIL' then 'EMAIL' when 'INCOMING_EMAIL' then 'INCOMING_EMAIL' end,
        hs_email_status := case when type in ('EMAIL', 'INCOMING_EMAIL') then 'SENT' end,
        hs_meeting_outcome := case when type = 'MEETING' then 'COMPLETED' end,
        hs_task_status := case when type = 'TASK' then 'NOT_STARTED' end,
        hs_task_type := case when type = 'TASK' then task_type end,
        hs_object_source := case when is_automated then 'SEQUENCES'
            when type = 'INCOMING_EMAIL' then 'EMAIL_INTEGRATION' else 'CRM_UI' end
    ) as properties,
    iso_ms(moment) as "createdAt", iso_ms(moment) as "updatedAt", false as archived
from engaged
order by moment, n
"""

# each type of association has a number for each direction; a label of one's own comes on top of the plain one
ASSOCIATIONS = """
with seated as (
    select deal, person, 'Primary' as label, 101 as n from deals
    where person not in (select person from marks where mark = 'no_role')
    union all
    select deal, person, ['Influencer', 'Evaluator', 'Economic Buyer'][person % 3 + 1], person % 3 + 102 from seats
),
seats_known as (
    select hubspot_id('deal', deal) as deal_id, hubspot_contact_id as contact_id, label, n
    from seated join hubspot_people using (person) where {is_alone} and deal in (select deal from deal_history)
),
companies as (
    select 'contact' as from_object, hubspot_contact_id as from_id, company_id from hubspot_people
    where company_id is not null
    union all
    select 'deal', hubspot_id('deal', deal), company_id from deals join hubspot_people using (person)
    where {is_alone} and company_id is not null and deal in (select deal from deal_history)
),
associations as (
    select from_object, from_id, 'company' as to_object, company_id as to_id,
        if(from_object = 'contact', [279, 1], [341, 5])[n] as type_id, 'HUBSPOT_DEFINED' as category,
        [null, 'Primary'][n] as label
    from companies cross join (values (1), (2)) as t (n)
    union all
    select 'deal', deal_id, 'contact', contact_id, 3, 'HUBSPOT_DEFINED', null from seats_known
    union all
    select 'deal', deal_id, 'contact', contact_id, n, 'USER_DEFINED', label from seats_known
    union all
    select 'contact', contact_id, 'deal', deal_id, 4, 'HUBSPOT_DEFINED', null from seats_known
    union all
    select 'engagement', hubspot_id('engagement', n), 'contact', hubspot_contact_id,
        case type when 'CALL' then 194 when 'MEETING' then 200 when 'TASK' then 204 else 198 end,
        'HUBSPOT_DEFINED', null
    from engaged join hubspot_people using (person)
    union all
    select 'engagement', hubspot_id('engagement', n), 'deal', hubspot_id('deal', deal),
        case type when 'CALL' then 206 when 'MEETING' then 212 when 'TASK' then 216 else 210 end,
        'HUBSPOT_DEFINED', null
    from engaged where deal in (select deal from deal_history)
)
select from_object, from_id, to_object, to_id, type_id::varchar as type_id, category, label
from associations
order by from_object, from_id, to_object, to_id, type_id
"""

FORM_SUBMISSIONS = """
select
    hubspot_contact_id as contact_id, hubspot_guid('conversion', touches.n) as conversion_id,
    hubspot_guid('form', program) as form_id, iso_ms(moment) as "timestamp", programs.name as title,
    'https://www.ourco.example/' || lower(replace(programs.name, ' ', '-')) as page_url
from touches join hubspot_people using (person) join programs on programs.n = program
where touches.kind = 1 and moment <= gone_at
order by moment, touches.n
"""

EMAIL_EVENTS = """
with mails as (
    select touches.n, touches.kind, moment, created_at, lower(trim(map_email)) as recipient, program
    from touches join hubspot_people using (person)
    where touches.kind in (2, 3) and moment <= gone_at
),
happened as (
    select n, recipient, program, moment, if(kind = 2, 'OPEN', 'CLICK') as type from mails
    union all
    select n, recipient, program, greatest(created_at, moment - 600 - n * 7919 % 90000), 'SENT' from mails
    where kind = 2
)
select
    hubspot_guid(type, n) as id, recipient, type, iso_ms(moment) as created,
    hubspot_id('campaign', program) as "emailCampaignId", 1043311 as "appId"
from happened
order by moment, n, type
"""

EMAIL_CAMPAIGNS = """
select
    hubspot_id('campaign', n) as id, name || ' invitation' as name, 'You are invited: ' || name as subject,
    'BATCH_EMAIL' as type, 1043311 as "appId"
from programs
order by n
"""

MERGES = """
select
    hubspot_contact_id as contact_id, loser as vid_to_merge, iso_ms(merged_map_at) as "timestamp",
    hubspot_id('user', sdr)::bigint as user_id
from (select *, unnest([loser_id, second_loser_id]) as loser from hubspot_people)
where loser is not null
order by merged_map_at, loser
"""

OF_ALL = ("owners", "pipelines", "email_campaigns")  # the company's, not a person's: the same in every block


def exports(con: duckdb.DuckDBPyConnection, pair: str) -> dict[str, str]:
    """Object → query, for HubSpot as the MAP beside Salesforce, or alone."""
    is_alone = pair == ALONE
    con.execute(MACROS)
    con.execute(PEOPLE)
    hubspot_sync.lay_out(con, is_alone)
    con.execute(OWNERS_ASSIGNED if is_alone else OWNERS_TOLD)
    con.execute(WRITES.format(deal_writer="DEALS" if is_alone else "SALESFORCE"))
    _condense(con)
    con.execute(ENGAGED.format(is_alone=is_alone))
    properties = ", ".join(f"{name} := {name}" for name in CONTACT_STAYS)
    contacts = CONTACTS.format(
        stays=properties,
        salesforce="" if is_alone else SALESFORCE_PROPERTIES,
        reason=REASON if is_alone else "",
        made_by="CRM_UI" if is_alone else "SALESFORCE",
    )
    account = "null::varchar" if is_alone else "any_value(account_id)"
    deals = DEALS.format(stays=", ".join(f"{name} := {name}" for name in DEAL_STAYS), is_alone=is_alone)
    return {
        "contacts": contacts,
        "companies": COMPANIES.format(account=account),
        "deals": deals,
        "owners": OWNERS,
        "pipelines": PIPELINES,
        "engagements": ENGAGEMENTS,
        "associations": ASSOCIATIONS.format(is_alone=is_alone),
        "form_submissions": FORM_SUBMISSIONS,
        "email_events": EMAIL_EVENTS,
        "email_campaigns": EMAIL_CAMPAIGNS,
        "contact_merge_audit": MERGES,
    }


def _condense(con: duckdb.DuckDBPyConnection) -> None:
    """One row per record from the changes of each property, and what HubSpot computes of stages."""
    for name in ("lifecycle", "lead_status", "owner", "score"):
        by = {"company": "company_id", "user_number": "sdr", "join": "join hubspot_people using (person)"}
        con.execute(HISTORY.format(name=name, key="person", **by))
    con.execute(HISTORY.format(name="company", key="firm", company="null", user_number="6 + firm % 6", join=""))
    by_ae = "join deals using (deal) join persons using (person)"
    con.execute(HISTORY.format(name="deal", key="deal", company="null", user_number="ae + 6", join=by_ae))
    for name, key, columns in (("lifecycle", "person", CONTACT_STAYS), ("deal", "deal", DEAL_STAYS)):
        listed = ", ".join(f"{aggregate} as {column}" for column, aggregate in columns.items())
        con.execute(STAYS.format(name=name, key=key, columns=listed))
