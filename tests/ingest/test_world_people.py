"""A head of sales who looks at the simulated funnel would believe it, and the truth says why people move."""

import numpy as np
import pytest
from worlds import opened, rows, value, written

BERLIN = "at time zone 'UTC' at time zone 'Europe/Berlin'"


@pytest.fixture(scope="module")
def con():
    with opened(written(16_000, 23)) as con:
        con.execute("""
            create temp table ways as
            select
                person_id, cycle, min(entered_at) as began_at, bool_or(stage = 'inquiry') as inquiry,
                bool_or(stage = 'mql') as mql,
                bool_or(stage in ('sal', 'sql', 'opportunity')) as sal, bool_or(stage in ('sql', 'opportunity')) as sql,
                bool_or(stage = 'opportunity') as opportunity, bool_or(stage = 'won') as won
            from truth.stages group by all
        """)
        yield con


@pytest.mark.parametrize(
    ("above", "below", "low", "high"),
    [
        ("inquiry", "mql", 0.26, 0.34),
        ("mql", "sal", 0.58, 0.70),
        ("sal", "sql", 0.54, 0.68),
        ("sql", "opportunity", 0.60, 0.73),
        ("opportunity", "won", 0.20, 0.31),
    ],
)
def test_about_as_many_go_on_as_in_other_companies(con, above, below, low, high):
    rate = f"select avg({below}::int) from ways where cycle = 1 and {above} and began_at < '2025-08-01'"
    if above in ("sal", "sql"):  # not those who began with a deal
        rate += " and mql"
    assert low < value(con, rate) < high


def test_better_fit_better_sources_and_more_interest_convert_better(con):
    by = "select {0}, avg(is_taken::int) from truth.conversions join truth.people using (person_id)"
    by += " where step = 'inquiry-mql' and kind = 'inbound' group by 1"
    persona, source = dict(rows(con, by.format("persona"))), dict(rows(con, by.format("lead_source")))
    assert persona["decision_maker"] > persona["practitioner"] + 0.02 > persona["outsider"] + 0.06
    assert source["Referral"] > source["Website"] + 0.02 > source["Content Syndication"] + 0.08
    assert len(source) == 7
    assert None in source
    interest = dict(rows(con, by.format("interest_factor > 1")))
    assert interest[True] > interest[False] + 0.05


def test_who_is_called_back_fast_is_accepted_more_often_and_whom_nobody_calls_never(con):
    accepted = dict(
        rows(
            con,
            """select speed_factor, avg(is_taken::int) from truth.handovers
            join truth.conversions using (person_id, cycle)
            where step = 'mql-sal' and (first_touched_at is not null or speed_factor = 0) group by 1""",
        )
    )
    assert sorted(accepted) == [0, 0.75, 1, 1.25]
    assert accepted[0] == 0
    assert accepted[1.25] > accepted[1] + 0.05 > accepted[0.75] + 0.15


def test_the_speed_of_the_truth_is_the_time_between_hand_over_and_first_touch(con):
    wrong = """
        select count(*), count(*) filter (speed_factor <> case
            when first_touched_at is null then 0 when hours < 6 then 1.25 when hours < 30 then 1 else 0.75 end)
        from (select *, epoch(first_touched_at - handed_over_at) / 3600 as hours from truth.handovers)
        where handed_over_at < timestamp '2026-01-01'
            and not hours between 5 and 7 and not hours between 29 and 31  -- the clock runs from the copy in the CRM
            or first_touched_at is null and handed_over_at < timestamp '2026-01-01'
    """
    count, others = rows(con, wrong)[0]
    assert count > 2000
    assert others == 0


POWERS = {"inquiry-mql": 0.6, "mql-sal": 0.5, "sal-sql": 0.6, "sql-opportunity": 0.4, "opportunity-won": 0.5}


@pytest.mark.parametrize("step", POWERS)
def test_a_chance_is_what_the_truth_says_it_depends_on(con, step):
    """A constant of the step times the factors' product to a power, times the speed of the follow-up."""
    found = rows(
        con,
        f"""select probability, persona_factor * source_factor * interest_factor, coalesce(speed_factor, 1)
        from truth.conversions join truth.people using (person_id)
        left join truth.handovers as h on h.person_id = conversions.person_id and h.cycle = conversions.cycle
            and step = 'mql-sal'
        where step = '{step}' and probability between 0.021 and 0.949""",
    )
    chance, quality, speed = np.array(found, dtype=float).T
    base = chance / (quality ** POWERS[step] * speed)
    assert len(base) > 300
    assert np.ptp(base) < 0.003 * base.mean()


