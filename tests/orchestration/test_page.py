"""The page: what it says equals the published file, nothing in it runs or fetches, and every empty case reads well."""

import re
from datetime import date, datetime
from functools import cache

import duckdb
import pytest

from orchestration.publishing.page import write

SCHEMA = """
create table people (person_id text, crm_system text, map_system text, stage text, agrees boolean, is_deleted boolean,
    is_excluded boolean);
create table person_records (person_id text, system text, object text, record_id text, record_url text);
create table opportunities (opportunity_id text, system text, person_id text, stage text, is_closed boolean,
    is_won boolean, amount decimal(18, 2), currency text);
create table stage_mismatches (mismatch_id text, person_id text, crm_system text, crm_record_id text, crm_value text,
    crm_stage text, crm_writer text, map_system text, map_record_id text, map_value text, map_stage text, cause text,
    severity text, owner_team text, suggested_fix text, opportunity_id text, parted_at timestamp, evidence text,
    has_sufficient_evidence boolean, work_item_id text);
create table agreement_score (week date, is_complete boolean, cause text, agreeing bigint, mismatched bigint,
    in_flight bigint, unknown bigint, one_system bigint, score double, lost double);
create table work_items (work_item_id text, cause text, owner_team text, system text, field text, value text,
    expected_stage text, people_count bigint, high_count bigint, earliest_parted_at timestamp,
    latest_parted_at timestamp, example_mismatch_id text, example_fix text);
create table mismatch_effects (report text, metric text, unit text, month date, segment text, segment_value text,
    agreed double, as_crm double, as_map double, effect double, holds boolean,
    warns boolean);
create table funnel_by_month (unit text, month date, basis text, segment text, segment_value text, stage text,
    reached bigint, observed bigint);
create table conversion_rates (unit text, month date, basis text, segment text, segment_value text, from_stage text,
    to_stage text, entered bigint, converted bigint, rate double, ci_low double, ci_high double, is_mature boolean);
create table report_status (report text, status text, published_at timestamp, held_since timestamp, reason text,
    data_as_of timestamp, agreement_version int);
create table restatements (restated_at timestamp, published_at timestamp, first_published_at timestamp, table_name text,
    metric text, unit text, month date, basis text, subject text, measure text, currency text, cause text,
    value_before decimal(18, 2), value_after decimal(18, 2), change decimal(18, 2), people bigint);
create table restated_people (restated_at timestamp, metric text, unit text, month date, currency text, person_id text,
    opportunity_id text, cause text, change decimal(18, 2), system text, record_id text);
create table definitions (term text, kind text, meaning text, owner text, agreement_version int, position int);
"""
STAGES = ["inquiry", "mql", "sal", "sql", "opportunity", "won"]
AS_OF = datetime(2025, 3, 3, 5)
# Reached by month, February 2024 to March 2025 (which is not over), counted by calendar month.
BY_MONTH = {
    "inquiry": [402, 431, 398, 420, 447, 390, 361, 433, 470, 455, 380, 462, 488, 31],
    "mql": [88, 97, 91, 102, 108, 84, 79, 104, 117, 112, 86, 110, 123, 9],
    "sal": [60, 63, 61, 70, 74, 58, 50, 69, 80, 75, 61, 74, 82, 5],
    "sql": [31, 38, 35, 39, 41, 36, 28, 37, 45, 43, 33, 40, 44, 3],
    "opportunity": [18, 20, 22, 21, 25, 20, 17, 22, 24, 27, 18, 23, 25, 1],
    "won": [5, 6, 5, 8, 7, 6, 6, 5, 9, 8, 6, 7, 8, 0],
}
# Reached so far by those whose cycle began in the month.
COHORTS = {
    date(2024, 9, 1): [433, 101, 66, 35, 19, 6],
    date(2024, 10, 1): [470, 115, 78, 43, 23, 8],
    date(2024, 11, 1): [455, 109, 70, 39, 18, 2],
}
# Step, latest mature month, entered, converted, Wilson interval (worked out by hand for mql-sal; the others rounded).
STEPS = [
    ("inquiry", "mql", date(2025, 1, 1), 462, 98, 0.1774, 0.2517),
    ("mql", "sal", date(2025, 1, 1), 123, 81, 0.5711, 0.7364),
    ("sal", "sql", date(2025, 1, 1), 74, 38, 0.4020, 0.6240),
    ("sql", "opportunity", date(2024, 12, 1), 33, 17, 0.3520, 0.6750),
    ("opportunity", "won", date(2024, 10, 1), 24, 8, 0.1797, 0.5329),
]
TERMS = [
    ("inquiry", "stage", "An identifiable person responded.", "marketing"),
    ("mql", "stage", "Fit and interest agreed to be worth a salesperson's time.", "marketing"),
    ("sal", "stage", "A salesperson took it on.", "sales"),
    ("sql", "stage", "Need confirmed in a conversation.", "sales"),
    ("opportunity", "stage", "An opportunity is open.", "sales"),
    ("won", "stage", "Signed.", "sales"),
    ("recycled", "exit", "Good fit, not now.", "sales"),
    ("disqualified", "exit", "Never.", "sales"),
    ("lost", "exit", "Closed without a deal.", "sales"),
    ("inquiry-mql", "window", "Counts within 30 days.", None),
    ("mql-sal", "window", "Counts within 14 days.", None),
    ("sal-sql", "window", "Counts within 30 days.", None),
    ("sql-opportunity", "window", "Counts within 60 days.", None),
    ("opportunity-won", "window", "Counts within 120 days.", None),
    ("mql_to_sal", "handoff", "From mql to sal within 4 hours of business time.", None),
    ("sync", "sync", "crm and map have 30 minutes to agree.", None),
    ("funnel", "report", "Tables funnel_by_month, conversion_rates.", "sales_ops"),
    ("conflict", "cause", "Each system went its own way.", None),
]
MISMATCHES = [
    ("m1", "p1", "00Q1", "sal", "1", "recycled", "conflict", "high", "sdr", date(2025, 1, 14), "w1"),
    ("m2", "p2", "00Q2", "mql", None, None, "missing_record", "high", "integration", date(2025, 2, 2), "w2"),
    ("m3", "p3", "00Q3", "sql", "3", "mql", "conflict", "medium", "sdr", date(2025, 2, 20), "w1"),
    ("m4", "p4", "00Q4", None, "4", "sal", "unmapped_value", "low", None, date(2025, 2, 27), "w3"),
]
WORK_ITEMS = [
    (
        "w1",
        "conflict",
        "sdr",
        "map",
        "prospect.stage",
        "Nurture",
        "sal",
        2,
        1,
        date(2025, 1, 14),
        "m1",
        "Set 1 to SAL.",
    ),
    ("w2", "missing_record", "integration", "map", None, None, "mql", 1, 1, date(2025, 2, 2), "m2", "Sync 00Q2."),
    ("w3", "unmapped_value", None, "crm", "lead.status", "Wrking", "sal", 1, 0, date(2025, 2, 27), "m4", "Map Wrking."),
]


