"""A head of sales who looks at the simulated funnel would believe it."""

import pytest
from worlds import opened, rows, value

from ingest import world


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    out = tmp_path_factory.mktemp("world")
    world.write(out, people=16_000, seed=23, faults={})
    with opened(out) as con:
        con.execute("""
            create temp table ways as
            select
                person_id, cycle, min(entered_at) as began_at, bool_or(stage = 'inquiry') as inquiry,
                bool_or(stage = 'mql') as mql,
                bool_or(stage in ('sal', 'sql', 'opportunity')) as sal, bool_or(stage in ('sql', 'opportunity')) as sql,
                bool_or(stage = 'opportunity') as opportunity, bool_or(stage = 'won') as won
            from truth_stages group by all
        """)
        yield con


@pytest.mark.parametrize(
    ("above", "below", "low", "high"),
    [
        ("inquiry", "mql", 0.26, 0.34),
        ("mql", "sal", 0.60, 0.70),
        ("sal", "sql", 0.50, 0.62),
        ("sql", "opportunity", 0.55, 0.68),
        ("opportunity", "won", 0.20, 0.31),
    ],
)
def test_about_as_many_go_on_as_in_other_companies(con, above, below, low, high):
    rate = f"select avg({below}::int) from ways where cycle = '1' and {above} and began_at < '2025-08'"
    if above in ("sal", "sql"):  # not those who began with a deal
        rate += " and mql"
    assert low < value(con, rate) < high


def test_better_fit_and_better_sources_convert_better(con):
    by = (
        "select {0}, avg(coalesce(mql, false)::int) from truth_people"
        " left join ways on ways.person_id = truth_people.person_id and cycle = '1' where kind = 'inbound' group by 1"
    )
    persona, source = dict(rows(con, by.format("persona"))), dict(rows(con, by.format("lead_source")))
    assert persona["decision_maker"] > persona["practitioner"] + 0.02 > persona["outsider"] + 0.06
    assert source["Referral"] > source["Website"] + 0.02 > source["Content Syndication"] + 0.08
    assert len(source) == 7
    assert None in source


def test_who_is_called_back_fast_is_accepted_more_often(con):
    speed = dict(
        rows(
            con,
            """select hours < 6, avg(sal::int) from (
                select epoch(first_touched_at::timestamptz - entered_at::timestamptz) / 3600 as hours, sal
                from truth_people join truth_stages using (person_id) join ways using (person_id, cycle)
                where stage = 'mql' and cycle = '1' and first_touched_at < '2026-02'
            ) where hours < 6 or hours > 30 group by 1""",
        )
    )
    assert speed[True] > speed[False] + 0.15


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
        select median(epoch(next_at - entered_at::timestamptz) / 86400) from (
            select *, lead(stage) over w as next_stage, lead(entered_at::timestamptz) over w as next_at
            from truth_stages window w as (partition by person_id order by entered_at)
        ) where stage = '{stage}' and next_stage = '{following}'
    """
    assert low < value(con, days) < high


def test_salespeople_work_in_business_hours_and_visitors_at_any_time(con):
    share = (
        "select avg((dayofweek(entered) between 1 and 5 and hour(entered) between 6 and 16)::int)"
        " from (select stage, entered_at::timestamp as entered from truth_stages) where stage {}"
    )
    assert value(con, share.format("in ('sal', 'sql', 'recycled', 'won')")) == 1
    assert 0.2 < value(con, share.format("= 'inquiry'")) < 0.5


def test_people_skip_fall_back_come_again_and_are_found_by_sales(con):
    count = """
        select {} from (
            select *, lag(stage) over (partition by person_id order by entered_at) as before from truth_stages
        ) join truth_people using (person_id)
    """
    assert value(con, count.format("count(*) filter (before = 'mql' and stage = 'sql')")) > 50  # skipped sal
    assert value(con, count.format("count(*) filter (before = 'sal' and stage = 'opportunity')")) > 20  # skipped sql
    assert value(con, count.format("count(*) filter (before = 'sql' and stage = 'sal')")) > 50  # fell back
    assert value(con, count.format("count(*) filter (before = 'recycled' and stage = 'mql' and cycle > '1')")) > 200
    assert value(con, count.format("count(*) filter (before = 'lost' and stage = 'opportunity' and cycle > '1')")) > 50
    assert (
        value(con, count.format("count(*) filter (before is null and stage = 'opportunity' and kind = 'sales')")) > 500
    )
    assert (
        value(con, count.format("count(*) filter (before is null and stage = 'mql')")) > 100
    )  # a demo asked for at once
    assert value(con, count.format("count(*) filter (before in ('won', 'disqualified'))")) == 0
    assert (
        value(
            con,
            count.format("count(*) filter (before in ('recycled', 'lost') and stage not in ('mql', 'opportunity'))"),
        )
        == 0
    )


def test_deals_have_committees_and_one_primary_contact(con):
    roles = rows(
        con,
        "select count(*) filter (IsPrimary = 'true'), count(*) from crm_opportunities o"
        " left join crm_opportunity_contact_roles r on r.OpportunityId = o.Id group by o.Id",
    )
    assert {primary for primary, _ in roles} == {1}
    assert max(count for _, count in roles) >= 4
    assert (
        value(
            con,
            "select count(distinct a.AccountId) - count(distinct r.OpportunityId) from crm_opportunity_contact_roles r"
            " join crm_opportunities a on a.Id = r.OpportunityId",
        )
        <= 0
    )
    together = (
        "select count(*) from crm_opportunity_contact_roles r join crm_opportunities o on o.Id = r.OpportunityId"
        " join crm_contacts c on c.Id = r.ContactId where c.AccountId <> o.AccountId"
    )
    assert value(con, together) == 0


def test_most_amounts_are_in_euro_and_some_in_dollars(con):
    share = dict(
        rows(con, "select CurrencyIsoCode, count(*) / sum(count(*)) over () from crm_opportunities group by 1")
    )
    assert set(share) == {"EUR", "USD"}
    assert 0.15 < share["USD"] < 0.25


def test_leads_wait_in_a_queue_before_somebody_owns_them(con):
    first = dict(
        rows(
            con, "select NewValue, count(*) from crm_lead_history where Field = 'Owner' and OldValue is null group by 1"
        )
    )
    assert first["Q01"] > sum(n for owner, n in first.items() if owner in {f"U00{i}" for i in range(1, 7)})
    later = rows(con, "select distinct NewValue from crm_lead_history where Field = 'Owner' and OldValue = 'Q01'")
    assert {owner for (owner,) in later} == {f"U00{i}" for i in range(1, 7)}