@pytest.mark.parametrize("step", POWERS)
def test_of_those_with_a_chance_as_many_go_on_as_it_says(con, step):
    found = rows(con, f"select probability, is_taken from truth.conversions where step = '{step}'")
    chance, taken = np.array(found, dtype=float).T
    assert chance.min() >= 0
    for low, high in ((0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1)):
        within = (chance >= low) & (chance < high)
        if within.sum() > 100:
            error = np.sqrt((chance[within] * (1 - chance[within])).sum()) / within.sum()
            assert abs(taken[within].mean() - chance[within].mean()) < 4 * error + 1e-9
    assert abs(taken.mean() - chance.mean()) < 4 * np.sqrt((chance * (1 - chance)).sum()) / len(chance)


def test_a_step_that_was_taken_is_in_the_stages_once_there_was_time(con):
    """Those who skip a stage were never asked whether they enter it."""
    for step, stage in (("inquiry-mql", "mql"), ("mql-sal", "sal"), ("sal-sql", "sql"), ("opportunity-won", "won")):
        skipping = "'sal', 'sql', 'opportunity'" if stage == "sal" else f"'{stage}'"
        differs = f"""
            select count(*), count(*) filter (is_taken <> (s.person_id is not null))
            from truth.conversions as c left join (
                select distinct person_id, cycle from truth.stages where stage in ({skipping})
            ) as s using (person_id, cycle)
            where step = '{step}' and since_at < timestamp '2025-07-01'
        """
        count, others = rows(con, differs)[0]
        assert count > 200
        assert others <= 0.01 * count


@pytest.mark.parametrize(
    ("stage", "following", "low", "high"),
    [
        ("mql", "sal", 1, 5),
        ("sal", "sql", 4, 12),
        ("sql", "opportunity", 5, 14),
        ("opportunity", "won", 25, 60),
        ("recycled", "mql", 30, 90),
    ],
)
def test_steps_take_days_or_weeks(con, stage, following, low, high):
    days = f"""
        select median(epoch(next_at - entered_at) / 86400) from (
            select *, lead(stage) over w as next_stage, lead(entered_at) over w as next_at
            from truth.stages window w as (partition by person_id order by entered_at)
        ) where stage = '{stage}' and next_stage = '{following}'
    """
    assert low < value(con, days) < high


def test_half_are_touched_within_a_working_day_and_some_much_later_or_never(con):
    hours = rows(
        con,
        """select quantile_cont(epoch(first_touched_at - handed_over_at) / 3600, [0.25, 0.5, 0.9]),
        avg((first_touched_at is null)::int) from truth.handovers where handed_over_at < timestamp '2026-03-01'""",
    )[0]
    quarter, half, most = hours[0]
    assert 2 < quarter < 16 < half < 40 < most < 120
    assert 0.09 < hours[1] < 0.15


DAYTIME = "dayofweek(local) between 1 and 5 and hour(local) between 8 and 18"


@pytest.mark.parametrize(
    "what",
    [
        "entered_at as at from truth.stages where stage not in ('inquiry', 'mql')",
        "CreatedDate from salesforce.Task where TaskSubtype <> 'Cadence'",
        "StartDateTime from salesforce.Event",
        "CreatedDate from salesforce.OpportunityFieldHistory where Field = 'StageName'",
        "first_touched_at from truth.handovers where first_touched_at is not null",
    ],
)
def test_salespeople_work_in_business_hours(con, what):
    column = what.split()[0]
    share = f"select avg(({DAYTIME})::int) from (select {column} {BERLIN} as local {what[what.index('from') :]})"
    assert value(con, share) == 1


def test_visitors_come_at_any_time_but_most_by_day_and_few_on_weekends(con):
    touches = "select activityDate from marketo.activities where activityTypeId in (1, 2, 10, 11)"
    hours = dict(rows(con, f"select hour(activityDate {BERLIN}), count(*) from ({touches}) group by 1"))
    assert len(hours) == 24
    by_day = sum(hours[hour] for hour in range(9, 18)) / sum(hours.values())
    by_night = sum(hours[hour] for hour in range(0, 6)) / sum(hours.values())
    weekend = value(con, f"select avg((dayofweek(activityDate) in (0, 6))::int) from ({touches})")
    assert 0.5 < by_day < 0.75
    assert 0.01 < by_night < 0.1
    assert 0.05 < weekend < 0.15


