-- What an expert would write by hand for this company: from the exports of Salesforce and Marketo to people, stage_history,
-- stage_mismatches, funnel_by_month and conversion_rates. One agreement, one pair of vendors, one observed history; no
-- corrections, versions, undone exits, causes, effects or holds. `--- connect` stands where by_hand.py joins records.

create table mapped (source text, value text, stage text, rank int, least int, greatest int);
insert into mapped values
    ('lead_status', 'Open - Not Contacted', null, null, 1, 2), ('lead_status', 'Working - Contacted', 'sal', 3, 3, 3),
    ('lead_status', 'Qualified', 'sql', 4, 4, 4), ('lead_status', 'Nurture', 'recycled', null, null, null),
    ('lead_status', 'Unqualified', 'disqualified', null, null, null),
    ('lead_status', 'Imported', 'ignored', null, null, null), ('lead_status', 'Existing Contact', 'ignored', null, null, null),
    ('lifecycle', 'Engaged', 'inquiry', 1, 1, 1), ('lifecycle', 'MQL', 'mql', 2, 2, 2), ('lifecycle', 'SAL', 'sal', 3, 3, 3),
    ('lifecycle', 'SQL', 'sql', 4, 4, 4), ('lifecycle', 'Opportunity', 'opportunity', 5, 5, 5),
    ('lifecycle', 'Customer', 'won', 6, 6, 6), ('lifecycle', 'Recycled', 'recycled', null, null, null),
    ('lifecycle', 'Disqualified', 'disqualified', null, null, null), ('lifecycle', 'Lost', 'lost', null, null, null),
    ('opportunities', 'Prospecting', 'opportunity', 5, 5, 5), ('opportunities', 'Proposal', 'opportunity', 5, 5, 5),
    ('opportunities', 'Negotiation', 'opportunity', 5, 5, 5), ('opportunities', 'Closed Won', 'won', 6, 6, 6),
    ('opportunities', 'Closed Lost', 'lost', null, null, null);

create table records as
select
    row_number() over () as record, system, object, id, lower(trim(email)) as email, link, linked_id, external_id, title,
    lead_source, owner_id, created_at, updated_at, is_live
from (
    select
        'salesforce' as system, 'lead' as object, Id as id, Email as email, coalesce(ConvertedContactId, MasterRecordId) as link,
        null as linked_id, External_Id__c as external_id, Title as title, LeadSource as lead_source, OwnerId as owner_id,
        CreatedDate as created_at, LastModifiedDate as updated_at, not IsDeleted and MasterRecordId is null as is_live
    from {salesforce/Lead}
    union all
    select
        'salesforce', 'contact', Id, Email, MasterRecordId, null, External_Id__c, Title, LeadSource, OwnerId, CreatedDate,
        LastModifiedDate, not IsDeleted and MasterRecordId is null
    from {salesforce/Contact}
    union all
    select
        'marketo', 'prospect', cast(id as text), email, null, coalesce(sfdcContactId, sfdcLeadId), externalId, title, leadSource,
        null, createdAt, updatedAt, true
    from {marketo/leads}
);

create table links as
select a.record as a, b.record as b from records as a inner join records as b on a.system = b.system and a.link = b.id
union all
select a.record, b.record from records as a inner join records as b on a.linked_id = b.id and b.system = 'salesforce'
union all
select record, min(record) over (partition by email) from records where email like '%_@_%'
union all
select record, min(record) over (partition by external_id) from records where external_id is not null;

--- connect

create table person_records as
select
    clusters.person, records.*,
    is_live and row_number() over (
        partition by person, system, is_live order by object, updated_at desc, id
    ) = 1 as speaks
from records
inner join clusters using (record);

create table people as
select
    person,
    coalesce(min_by(lead_source, created_at), '(none)') as lead_source,
    case
        when min_by(lower(title), created_at) similar to '(vp |chief |head of |director ).*' then 'decision_maker'
        when min_by(lower(title), created_at) similar to '.* (manager|analyst|administrator|lead)' then 'practitioner'
        when min_by(lower(title), created_at) similar to '(student|intern|freelance .*|.* assistant)' then 'outsider'
        else '(none)'
    end as persona,
    max_by(owner_id, object) filter (where system = 'salesforce' and is_live) as owner_id,
    min(created_at) as created_at,
    bool_or(is_live and system = 'salesforce') as is_in_crm,
    bool_or(is_live and system = 'marketo') as is_in_map,
    not bool_or(is_live) as is_deleted,
    coalesce(bool_or(email like '%@ourco.example'), false) as is_excluded
