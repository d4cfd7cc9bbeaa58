"""Which records the systems hold of a person, since when, under which ids and e-mails: from truth to exports."""

import duckdb

from ingest.world import company
from ingest.world.people import KINDS
from ingest.world.sync import ENGINES

ROWS_A_BLOCK = 10_000_000  # of one object: room for the ids of each block's rows

MACROS = """
create macro stamp(second) as make_timestamp(second::bigint * 1000000);
create macro local_date(second) as
    ((make_timestamp(second::bigint * 1000000) at time zone 'UTC') at time zone 'Europe/Berlin')::date;
-- 18 characters: prefix, instance, number, and a letter for each five that says which of them are upper case
create macro salesforce_id(prefix, number) as
    prefix || '5g' || lpad(number::bigint::varchar, 10, '0')
    || case when regexp_matches(prefix, '[A-Z]$') then 'E' else 'A' end || 'AA';
create macro opportunity_id(number) as salesforce_id('006', number + 1);
create macro user_id(code) as
    case when code like 'Q%' then salesforce_id('00G', code[2:]::int) else salesforce_id('005', code[2:]::int) end;
"""

KNOWN_TO_MAP = "nullif(created_map_at, 0)"
KNOWN_TO_ONE = """
    case
        when least(nullif(created_map_at, 0), created_lead_at, created_contact_at) <= world_end()
            then least(nullif(created_map_at, 0), created_lead_at, created_contact_at)
    end
"""