def month(place: int) -> date:
    """The month at a place of BY_MONTH."""
    return date(2024 + (place + 1) // 12, (place + 1) % 12 + 1, 1)


def whole(connection) -> None:
    """A funnel of people in two systems, fresh, with four mismatches."""
    fill = connection.executemany
    period = [
        ("person", month(place), "period", stage, reached, reached - (5 if (stage, place) == ("mql", 12) else 0))
        for stage, counts in BY_MONTH.items()
        for place, reached in enumerate(counts)
    ]
    cohorts = [
        ("person", first_day, "cohort", stage, reached, reached)
        for first_day, counts in COHORTS.items()
        for stage, reached in zip(STAGES, counts, strict=True)
    ]
    fill("insert into funnel_by_month values (?, ?, ?, 'all', null, ?, ?, ?)", period + cohorts)
    insert_rate = "insert into conversion_rates values (?, ?, ?, 'all', null, ?, ?, ?, ?, ?, ?, ?, ?)"
    for start, end, first_day, entered, converted, low, high in STEPS:
        rate = converted / entered
        fill(insert_rate, [("person", first_day, "cohort", start, end, entered, converted, rate, low, high, True)])
        fill(insert_rate, [("person", date(2025, 2, 1), "cohort", start, end, 50, 1, 0.02, 0.0, 0.1, False)])
    fill(insert_rate, [("person", date(2024, 12, 1), "cohort", "mql", "sal", 86, 52, 52 / 86, 0.499, 0.701, True)])
    fill(insert_rate, [("opportunity", date(2025, 2, 1), "period", "closed", "won", 20, 8, 0.4, None, None, None)])
    places = {stage: place for place, stage in enumerate(STAGES, 1)}
    fill("insert into definitions values (?, ?, ?, ?, 1, ?)", [(*term, places.get(term[0])) for term in sorted(TERMS)])
    connection.execute(
        "insert into report_status values ('funnel', 'fresh', ?, null, null, ?, 1)",
        [datetime(2025, 3, 3, 5, 20), AS_OF],
    )
    connection.execute(
        "insert into people select 'a' || n, 'crm', 'map', 'mql', true, false, false from range(196) t(n)"
    )
    connection.execute(
        "insert into people select 'p' || n, 'crm', 'map', 'mql', false, false, false from range(1, 5) t(n)"
    )
    connection.execute(
        "insert into people select 'o' || n, null, 'map', 'mql', null, false, false from range(900) t(n)"
    )
    fill(
        "insert into stage_mismatches values (?, ?, 'crm', ?, null, ?, 'integration user', 'map', ?, null, ?, ?, ?, ?, "
        "'Set the stage in the MAP.', null, ?, 'As the histories show.', true, ?)",
        MISMATCHES,
    )
    fill(
        "insert into work_items select w, cause, team, system, field, value, stage, people, high, since, "
        "since + interval 37 day, example, fix from (values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::date, ?, ?)) as item "
        "(w, cause, team, system, field, value, stage, people, high, since, example, fix)",
        WORK_ITEMS,
    )
    fill("insert into person_records values ('p1', ?, 'lead', ?, ?)", [("crm", "00Q1", "https://crm.example/00Q1")])
    fill("insert into person_records values ('p1', ?, 'lead', ?, ?)", [("map", "1", "javascript:alert(1)")])
    fill(
        "insert into mismatch_effects values ('funnel', ?, 'person', ?, 'all', null, ?, ?, ?, 0, false, false)",
        [
            ("funnel_by_month/period/mql/reached", month(12), 123, 118, 131),
            ("funnel_by_month/period/mql/reached", month(11), 110, 110, 121),
            ("funnel_by_month/period/mql/reached", month(10), 86, 80, 86),
            ("funnel_by_month/period/sal/reached", month(12), 82, 82, 78),
            ("funnel_by_month/period/won/reached", month(12), 8, 8, 8),
            ("conversion_rates/cohort/mql-sal/converted", date(2025, 1, 1), 81, 80, 84),
        ],
    )
    fill(
        "insert into opportunities values (?, 'crm', ?, 'opportunity', ?, ?, ?, ?)",
        [
            ("o1", "p1", False, False, 40000, "EUR"),
            ("o2", "a2", False, False, 1200000, "EUR"),
            ("o3", "a3", False, False, None, "EUR"),
            ("o4", "a4", True, True, 250000, "EUR"),
            ("o5", "a5", True, False, 99999, "EUR"),
        ],
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Writes the page of a file made by these steps, each SQL or a function of the connection; gives its text."""

    @cache
    def of(*steps) -> str:
        folder = tmp_path_factory.mktemp("published")
        with duckdb.connect(str(folder / "onefunnel.duckdb")) as connection:
            connection.execute(SCHEMA)
            for step in steps:
                step(connection) if callable(step) else connection.execute(step)
        out = write(folder / "onefunnel.duckdb", folder / "index.html")
        assert {entry.name for entry in folder.iterdir()} == {"onefunnel.duckdb", "index.html"}
        return out.read_text("utf-8")

    return of


def words(html: str) -> str:
    """What a reader reads: no tags, no style, single spaces."""
    text = re.sub(r"<(style|svg).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return re.sub(r"[\s\u00a0]+", " ", text.replace("&#39;", "'"))


HELD = (
    "update report_status set status = 'held', held_since = timestamp '2025-03-02 05:10', "
    "published_at = timestamp '2025-03-01 05:20', data_as_of = timestamp '2025-03-01 05:00', "
    "reason = 'mql in February 2025 differs by 8, more than 2 % and 5'"
)
NEVER_PUBLISHED = (
    "update report_status set status = 'held', held_since = timestamp '2025-03-03 05:20', published_at = null, "
    "data_as_of = null, reason = 'mql in February 2025 differs by 8'; delete from funnel_by_month; "
    "delete from conversion_rates"
)
AGREED = (
    "update people set agrees = true where not agrees; delete from stage_mismatches; delete from work_items; "
    "delete from mismatch_effects"
)
CRM_ALONE = """
insert into definitions values ('lead', 'stage', 'Someone.', 'marketing', 1, 1),
    ('engaging', 'stage', 'Talking.', 'sales', 1, 2),
    ('won', 'stage', 'Signed.', 'sales', 1, 3), ('lost', 'exit', 'No deal.', 'sales', 1, null),
    ('funnel', 'report', 'Publishes funnel_by_month.', 'sales_ops', 1, null);
insert into report_status values ('funnel', 'fresh', timestamp '2026-01-05 10:00', null, null,
    timestamp '2026-01-05 09:00', 1);
insert into opportunities select 'w' || n, 'crm', null, 'won', true, true, 1000, null from range(4238) t(n);
insert into opportunities select 'l' || n, 'crm', null, 'lost', true, false, 0, null from range(2473) t(n);
insert into opportunities select 'n' || n, 'crm', null, 'engaging', false, false, null, null from range(500) t(n);
insert into funnel_by_month
    select 'opportunity', month, basis, 'all', null, stage, reached, reached
    from (values (date '2017-11-01', 'engaging', 700), (date '2017-11-01', 'won', 400),
        (date '2017-12-01', 'engaging', 500), (date '2017-12-01', 'won', 300)) as months (month, stage, reached)
    cross join (values ('cohort'), ('period')) as bases (basis);
insert into conversion_rates values
    ('opportunity', '2017-12-01', 'cohort', 'all', null, 'closed', 'won', 711, 238, 238 / 711, 0.30, 0.37, null),
    ('opportunity', '2017-11-01', 'cohort', 'all', null, 'closed', 'won', 6000, 4000, 4000 / 6000, 0.65, 0.68, null),
    ('opportunity', '2017-11-01', 'period', 'all', null, 'closed', 'won', 6000, 4000, 4000 / 6000, null, null, null),
    ('opportunity', '2017-11-01', 'cohort', 'all', null, 'engaging', 'won', 700, 400, 400 / 700, 0.53, 0.61, null);
"""
TWO_STAGES = """
insert into definitions values ('won', 'stage', 'Signed.', 'sales', 1, 2),
    ('mql', 'stage', 'Wants to sell.', 'marketing', 1, 1),
    ('funnel', 'report', 'Publishes funnel_by_month.', 'sales_ops', 1, null);
insert into report_status values ('funnel', 'fresh', timestamp '2026-01-05 10:00', null, null,
    timestamp '2026-01-05 09:00', 1);
insert into people select n, 'crm', 'map', 'won', true, false, false from range(842) t(n);
insert into people select n, null, 'map', 'mql', null, false, false from range(7158) t(n);
insert into funnel_by_month values ('person', '2018-01-01', 'cohort', 'all', null, 'mql', 1141, 1141),
    ('person', '2018-01-01', 'cohort', 'all', null, 'won', 152, 152),
    ('person', '2018-01-01', 'period', 'all', null, 'mql', 1141, 1141),
    ('person', '2018-01-01', 'period', 'all', null, 'won', 73, 73);
insert into conversion_rates values
    ('person', '2018-01-01', 'cohort', 'all', null, 'mql', 'won', 1141, 152, 152 / 1141, 0.115, 0.154, null),
    ('person', '2017-12-01', 'cohort', 'all', null, 'mql', 'won', 6859, 690, 690 / 6859, 0.094, 0.108, null);
"""
# Published on the first of March; two loads changed it since. Ann and Bob came late, in two numbers.
RESTATED = """
insert into definitions values ('late_sync', 'restatement', 'It reached us later.', null, 1, null);
insert into restatements
    select load, timestamp '2025-03-01', timestamp '2025-03-01', metric.split_part('/', 1), metric, unit, month::date,
        metric.split_part('/', 2), metric.split_part('/', 3), metric.split_part('/', 4), currency, cause, before, after,
        change, people
    from (values
        (timestamp '2025-03-02', 'funnel_by_month/period/mql/reached', 'person', '2025-01-01', null, 'late_sync',
            412, 416, 2, 2),
        (timestamp '2025-03-02', 'funnel_by_month/period/mql/reached', 'person', '2025-01-01', null, 'back_dated',
            412, 416, 2, 2),
        (timestamp '2025-03-03', 'funnel_by_month/period/mql/reached', 'person', '2025-01-01', null, 'late_sync',
            416, 420, 3, 3),
        (timestamp '2025-03-03', 'funnel_by_month/period/mql/reached', 'person', '2025-01-01', null, 'back_dated',
            416, 420, 2, 2),
        (timestamp '2025-03-03', 'funnel_by_month/period/mql/reached', 'person', '2025-01-01', null, 'merge',
            416, 420, -1, 1),
        (timestamp '2025-03-03', 'opportunities/period/won/amount_in_agreed_currency', 'opportunity', '2025-01-01',
            'EUR', 'delete', 250000.10, 150000.05, -100000.05, 1)
    ) as told (load, metric, unit, month, currency, cause, before, after, change, people);
insert into restated_people
    select load, 'funnel_by_month/period/mql/' || measure, 'person', '2025-01-01', null, person, null, 'late_sync', 1,
        'crm', null
    from (values (timestamp '2025-03-02', 'reached', 'ann'), (timestamp '2025-03-03', 'observed', 'bob'),
        (timestamp '2025-03-03', 'observed', 'ann')) as told (load, measure, person);
"""
MATURED = """
insert into restatements values ('2025-03-02', '2025-03-01', '2025-03-01', 'funnel_by_month',
    'funnel_by_month/cohort/sal/reached', 'person', '2025-01-01', 'cohort', 'sal', 'reached', null, 'moved_on',
    60, 61, 1, 1);
"""
IMMATURE = "update conversion_rates set is_mature = false where is_mature"
EVIL = "<script>alert(1)</script>"
# Fourteen weeks, of which the first has nobody to compare; the sixth cause is never at work.
SCORED = """
    insert into agreement_score
    select date '2024-12-02' + 7 * n::int, n < 13, 'all', if(n = 0, 0, 1170 - n), if(n = 0, 0, 21 + n), 3, 12, 40,
        if(n = 0, null, (1170 - n) / 1191), null
    from range(14) t(n);
    insert into agreement_score
    select date '2024-12-02' + 7 * n::int, n < 13, cause, null, if(n = 0, 0, people + if(cause = 'conflict', n, 0)),
        null, null, null, null, null
    from range(14) t(n), (values ('conflict', 1), ('not_synced', 10), ('missing_record', 6), ('unmapped_value', 2),
        ('account_push', 1), ('forward_only', 1), ('merged_record', 0)) as causes (cause, people)
"""
CASES = {
    "whole": [whole],
    "held": [whole, HELD],
    "never_published": [whole, NEVER_PUBLISHED],
    "agreed": [whole, AGREED],
    "crm_alone": [CRM_ALONE],
    "two_stages": [TWO_STAGES],
    "immature": [whole, IMMATURE],
    "could_not_run": [
        whole,
        "update report_status set status = 'could_not_run', reason = 'The report could not be judged.'",
    ],
    "restated": [whole, RESTATED],
    "nothing": [],
    "scored": [whole, SCORED],
}


def test_the_five_numbers_say_what_was_counted_of_how_many_and_what_is_disputed(page):
    text = words(page(whole))
    assert (
        "Handed over mql 123 123 people were handed over in February 2025, 13 more than the 110 of the month before. "
        "5 of the 123 went straight past mql. Disputed: 118 by the CRM, 131 by the MAP." in text
    )
    assert (
        "Accepted mql → sal 66 % Of 123 people handed over in January 2025, 81 were accepted within 14 days "
        "(66 %; between 57 % and 74 %). December 2024: 60 %. "
        "Disputed: 80 of 123 (65 %) by the CRM, 84 of 123 (68 %) by the MAP." in text
    )
    assert (
        "Converted to won opportunity → won 33 % Of 24 people that reached opportunity in October 2024, 8 reached won "
        "within 120 days (33 %; between 18 % and 53 %). Undisputed: no open mismatch changes it." in text
    )
    assert (
        "Pipeline open opportunities EUR 1.24 m 2 of 3 open opportunities have an amount. Won so far: EUR 250,000 in "
        "1 opportunity. Disputed: EUR 40,000 of it, in 1 opportunity of people whose stage is in dispute." in text
    )
    assert (
        "Agreement of both systems 98 % 196 of 200 people compared stand at the same stage in both systems. "
        "Disputed: 4 open mismatches, 2 of high severity." in text
    )


def test_the_latest_cohort_mature_for_every_step_stands_beside_the_one_before(page):
    html = page(whole)
    assert "The October 2024 cohort" in html
    told = "inquiry 470 (433), mql 115 (101), sal 78 (66), sql 43 (35), opportunity 23 (19), won 8 (6)."
    assert f'aria-label="Funnel of the October 2024 cohort: {told}"' in html
    assert "sal → sql January 2025 38 of 74 51 % (40 % – 62 %) 30 days" in words(html)
    assert "closed → won (opportunities) all 8 of 20" in words(html)


def test_thirteen_complete_months_are_shown_with_what_each_system_says(page):
    text = words(page(whole))
    assert "Thirteen months" in text and "Mar 2025" not in text
    assert "Feb 2024 402 88 60 31 18 5 " in text
    assert "Feb 2025 488 123 (118, 131) 82 (82, 78) 44 25 8 " in text
    assert text.index("Feb 2024 402") < text.index("Feb 2025 488")


def test_a_month_is_over_when_it_is_over_in_the_agreements_zone(page):
    an_hour_before_april_in_london = "update report_status set data_as_of = timestamp '2025-03-31 22:00'"
    berlin = "insert into definitions values ('Europe/Berlin', 'timezone', 'Months are of this zone.', null, 1, null)"
    assert "handed over in February 2025" in words(page(whole, an_hour_before_april_in_london))
    text = words(page(whole, an_hour_before_april_in_london, berlin))
    assert "9 people were handed over in March 2025, 114 fewer than the 123 of the month before." in text
    assert "data as of 1 April 2025, 00:00 Europe/Berlin" in text


def test_mismatches_are_counted_by_cause_and_team_and_the_worst_of_each_origin_come_first(page):
    html = page(whole)
    text = words(html)
    assert "Cause sdr integration no team All" in text
    assert "conflict Each system went its own way. 2 0 0 2 missing record" in text
    assert 'aria-label="Open mismatches by cause: conflict 2, missing record 1, unmapped value 1."' in html
    worst = text[text.index("3 people to settle first") :]
    assert worst.index("00Q1") < worst.index("00Q2") < worst.index("00Q4") and "00Q3" not in worst
    assert "high missing record mql 00Q2 no record 2 February 2025 integration As the histories show." in worst
    assert "integration user" not in html, "a writer may be a person's name"


def test_what_there_is_to_mend_is_told_by_team_the_team_with_most_of_what_is_severe_first(page):
    text = words(page(whole))
    assert text.index("To mend: sdr") < text.index("To mend: integration") < text.index("To mend: no team")
    assert (
        "To mend: sdr 2 people in 1 work item, 1 of them of high severity. One item has one origin: mend it, and all "
        "its people agree. What is wrong People Since What to do, for one of them conflict In map, prospect.stage says "
        "“Nurture”; expected: sal 2 1 high 14 January 2025 latest 20 February 2025 Set 1 to SAL. crm 00Q1 , map 1 "
        "All 2 select crm_record_id, map_record_id, suggested_fix from stage_mismatches where work_item_id = 'w1'"
        in text
    )
    assert "missing record In map; expected: mql 1 1 high 2 February 2025" in text
    assert "unmapped value In crm, lead.status says “Wrking”; expected: sal 1 27 February 2025" in text


def test_a_team_with_many_items_shows_the_most_severe_and_how_much_is_left(page):
    many = """
        insert into work_items
        select 'x' || n, 'not_synced', 'sdr', 'map', 'f', 'v', 'sal', 10 + n, 0, now(), now(), 'm1', 'Item ' || n || '.'
        from range(7) t(n)
    """
    text = words(page(whole, many))
    assert text.index("Set 1 to SAL.") < text.index("Item 6.") < text.index("Item 3.") and "Item 2." not in text
    assert "And 3 further items of sdr with 33 people, in the table work_items ." in text


def test_the_agreement_score_says_of_whom_it_is_how_it_was_and_what_it_loses_most_by(page):
    html = page(whole, SCORED)
    text = words(html)
    assert (
        "97.1 % of 1,191 people at or past the hand-over, whose cycle was open in the last 90 days, stand where both "
        "systems agree; 12 weeks before it was 98.2 %. Most is lost by conflict: 14 people. Counted beside it: "
        "3 in flight, 12 unknown, 40 in one system." in text
    )
    assert "Agreement score of both systems 97.1 % 1,157 of 1,191 people at or past the hand-over agree" in text
    assert "Disputed: 4 open mismatches, 2 of high severity." in text
    told = "not synced 10, conflict 14, missing record 6, unmapped value 2, all others 2."
    assert f'aria-label="People in dispute by cause, in the last week: {told}"' in html
    told = "98 % in the week of 9 December 2024, 97 % in the week of 3 March 2025."
    assert f'aria-label="Agreement score: {told}"' in html.replace("\u00a0", " ")


def test_without_a_mismatch_the_score_is_a_line_alone(page):
    healthy = SCORED + "; delete from agreement_score where cause <> 'all'; update agreement_score set mismatched = 0"
    html = page(whole, AGREED, healthy)
    assert "Most is lost" not in html and "People in dispute among them" not in html and "Agreement score" in html


def test_without_a_hand_over_there_is_no_score_and_the_agreement_is_that_of_everybody_compared(page):
    text = words(page(whole))
    assert "Agreement score" not in text and "196 of 200 people compared" in text


def test_a_history_too_short_to_name_a_cause_is_admitted(page):
    short = "update stage_mismatches set has_sufficient_evidence = false where cause = 'conflict'"
    assert "Of 2 people the history is too short to tell a conflict from anything else." in words(page(whole, short))
    assert "too short" not in words(page(whole))


def test_what_changed_since_it_was_published_is_told_with_then_and_now_and_each_cause(page):
    text = words(page(whole, RESTATED))
    assert (
        "Jan 2025 mql 412 1 March 2025 420 3 March 2025 +5 late sync, +4 back dated, −1 merge "
        "Jan 2025 won, amount EUR 250,000.10 1 March 2025 EUR 150,000.05 3 March 2025 −100,000.05 delete " in text
    )
    assert "Cause Numbers Of whom late sync It reached us later. 2 2 people " in text


def test_cohorts_that_grow_are_told_apart_from_numbers_that_changed(page):
    assert "has changed but for cohorts and conversions: 1 number, in the table" in words(page(whole, MATURED))
    assert "Nothing published has changed." in words(page(whole))


def test_the_agreement_decides_the_order_of_stages(page):
    turned = "update definitions set position = 10 - position"
    told = "won 8 (6), opportunity 23 (19), sql 43 (35), sal 78 (66), mql 115 (101), inquiry 470 (433)."
    assert f"Funnel of the October 2024 cohort: {told}" in page(whole, turned)


def test_a_held_report_says_since_when_and_why_and_how_old_its_numbers_are(page):
    text = words(page(whole, HELD))
    assert (
        "Held funnel report Held since 2 March 2025, 05:10 UTC: mql in February 2025 differs by 8, more than 2 % "
        "and 5. What is shown is the last good publication of 1 March 2025, with data as of 1 March 2025, 05:00 UTC."
        in text
    )
    assert "The first three are those of the last good publication, with data as of 1 March 2025." in text


def test_a_hold_is_told_by_the_number_that_it_changes_most(page):
    holds = (
        "update mismatch_effects set holds = true, effect = greatest(abs(as_crm - agreed), abs(as_map - agreed)) "
        "where metric like '%/mql/%'"
    )
    assert (
        "Held since 2 March 2025, 05:10 UTC: 3 numbers depend on people about whom the systems disagree. "
        "The most: mql reached in January 2025, by period: 110 as agreed, 110 by the CRM, 121 by the MAP."
        in words(page(whole, HELD, holds))
    )


def test_segments_that_hang_on_disputed_people_are_told_without_a_hold(page):
    warns = """
        insert into mismatch_effects values
            ('funnel', 'funnel_by_month/period/mql/reached', 'person', '2025-02-01', 'owner_team', 'sdr',
                40, 40, 52, 12, false, true),
            ('funnel', 'conversion_rates/cohort/mql-sal/rate', 'person', '2025-01-01', 'lead_source', null,
                0.5, 0.4, 0.5, 0.1, false, true)
    """
    text = words(page(whole, warns))
    assert (
        "No reason to hold it: 2 numbers of single segments, or in which gains and losses cancel, would move by more "
        "than was agreed to tolerate. The most: mql reached of owner team sdr in February 2025, by period: "
        "40 as agreed, 40 by the CRM, 52 by the MAP." in text
    )
    assert "No reason to hold it" not in words(page(whole))


def test_a_report_held_from_its_first_day_shows_no_number_of_its_own(page):
    text = words(page(whole, NEVER_PUBLISHED))
    assert "It was never published, so its numbers are missing here." in text
    assert "Handed over mql – Never published: the report was held from its first day. Disputed: 118 by the CRM" in text
    assert "Accepted mql → sal – Never published" in text
    assert "held before it was ever published: there is nothing to draw" in text
    assert "EUR 1.24 m" in text and "00Q1" in text, "other tables are published"


def test_could_not_run_is_told_apart_from_held(page):
    text = words(page(*CASES["could_not_run"]))
    assert "Could not run funnel report Its checks could not run: The report could not be judged." in text


def test_agreeing_systems_are_said_to_agree(page):
    text = words(page(whole, AGREED))
    assert "100 % 200 of 200 people" in text and "No mismatch is open." in text
    assert "Disputed:" not in text and "The systems dispute none of these months." in text


def test_a_crm_alone_is_counted_in_opportunities_and_compared_with_nobody(page):
    text = words(page(CRM_ALONE))
    assert "Reached engaging 500 500 opportunities reached engaging in December 2017, 200 fewer than the 700" in text
    assert (
        "Closed as won closed → won 63.2 % Of 6,711 opportunities that closed, 4,238 reached won so far, all months "
        "together (63.2 %; between 62.0 % and 64.3 %)." in text
    )
    assert "Won won opportunities 4.24 m 4,238 won opportunities." in text
    assert "Nothing to compare: nobody here is known to two systems." in text


def test_two_stages_without_a_window_are_counted_over_all_months(page):
    text = words(page(TWO_STAGES))
    assert "Accepted – No stage lies between mql and won." in text
    assert (
        "Converted to won mql → won 10.5 % Of 8,000 people that reached mql, 842 reached won so far, all months "
        "together (10.5 %; between 9.9 % and 11.2 %). Undisputed: no open mismatch changes it." in text
    )
    assert "1,141 people were handed over in January 2018, after none the month before." in text


def test_without_a_mature_month_no_rate_is_given(page):
    text = words(page(whole, IMMATURE))
    assert "Accepted mql → sal – No month is old enough yet: it takes 14 days from the end of a month." in text
    assert "No month is mature yet" in text and "sql → opportunity none mature yet 60 days" in text


def test_an_empty_file_still_makes_a_page(page):
    text = words(page())
    assert "No report is agreed." in text and "No agreement is published." in text and "None" not in text


@pytest.mark.parametrize("case", CASES)
def test_the_page_needs_no_network_and_runs_nothing(page, case):
    html = page(*CASES[case])
    addresses = re.findall(r"""(?:src|href|url|action|data|xmlns\S*)\s*[=(]\s*["']?([^"'\s>)]+)""", html)
    assert {address for address in addresses if not address.startswith(("#", "data:"))} <= {"https://crm.example/00Q1"}
    assert not re.search(r"<script|<iframe|<object|<link rel=.stylesheet|@import|\son\w+=|http://", html)
    assert "default-src 'none'" in html and len(html) < 1_000_000
    assert html.count("<svg") == html.count('role="img" aria-label="')


def test_f24_text_from_the_systems_is_inert(page):
    evil = [
        f"update stage_mismatches set cause = '{EVIL}', crm_value = '=HYPERLINK(1)', suggested_fix = '{EVIL}', "
        f"owner_team = '{EVIL}', evidence = '{EVIL}', crm_record_id = '\"><img src=x onerror=y>'",
        f"update work_items set cause = '{EVIL}', owner_team = '{EVIL}', field = '{EVIL}', value = '{EVIL}', "
        f"system = '{EVIL}', example_fix = '{EVIL}', work_item_id = '{EVIL}'",
        f"update definitions set meaning = '{EVIL}', owner = '{EVIL}' where kind = 'exit'",
        f"update report_status set reason = '{EVIL}', status = 'held'",
        *(
            f"update {table} set {column} = '{EVIL}' where {column} = 'won'"
            for table, column in [
                ("definitions", "term"),
                ("funnel_by_month", "stage"),
                ("conversion_rates", "to_stage"),
            ]
        ),
    ]
    html = page(whole, *evil)
    assert "<script" not in html and "<img" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 10 and "=HYPERLINK(1)" in html


def test_only_web_addresses_become_links(page):
    html = page(whole)
    assert '<a href="https://crm.example/00Q1" rel="noopener noreferrer" class="id">00Q1</a>' in html
    assert "javascript:" not in html


def luminance(colour: str) -> float:
    """By WCAG 2, of #rrggbb."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_letters_stand_out_from_every_ground_by_day_and_by_night_as_wcag_asks(page):
    roots = re.findall(r":root \{(.*?)\}", page(), re.DOTALL)
    light, dark = (dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", root)) for root in roots[:2])
    assert dark.keys() == light.keys()
    for colours in (light, dark):
        for ground in ("ground", "raised"):
            for name in ("ink", "muted", "accent", "fresh", "held", "broken", "edge"):
                darker, lighter = sorted(luminance(colours[place]) for place in (ground, name))
                assert (lighter + 0.05) / (darker + 0.05) >= (3 if name == "edge" else 4.5), (name, ground)


def test_a_page_that_cannot_be_made_leaves_the_old_one(tmp_path):
    out = tmp_path / "index.html"
    out.write_text("old")
    with duckdb.connect(str(tmp_path / "broken.duckdb")) as connection:
        connection.execute("create table people (person_id text)")
    with pytest.raises(duckdb.Error):
        write(tmp_path / "broken.duckdb", out)
    assert out.read_text() == "old"