def test_meetings_begin_on_the_quarter_hour_and_most_were_made_days_before(con):
    assert (
        value(con, "select count(*) from salesforce.Event where minute(StartDateTime) % 15 + second(StartDateTime) > 0")
        == 0
    )
    assert 0.3 < value(con, "select avg((CreatedDate < StartDateTime)::int) from salesforce.Event") < 1


def test_a_bought_list_comes_in_one_go_and_a_bulk_edit_in_one_second(con):
    imports = rows(
        con,
        """select date_trunc('day', l.CreatedDate), max(l.CreatedDate) - min(l.CreatedDate) <= interval 10 minute
        from salesforce.Lead as l join truth.people on crm_lead_id = Id where kind = 'list' group by 1""",
    )
    assert 15 <= len(imports) <= 22  # every four weeks for a year and a half
    assert {in_one_go for _, in_one_go in imports} == {True}
    bulk = rows(
        con, "select count(*) from salesforce.LeadHistory where Field = 'Owner' group by CreatedDate order by 1 desc"
    )
    assert bulk[0][0] > 20


def test_more_interest_shows_in_more_touches_of_several_kinds(con):
    touches = dict(
        rows(
            con,
            """select interest_factor > 1, avg(touches) from truth.people join (
                select leadId, count(*) as touches from marketo.activities
                where activityTypeId in (1, 2, 10, 11) group by 1
            ) on leadId = map_record_id where kind = 'inbound' group by 1""",
        )
    )
    assert touches[True] > 1.3 * touches[False]
    assert 8 < touches[False] < 30


def test_people_skip_fall_back_come_again_slip_and_are_found_by_sales(con):
    count = """
        select {} from (
            select *, lag(stage) over (partition by person_id order by entered_at) as before from truth.stages
        ) join truth.people using (person_id)
    """
    at_least = {
        "before = 'mql' and stage = 'sql'": 50,  # skipped sal
        "before = 'sal' and stage = 'opportunity'": 20,  # skipped sql
        "before = 'sql' and stage = 'sal'": 50,  # fell back
        "before = 'recycled' and stage = 'mql' and cycle > 1": 200,
        "before = 'lost' and stage = 'opportunity' and cycle > 1": 50,
        "before is null and stage = 'opportunity' and kind = 'sales'": 500,
        "before is null and stage = 'mql'": 100,  # a demo asked for at once
        "before = 'disqualified' and stage = 'sal' and is_undone": 10,
    }
    for what, least in at_least.items():
        assert value(con, count.format(f"count(*) filter ({what})")) > least, what
    never = "before = 'won' or before = 'disqualified' and not is_undone"
    never += " or before in ('recycled', 'lost') and stage not in ('mql', 'opportunity')"
    assert value(con, count.format(f"count(*) filter ({never})")) == 0


def test_a_slip_is_undone_within_the_day_that_the_agreement_allows(con):
    undone = """select max(epoch(back - entered_at)) from (
        select *, lead(entered_at) over (partition by person_id order by entered_at) as back from truth.stages
    ) where is_undone and stage = 'disqualified'"""
    assert 3600 < value(con, undone) < 86_400


def test_deals_have_committees_of_the_same_company_and_one_primary_contact(con):
    roles = rows(
        con,
        "select count(*) filter (IsPrimary), count(*) from salesforce.Opportunity as o"
        " left join salesforce.OpportunityContactRole as r on r.OpportunityId = o.Id group by o.Id",
    )
    assert {primary for primary, _ in roles} == {1}
    assert max(count for _, count in roles) >= 4
    apart = (
        "select count(*) from salesforce.OpportunityContactRole as r join salesforce.Opportunity as o"
        " on o.Id = r.OpportunityId join salesforce.Contact as c on c.Id = r.ContactId where c.AccountId <> o.AccountId"
    )
    assert value(con, apart) == 0