from person_records
group by person;

create table owners as
select Id as owner_id, case when Email between 'user001' and 'user007' then 'sdr' when Email like 'user%' then 'ae' end as team
from {salesforce/User}
union all
select Id, 'sdr' from {salesforce/Group};

create table opportunities as
select Id as opportunity_id, AccountId as account_id, ContactId as contact_id, StageName as value, CreatedDate as created_at,
    OwnerId as owner_id
from {salesforce/Opportunity}
where not IsDeleted;

create table opportunity_people as
select opportunity_id, person, min(joined_at) as joined_at
from (
    select OpportunityId as opportunity_id, person, CreatedDate as joined_at
    from {salesforce/OpportunityContactRole} as roles
    inner join person_records on roles.ContactId = person_records.id and system = 'salesforce'
    where IsPrimary and not roles.IsDeleted
    union all
    select opportunity_id, person, timestamp '1900-01-01'
    from opportunities
    inner join person_records on opportunities.contact_id = person_records.id and system = 'salesforce'
    union all
    select ConvertedOpportunityId, person, timestamp '1900-01-01'
    from {salesforce/Lead} as leads
    inner join person_records on leads.Id = person_records.id and system = 'salesforce'
    where ConvertedOpportunityId is not null
)
group by opportunity_id, person;

create table said as
with lead_changes as (

    select LeadId as id, OldValue as old_value, NewValue as value, CreatedDate as said_at
    from {salesforce/LeadHistory}
    where Field = 'Status'

),

first_lead_values as (

    select leads.Id as id, coalesce(min_by(lead_changes.old_value, lead_changes.said_at), any_value(leads.Status)) as value,
        any_value(leads.CreatedDate) as said_at
    from {salesforce/Lead} as leads
    left join lead_changes on leads.Id = lead_changes.id
    group by leads.Id

),

opportunity_changes as (

    select OpportunityId as id, OldValue as old_value, NewValue as value, CreatedDate as said_at
    from {salesforce/OpportunityFieldHistory}
    where Field = 'StageName'

),

first_opportunity_values as (

    select opportunities.opportunity_id as id,
        coalesce(min_by(changes.old_value, changes.said_at), any_value(opportunities.value)) as value,
        any_value(opportunities.created_at) as said_at
    from opportunities
    left join opportunity_changes as changes on opportunities.opportunity_id = changes.id
    group by opportunities.opportunity_id

),

activities as (

    select * from {marketo/activities}
    where activityTypeId in (2, 22, 101)

),

spoken as (

    select 'lead_status' as source, 'salesforce' as system, id, value, said_at from lead_changes
    union all
    select 'lead_status', 'salesforce', id, value, said_at from first_lead_values
    union all
    select 'lifecycle', 'marketo', cast(leadId as text), attributes ->> '$."New Stage"', activityDate
    from activities
    where activityTypeId = 101
    union all
    select 'mql_rule', 'marketo', cast(leadId as text), 'score', activityDate
    from activities
    where
        activityTypeId = 22
        and cast(attributes ->> '$."New Value"' as double) >= 65
        and cast(attributes ->> '$."New Value"' as double) - cast(attributes ->> '$."Change Value"' as double) < 65
    union all
    select 'mql_rule', 'marketo', cast(leadId as text), 'form', activityDate
    from activities
    where activityTypeId = 2 and primaryAttributeValue = 'Demo Request'

)

select
    'person' as unit, cast(person as text) as unit_id, person, source, null as opportunity_id, spoken.value, said_at, speaks,
    is_live
from spoken
inner join person_records using (system, id)
union all
select
    'person', cast(person as text), person, 'opportunities', values.id, values.value, greatest(said_at, joined_at), true, true
from (select * from first_opportunity_values union all select id, value, said_at from opportunity_changes) as values
inner join opportunity_people on values.id = opportunity_people.opportunity_id
union all
select 'opportunity', values.id, null, 'opportunities', values.id, values.value, said_at, true, true
from (select * from first_opportunity_values union all select id, value, said_at from opportunity_changes) as values
inner join opportunities on values.id = opportunities.opportunity_id;

create table moves as
with entries as (

    select
        said.*, case source when 'mql_rule' then 'mql' else mapped.stage end as stage,
        case source when 'mql_rule' then 2 else mapped.rank end as rank
    from said
    left join mapped using (source, value)
    where
        is_live
        and (
            source in ('mql_rule', 'opportunities')
            or (source = 'lifecycle' and mapped.stage in ('inquiry', 'mql'))
            or (source = 'lead_status' and mapped.stage in ('sal', 'sql', 'recycled', 'disqualified'))
        )

),