PERSONS = """
create table persons as
with first_lead as (
    select person, min(synced_at) as moment from events where stage = 1 and cycle = 1 and is_copied group by person
),
first_deal as (
    select person, min(opened_at) as moment from deals group by person
),
handed as (
    select person, nullif(max(assigned_at), 0) as assigned_at, nullif(min(touched_at), 0) as touched_at
    from handovers where cycle = 1 group by person
),
marked as (
    select
        person,
        max(moment) filter (mark = 'deleted_in_crm') as deleted_at,
        max(moment) filter (mark = 'linked_to_loser') as linked_to_loser_at,
        max(moment) filter (mark = 'duplicate_lead') as doubled_at,
        max(moment) filter (mark = 'no_role') as no_role_at,
        max(moment) filter (mark = 'stale_link') as stale_link_at,
        max(moment) filter (mark = 'score_summed') as score_summed_at,
        max(moment) filter (mark = 'winner_created_later') as winner_created_at,
        max(moment) filter (mark = 'converted_twice') as converted_again_at,
        max(moment) filter (mark = 'converted_by_marketo') as converted_by_marketo_at,
        max(moment) filter (mark = 'back_dated_close') as close_back_dated_to,
        max(value) filter (mark = 'shared_mailbox') as shared_mailbox,
        coalesce(bool_or(mark = 'mistyped_email'), false) as is_mistyped,
        coalesce(bool_or(mark = 'private_email'), false) as is_private
    from marks group by person
),
answered as (
    select person, min(answers_at) as answered_at from seats where answers_at > 0 group by person
),
timed as (
    select
        drawn.*, person in (select person from events) as has_moved,
        person in (select person from events where stage > 0) as has_qualified, marked.* exclude (person),
        answered.answered_at, handed.assigned_at, handed.touched_at,
        case when kind = 1 then first_at when kind = 0 then first_lead.moment end as created_lead_at,
        case when kind >= 2 then first_at else first_deal.moment end as created_contact_at
    from drawn
    left join first_lead using (person)
    left join first_deal using (person)
    left join handed using (person)
    left join marked using (person)
    left join answered using (person)
),
known as (
    select
        * replace (
            case when created_lead_at <= world_end() then created_lead_at end as created_lead_at,
            case when created_contact_at <= world_end() then created_contact_at end as created_contact_at,
            {known_to_map} as created_map_at
        )
    from timed
),
named as (
    select
        known.* exclude (first_name, last_name, title), f.shown as first_name, l.shown as last_name,
        f.address || '.' || l.address || person as mailbox,
        titles.title, staff.user_id as sdr_id, closers.user_id as ae_id,
        firsts[firm % len(firsts) + 1] || ' ' || seconds[firm // len(firsts) % len(seconds) + 1] || ' '
            || (firm // (len(firsts) * len(seconds)) + 1) || ' ' || forms[firm % len(forms) + 1] as firm_name,
        lower(firsts[firm % len(firsts) + 1] || '-' || seconds[firm // len(firsts) % len(seconds) + 1])
            || (firm // (len(firsts) * len(seconds)) + 1) || '.example' as firm_domain,
        kinds[kind + 1] as kind_name, personas[known.persona + 1] as persona_name,
        nullif(sources[source + 1], '') as source_name,
        case when created_map_at > 0 and coalesce(created_lead_at, created_contact_at) is not null
            then case
                when is_mistyped or is_private then 'likeness'
                else ['link', 'email', 'external_id'][matched_by + 1]
            end
        end as match_name,
        industries[firm % len(industries) + 1] as industry, countries[firm % len(countries) + 1] as firm_country,
        countries[known.country + 1] as country_name
    from known
    cross join words
    join first_names as f on f.n = known.first_name
    join last_names as l on l.n = known.last_name
    join titles on titles.persona = personas[known.persona + 1] and titles.variant = known.title
    join staff on staff.n = known.sdr
    join staff as closers on closers.n = known.ae + 6
),
addressed as (
    select
        * exclude (country, country_name), country_name as country,
        '+49 30 5' || lpad(person::varchar, 7, '0') as phone,
        case
            when shared_mailbox is not null then shared_mailbox || '@' || firm_domain
            else mailbox || case when style_draw between 0.2 and 0.24 then '+news' else '' end || '@'
                || case
                    when is_excluded then 'ourco.example' when free_draw < 0.06 then 'freemail.example'
                    else firm_domain
                end
        end as email
    from named
)
select
    * exclude (mailbox),
    case
        when (is_mistyped or is_private) and person % 2 = 0 then null
        when is_mistyped or is_private then replace(phone, '+49 30', '0049 (0)30')
        else phone
    end as map_phone,
    case when is_mistyped then left(email, 1) || email[3] || email[2] || email[4 + person % 2:]
        when style_draw < 0.05 then upper(email) when style_draw < 0.08 then '  ' || email else email end as crm_email,
    case
        when is_excluded or shared_mailbox is not null then email
        when is_private then 'nick' || person || '@freemail.example'
        when matched_by = 2 then 'nick' || person || '@freemail.example'
        when matched_by = 0 and style_draw > 0.97 then mailbox || '@formerly.example'
        when style_draw between 0.07 and 0.11 then upper(email) when style_draw between 0.11 and 0.13 then email || ' '
        else email
    end as map_email,
    case when matched_by = 2 then 'EXT-' || lpad(person::varchar, 8, '0') end as crm_external_id,
    case when matched_by = 2 then 'EXT-' || lpad(person::varchar, 8, '0') end as map_external_id,
    'P' || lpad(person::varchar, 8, '0') as true_id,
    case when created_lead_at is not null then salesforce_id('00Q', person + 1000) end as lead_id,
    case when created_contact_at is not null then salesforce_id('003', person + 1000) end as contact_id,
    case when created_contact_at is not null then salesforce_id('001', firm + 1000) end as account_id,
    case when created_map_at is not null then 100001 + person end as map_id,
    case when linked_to_loser_at is null then created_lead_at + 3600 + floor(duplicate_draw * 5000000)::int
        else created_lead_at end as duplicate_at,
    case when linked_to_loser_at is null then created_lead_at + 90000 + floor(duplicate_draw * 30000000)::int
        else linked_to_loser_at - 120 end as merged_at,
    least(created_lead_at, created_contact_at, created_map_at) as known_at,
    case
        when linked_to_loser_at is not null
            or (
                duplicate_draw < 0.02 and merged_at <= world_end()
                -- nobody merges what is converted or deleted
                and merged_at < least(created_contact_at, deleted_at, world_end() + 1)
            )
            then salesforce_id('00Q', person + 500000000)
    end as duplicate_lead_id,
    case when doubled_at is not null then salesforce_id('00Q', person + 600000000) end as second_lead_id,
    -- someone at the table of a deal answers from an address that is not linked: a lead, later joined to the contact
    case when kind = 3 and matched_by <> 0 and answered_at + 600 <= world_end() then answered_at + 600 end
        as answer_lead_at,
    case when answer_lead_at is not null then salesforce_id('00Q', person + 700000000) end as answer_lead_id,
    case when answer_lead_at + 86400 * (1 + person % 4) <= world_end()
        then answer_lead_at + 86400 * (1 + person % 4) end
        as answer_joined_at,
    case when converted_again_at is not null then salesforce_id('003', person + 800000000) end as second_contact_id,
    created_contact_at + 40000 + floor(own_draw * 5000000)::int as merged_contact_made_at,
    merged_contact_made_at + 30000 + floor(free_draw * 4000000)::int as merged_contact_at,
    case
        when duplicate_draw > 0.985 and converted_again_at is null and merged_contact_at <= world_end()
            then salesforce_id('003', person + 500000000)
    end as merged_contact_id,
    case when converted_by_marketo_at is not null then salesforce_id('001', person + 900000000) end
        as second_account_id,
    case
        when map_id is not null and (winner_created_at is not null or map_draw between 0.40 and 0.42)
            and coalesce(winner_created_at, created_map_at + 864000) + 86400 <= world_end() then 500000000 + person
    end as merged_map_id,
    coalesce(winner_created_at, created_map_at + 864000) + 86400 as merged_map_at,
    -- once a quarter, the bought leads of whom nothing came are thrown away, first here and then in Marketo
    case
        when has_marketo() and kind = 1 and matched_by = 0 and not has_moved and own_draw > 0.6
            then world_start() + ((created_lead_at + 60 * 86400 - world_start()) // 7862400 + 1) * 7862400
    end as thrown_away_at,
    case when thrown_away_at <= world_end() - 86400 then thrown_away_at end as junk_deleted_at,
    -- who asks to be forgotten is deleted in Marketo; nobody in sales ever knew them
    case
        when junk_deleted_at is not null then next_poll(junk_deleted_at, person)
        when map_id is not null and not has_qualified and lead_id is null and contact_id is null
            and winner_created_at is null and map_draw between 0.42 and 0.43
            and created_map_at + floor(map_draw * 1e7)::int % 10000 * 3000 <= world_end()
            then created_map_at + floor(map_draw * 1e7)::int % 10000 * 3000
    end as map_deleted_at
from addressed
"""