def test_amounts_are_those_of_software_deals_most_in_euro_and_some_in_dollars(con):
    share = dict(
        rows(con, "select CurrencyIsoCode, count(*) / sum(count(*)) over () from salesforce.Opportunity group by 1")
    )
    assert set(share) == {"EUR", "USD"}
    assert 0.15 < share["USD"] < 0.25
    low, half, high = value(con, "select quantile_cont(Amount::double, [0.05, 0.5, 0.95]) from salesforce.Opportunity")
    assert 2000 < low < 10_000 < half < 15_000 < high < 80_000


def test_leads_wait_in_a_queue_before_somebody_owns_them(con):
    queue = value(con, "select Id from salesforce.Group")
    first = rows(
        con,
        """select coalesce(h.OldValue, l.OwnerId) from salesforce.Lead as l left join (
            select LeadId, arg_min(OldValue, CreatedDate) as OldValue from salesforce.LeadHistory
            where Field = 'Owner' and DataType = 'EntityId' group by 1
        ) as h on h.LeadId = l.Id join truth.people on crm_lead_id = l.Id where kind = 'inbound'""",
    )
    in_queue = sum(owner == queue for (owner,) in first) / len(first)
    assert 0.5 < in_queue < 0.95
    taken = "select count(distinct NewValue) from salesforce.LeadHistory where OldValue = '{}' and NewValue like '005%'"
    assert value(con, taken.format(queue)) == 6


def test_lists_come_with_a_default_status_and_what_never_moved_is_thrown_away_in_both_systems(con):
    thrown = """select count(*), count(m.id), bool_and(l.Status = 'Imported'), bool_and(p.is_deleted)
        from salesforce.Lead as l join truth.people as p on p.crm_lead_id = l.Id
        left join marketo.leads as m on m.id = map_record_id
        where l.IsDeleted and MasterRecordId is null"""
    count, alive, imported, said = rows(con, thrown)[0]
    assert count > 50
    assert (alive, imported, said) == (0, True, True)
    kept = "select count(*) from salesforce.Lead where Status = 'Imported' and not IsDeleted"
    assert value(con, kept) > count


def test_some_whom_sales_made_reach_marketo_late(con):
    late = """select avg((m.createdAt > c.CreatedDate + interval 1 hour)::int) from truth.people as p
        join salesforce.Contact as c on c.Id = p.crm_contact_id join marketo.leads as m on m.id = p.map_record_id
        where kind = 'sales'"""
    assert 0.15 < value(con, late) < 0.35


def test_people_can_be_matched_the_way_the_truth_says_and_nobody_is_mistaken_for_another(con):
    con.execute("""
        create or replace temp table pairs as
        select
            matched_by, p.person_id,
            coalesce(m.sfdcLeadId, m.sfdcContactId) in (p.crm_lead_id, p.crm_contact_id) as is_linked,
            m.externalId as map_external, coalesce(c.External_Id__c, l.External_Id__c) as crm_external,
            lower(trim(coalesce(c.Email, l.Email))) = lower(trim(m.email)) as is_same_email
        from truth.people p join marketo.leads m on m.id = p.map_record_id
        left join salesforce.Lead l on l.Id = p.crm_lead_id left join salesforce.Contact c on c.Id = p.crm_contact_id
        where matched_by is not null
    """)
    found = dict(
        rows(
            con,
            """select matched_by, avg((case matched_by
                when 'link' then is_linked
                when 'email' then is_same_email and map_external is null
                else crm_external = map_external end)::int) from pairs group by 1""",
        )
    )
    assert found == {"link": 1, "email": 1, "external_id": 1}
    assert value(con, "select count(*) from pairs where matched_by = 'external_id' and not is_same_email") > 40


def test_what_the_truth_calls_recorded_stands_in_the_system_at_that_moment(con):
    stages, found = rows(
        con,
        """
        with writes as (
            select leadId::varchar as record, activityDate as written_at from marketo.activities
            where activityTypeId = 101
            union all
            select LeadId, CreatedDate from salesforce.LeadHistory where Field = 'Status'
            union all
            select Id, CreatedDate from salesforce.Lead
            union all
            select OpportunityId, CreatedDate from salesforce.OpportunityFieldHistory
        )
        select count(*), count(*) filter (
            (case source when 'lifecycle' then map_record_id::varchar when 'lead_status' then crm_lead_id
                else opportunity_id end, entered_at) in (select (record, written_at) from writes)
        )
        from truth.stages join truth.people using (person_id) where is_recorded
        """,
    )[0]
    assert stages > 20_000
    assert found == stages