deals as (

    select person, said_at as opened_at, coalesce(
        lead(said_at) over (partition by person, opportunity_id order by said_at), timestamp '9999-12-31'
    ) as closed_at, value
    from said
    where unit = 'person' and source = 'opportunities'

),

while_selling as (

    select distinct entries.person, entries.said_at
    from entries
    inner join deals
        on entries.person = deals.person and entries.said_at >= deals.opened_at and entries.said_at < deals.closed_at
    where entries.source = 'lead_status' and deals.value <> 'Closed Lost'

),

heard as (

    select entries.*, row_number() over (
            partition by unit, unit_id order by entries.said_at, coalesce(rank, 9), source, value
        ) as step
    from entries
    left join while_selling on entries.source = 'lead_status' and entries.person = while_selling.person
        and entries.said_at = while_selling.said_at
    where while_selling.person is null

),

with_before as (

    select
        *, last_value(case when source <> 'mql_rule' then coalesce(rank, 0) end ignore nulls) over so_far as rank_before,
        last_value(case when source <> 'mql_rule' then stage end ignore nulls) over so_far as stage_before_rule
    from heard
    window so_far as (partition by unit, unit_id order by step rows between unbounded preceding and 1 preceding)

),

path as (

    select
        *, lag(stage) over per_unit as previous_stage, lag(rank) over per_unit as previous_rank,
        lag(said_at) over per_unit as previous_at, lead(said_at) over per_unit as left_at
    from with_before
    where not (source = 'mql_rule' and coalesce(rank_before, 0) > 2 and coalesce(stage_before_rule, '') <> 'won')
    window per_unit as (partition by unit, unit_id order by step)

),

with_starts as (

    select
        *,
        rank is not null
        and (
            previous_stage is null or previous_rank is null or (previous_stage = 'won' and stage <> 'won')
            or said_at > previous_at + interval 365 days
        ) as starts
    from path

)

select
    *, cast(sum(cast(starts as int)) over (partition by unit, unit_id order by step) as int) as cycle,
    case
        when starts and not exists_before then 'entry'
        when starts then 're_entry'
        when stage = previous_stage then null
        when stage = 'recycled' then 'recycle'
        when rank is null then 'exit'
        when rank = previous_rank + 1 then 'forward'
        when rank > previous_rank then 'skip'
        else 'regression'
    end as transition
from (select *, previous_stage is not null as exists_before from with_starts);

create table stage_history as
select
    unit, unit_id, person, opportunity_id, cycle, stage, said_at as entered_at, left_at, previous_stage, transition, source, value,
    row_number() over (partition by unit, unit_id, cycle, stage order by step) as entry_number
from moves;

create table stage_mismatches as
with latest as (

    select
        person, case source when 'lifecycle' then 'map' else 'crm' end as side, source, opportunity_id,
        max_by(value, said_at) as value, max(said_at) as since
    from said
    where
        unit = 'person' and source <> 'mql_rule' and speaks and value is distinct from 'Imported'
        and value is distinct from 'Existing Contact'
    group by all

),

sides as (

    select
        person, side, stage, least, greatest, mapped.source is not null as is_known, since
    from latest
    left join mapped using (source, value)
    qualify row_number() over (
        partition by person, side
        order by case when source = 'opportunities' and value <> 'Closed Lost' then 0 else 1 end, since desc
    ) = 1

),

handed_over as (

    select person, min(said_at) as since from moves
    where unit = 'person' and rank >= 2
    group by person

),

faced as (

    select
        people.person, crm.stage as crm_stage, map.stage as map_stage, greatest(crm.since, map.since) as since,
        case
            when (not is_in_crm or not is_in_map) and handed_over.person is not null then 'mismatch'
            when not is_in_crm or not is_in_map then 'one_system'
            when not crm.is_known or not map.is_known then 'mismatch'
            when crm.person is null or map.person is null then 'unknown'
            when coalesce(crm.stage = map.stage, false) or (crm.least <= map.greatest and map.least <= crm.greatest) then 'agrees'
            else 'mismatch'
        end as verdict
    from people
    left join sides as crm on people.person = crm.person and crm.side = 'crm'
    left join sides as map on people.person = map.person and map.side = 'map'
    left join handed_over on people.person = handed_over.person
    where not is_deleted and not is_excluded

)