def lay_out(con: duckdb.DuckDBPyConnection, start: int, end: int, pair: str, block: int = 0) -> None:
    """Create `persons` from the truth's tables, and the macros that the exports use."""
    con.execute(MACROS)
    engine, is_alone = ENGINES[pair], pair == "hubspot"  # one system is both
    constants = {
        "world_start": start,
        "world_end": end,
        "sync_period": engine.period,
        "sync_tolerance": engine.tolerance,
        "block_base": block * ROWS_A_BLOCK,
    }
    for name, value in constants.items():
        con.execute(f"create macro {name}() as {value}::bigint")
    con.execute(f"create macro has_marketo() as {'marketo' in pair}")
    con.execute("create macro next_poll(moment, n) as (moment // sync_period() + 1) * sync_period() + 5 + n % 50")
    company.register(con)
    words = {
        "firsts": company.FIRM_FIRST,
        "seconds": company.FIRM_SECOND,
        "forms": company.FIRM_FORMS,
        "industries": company.INDUSTRIES,
        "countries": company.COUNTRIES,
        "kinds": KINDS,
        "personas": company.PERSONAS,
        "sources": (*company.SOURCES, ""),
    }
    con.execute(
        f"create table words as select {', '.join(f'? as {name}' for name in words)}", [list(w) for w in words.values()]
    )
    con.execute(PERSONS.format(known_to_map=KNOWN_TO_ONE if is_alone else KNOWN_TO_MAP))