select *
from faced
where verdict = 'mismatch' and coalesce(since < (select max(said_at) from said) - interval 30 minutes, true);

create table reached as
with stages as (select distinct stage, rank from mapped where rank is not null),

ways as (

    select unit, unit_id, cycle, stage, said_at, true as is_observed from moves where rank is not null and cycle > 0
    union all
    select moves.unit, moves.unit_id, moves.cycle, stages.stage, moves.said_at, false
    from moves
    inner join stages on stages.rank > moves.previous_rank and stages.rank < moves.rank and moves.transition = 'skip'
    where moves.cycle > 0 and (moves.unit = 'person' or stages.rank >= 5)

)

select
    unit, unit_id, cycle, stage, min(said_at) as reached_at, bool_or(is_observed) as is_observed,
    cast(date_trunc('month', timezone('Europe/Berlin', timezone('UTC', min(said_at)))) as date) as reached_month,
    cast(date_trunc('month', timezone('Europe/Berlin', timezone('UTC', min(min(said_at)) over (partition by unit, unit_id, cycle))))
        as date) as cohort_month
from ways
group by unit, unit_id, cycle, stage;

create table units as
select 'person' as unit, cast(person as text) as unit_id, lead_source, coalesce(team, '(none)') as owner_team, persona
from people
left join owners using (owner_id)
where not is_excluded
union all
select 'opportunity', opportunity_id, coalesce(any_value(lead_source), '(none)'), coalesce(any_value(team), '(none)'),
    coalesce(any_value(persona), '(none)')
from opportunities
left join opportunity_people using (opportunity_id)
left join people using (person)
left join owners on opportunities.owner_id = owners.owner_id
group by opportunity_id;

create table funnel_by_month as
select unit, basis, month, segment, segment_value, stage, count(*) as reached, count(*) filter (where is_observed) as observed
from (
    select
        reached.unit, stage, is_observed, unnest(['cohort', 'period']) as basis,
        unnest([cohort_month, reached_month]) as month, lead_source, owner_team, persona
    from reached
    inner join units using (unit, unit_id)
) as counted
cross join lateral (
    values ('all', null), ('lead_source', lead_source), ('owner_team', owner_team), ('persona', persona)
) as segments (segment, segment_value)
group by all;

create table conversion_rates as
with pairs (from_stage, to_stage, days) as (

    values ('inquiry', 'mql', 30), ('mql', 'sal', 14), ('sal', 'sql', 30), ('sql', 'opportunity', 60), ('opportunity', 'won', 120)

),

converted as (

    select
        a.unit, a.unit_id, 'cohort' as basis, a.reached_month as month, from_stage, to_stage, 1 as entered,
        cast(coalesce(b.reached_at <= a.reached_at + days * interval 1 day, false) as int) as converted
    from reached as a
    inner join pairs on a.stage = pairs.from_stage and (a.unit = 'person' or from_stage = 'opportunity')
    left join reached as b
        on a.unit = b.unit and a.unit_id = b.unit_id and a.cycle = b.cycle and pairs.to_stage = b.stage
    union all
    select unit, unit_id, 'period', reached_month, from_stage, to_stage, cast(stage = from_stage as int), cast(stage = to_stage as int)
    from reached
    inner join pairs on stage in (from_stage, to_stage) and (unit = 'person' or from_stage = 'opportunity')

),

counted as (

    select unit, basis, month, from_stage, to_stage, segment, segment_value, sum(entered) as entered, sum(converted) as converted
    from (
        select
            unit, basis, month, from_stage, to_stage, lead_source, owner_team, persona, sum(entered) as entered,
            sum(converted) as converted
        from converted
        inner join units using (unit, unit_id)
        group by all
    ) as combined
    cross join lateral (
        values ('all', null), ('lead_source', lead_source), ('owner_team', owner_team), ('persona', persona)
    ) as segments (segment, segment_value)
    group by all

)

select
    *, converted / nullif(entered, 0) as rate,
    case when basis = 'cohort' then (
        rate + 1.9207 / entered - 1.96 * sqrt(rate * (1 - rate) / entered + 0.9604 / entered ^ 2)
    ) / (1 + 3.8415 / entered) end as ci_low,
    case when basis = 'cohort' then (
        rate + 1.9207 / entered + 1.96 * sqrt(rate * (1 - rate) / entered + 0.9604 / entered ^ 2)
    ) / (1 + 3.8415 / entered) end as ci_high
from counted
where basis = 'period' or entered > 0;
