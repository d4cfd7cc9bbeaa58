"""What a load writes to raw_agreement.*: every expected row is worked out by hand from the two texts below."""

from datetime import date, datetime

import duckdb
import pytest

from ingest.agreement import AgreementError, load, read
from ingest.agreement.rows import content_hash
from ingest.settings import Settings
from tests.ingest.agreements import RIGHT, changed, write

FIRST = """\
version: 1
effective_from: 2025-01-01
signed:
  marketing: {role: VP Marketing, on: 2024-12-12}
  sales: {role: VP Sales, on: 2024-12-13}
timezone: Europe/Berlin
currency: EUR
rates: {USD: 0.9}
exclude: [{email_domain: [OurCo.com, other.com]}, {lead_source: Employee}]
stages:
  - {name: inquiry, owner: marketing, meaning: Responded.}
  - {name: mql, owner: marketing, record_required_in: [crm, map], authority: [rule, lifecycle]}
  - {name: sal, owner: sales}
  - {name: won, owner: sales, unit: opportunity}
exits:
  recycled: {owner: sales, reopens: true}
  lost: {owner: sales, unit: opportunity}
stage_sources:
  - name: deals
    system: crm
    side: crm
    field: opportunity.stage
    values: {New/Closed Won: won, Closed Lost: lost}
  - name: status
    system: crm
    side: crm
    field: lead.status
    reason_field: lead.reason
    values: {Open: {from: inquiry, to: mql}, Working: sal, Nurture: recycled, Imported: ignored}
  - name: lifecycle
    system: map
    side: map
    field: prospect.lifecycle
    forward_only_writers: [sync, push]
    company_writers: [push]
    values: {1001: inquiry, MQL: mql, SAL: sal, Lost: lost}
  - name: rule
    system: map
    side: map
    enters: mql
    any: [{score_crosses: 65}, {activity: form_fill, campaign: [Demo Request, Trial]}]
    speaks_until: mql
sync: [{between: [crm, map], within: 30 minutes}]
cycles: {undo_within: 1 day, idle_ends: 365 days}
windows: {mql-sal: 14 days, inquiry-won: 2 weeks}
handoffs:
  - {name: fast, from: mql, to: sal, starts_on: assigned, stops_on: [touch, rejected], within: 4 hours,
     calendar: {days: mon-wed, hours: "09:00-17:00"}}
rejection_reasons: {Bad Fit: bad_fit}
teams: {sdr: [U1, U2], ae: [U3]}
mends: {crm: crm_admins}
identity: {shared_mailboxes: [Info, desk@Acme.com, info], names_in_a_mailbox: 3, review_from: 0.8, merge_from: 0.99}
personas:
  - {name: buyer, meaning: Signs., title_like: ["VP %", chief %], country: DE}
reports:
  - {name: funnel, owner: ops, tables: [funnel_by_month, conversion_rates], holds_over: {relative: 0.02, absolute: 5}}
  - {name: other, tables: [handoffs]}
"""

# A stage fewer, another zone, and what both texts should always have meant.
SECOND = """\
version: 2
effective_from: 2025-07-01
signed: {marketing: {role: CMO, on: 2025-06-01}, sales: {role: CRO, on: 2025-06-02}}
timezone: America/New_York
stages: [{name: mql}, {name: won, unit: opportunity}]
exits: {recycled: {reopens: true}}
stage_sources:
  - {name: status, system: crm, side: crm, field: lead.status, values: {Working: mql}}
corrections:
  - {source: status, value: Wrking, means: sal}
  - {source: status, value: Imported, means: mql}
  - {source: lifecycle, value: lost , means: recycled}
reports: [{name: funnel, tables: [funnel_by_month]}]
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A warehouse with both versions loaded."""
    folder = tmp_path_factory.mktemp("loaded")
    settings = Settings(data=folder / "data", agreement=write(folder / "agreement", FIRST, SECOND))
    load(settings)
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        yield con


def rows(warehouse, query: str) -> list[tuple]:
    return warehouse.execute(query.replace("from ", "from raw_agreement.", 1)).fetchall()


def test_a_version_is_in_force_from_midnight_in_its_zone_until_the_next(warehouse):
    # 2025-01-01 00:00 in Berlin is UTC+1; 2025-07-01 00:00 in New York is UTC-4
    first, second = datetime(2024, 12, 31, 23), datetime(2025, 7, 1, 4)
    expected = [
        (1, first, datetime(1900, 1, 1), second, "Europe/Berlin", "EUR", 86400, 31536000, "v1.yml"),
        (2, second, second, datetime(9999, 12, 31), "America/New_York", None, 0, None, "v2.yml"),
    ]
    assert rows(warehouse, "select * exclude content_hash from versions order by version") == expected


def test_both_signatures_are_kept(warehouse):
    expected = [("marketing", "VP Marketing", date(2024, 12, 12)), ("sales", "VP Sales", date(2024, 12, 13))]
    assert rows(warehouse, "select team, role, signed_on from signatures where version = 1 order by 1") == expected


def test_a_stage_has_its_rank_by_position_and_an_exit_has_none(warehouse):
    assert rows(
        warehouse, "select * exclude version from stages where version = 1 order by kind desc, rank, stage"
    ) == [
        ("inquiry", "stage", 1, "marketing", "person", "Responded.", None, False),
        ("mql", "stage", 2, "marketing", "person", None, None, False),
        ("sal", "stage", 3, "sales", "person", None, None, False),
        ("won", "stage", 4, "sales", "opportunity", None, None, True),
        ("lost", "exit", None, "sales", "opportunity", None, False, False),
        ("recycled", "exit", None, "sales", "person", None, True, False),
    ]


def test_a_required_record_is_one_row_per_side(warehouse):
    assert rows(warehouse, "select * from record_requirements order by side") == [
        (1, "mql", 2, "crm"),
        (1, "mql", 2, "map"),
    ]


def test_a_source_is_of_a_field_an_opportunity_or_a_rule(warehouse):
    assert rows(warehouse, "select * exclude version from stage_sources where version = 1 order by position") == [
        ("deals", 1, "crm", "crm", "opportunity", "opportunity", "stage", "primary", None, None, None, None),
        ("status", 2, "crm", "crm", "field", "lead", "status", None, "reason", None, None, None),
        ("lifecycle", 3, "map", "map", "field", "prospect", "lifecycle", None, None, None, None, None),
        ("rule", 4, "map", "map", "rule", None, None, None, None, "mql", "mql", 2),
    ]


def test_values_have_their_ranks_and_corrections_reach_every_version_that_has_the_source_and_the_stage(warehouse):
    assert rows(warehouse, "select * from source_values order by all") == [
        (1, "deals", "Closed Lost", "exit", "lost", None, None, None, False),
        (1, "deals", "New/Closed Won", "stage", "won", 4, 4, 4, False),
        (1, "lifecycle", "1001", "stage", "inquiry", 1, 1, 1, False),
        (1, "lifecycle", "Lost", "exit", "lost", None, None, None, False),
        (1, "lifecycle", "MQL", "stage", "mql", 2, 2, 2, False),
        (1, "lifecycle", "SAL", "stage", "sal", 3, 3, 3, False),
        (1, "lifecycle", "lost", "exit", "recycled", None, None, None, True),
        (1, "status", "Imported", "stage", "mql", 2, 2, 2, True),
        (1, "status", "Nurture", "exit", "recycled", None, None, None, False),
        (1, "status", "Open", "range", None, None, 1, 2, False),
        (1, "status", "Working", "stage", "sal", 3, 3, 3, False),
        (1, "status", "Wrking", "stage", "sal", 3, 3, 3, True),
        (2, "status", "Imported", "stage", "mql", 1, 1, 1, True),
        (2, "status", "Working", "stage", "mql", 1, 1, 1, False),
    ]


def test_an_ignored_value_is_kept_as_ignored(tmp_path):
    settings = Settings(data=tmp_path / "data", agreement=write(tmp_path / "agreement", FIRST))
    load(settings)
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        found = con.execute("from raw_agreement.source_values where value = 'Imported'").fetchall()
    assert found == [(1, "status", "Imported", "ignore", None, None, None, None, False)]


def test_a_rule_is_its_conditions_and_their_campaigns(warehouse):
    assert rows(warehouse, "select * from rule_conditions order by number") == [
        (1, "rule", 1, "score_crosses", 65.0, None),
        (1, "rule", 2, "activity", None, "form_fill"),
    ]
    assert rows(warehouse, "select * from rule_campaigns order by campaign") == [
        (1, "rule", 2, "Demo Request"),
        (1, "rule", 2, "Trial"),
    ]


def test_authority_is_as_written_else_every_source_that_says_it_in_order_and_for_a_lost_deal_only_opportunities(
    warehouse,
):
    assert rows(
        warehouse, "select * exclude version from stage_authority where version = 1 order by stage, position"
    ) == [
        ("inquiry", "lifecycle", 1),
        ("lost", "deals", 1),
        ("mql", "rule", 1),
        ("mql", "lifecycle", 2),
        ("recycled", "status", 1),
        ("recycled", "lifecycle", 2),  # by the correction of version 2
        ("sal", "status", 1),
        ("sal", "lifecycle", 2),
        ("won", "deals", 1),
    ]


def test_writers_are_told_apart_by_what_they_do(warehouse):
    assert rows(warehouse, "select * from source_writers order by writer, kind") == [
        (1, "lifecycle", "push", "company"),
        (1, "lifecycle", "push", "forward_only"),
        (1, "lifecycle", "sync", "forward_only"),
    ]


def test_a_sync_goes_both_ways(warehouse):
    assert rows(warehouse, "select * from syncs order by system") == [(1, "crm", "map", 1800), (1, "map", "crm", 1800)]


def test_a_window_is_in_seconds(warehouse):
    expected = [(1, "inquiry", "won", 1209600), (1, "mql", "sal", 1209600)]
    assert rows(warehouse, "select * from conversion_windows order by from_stage") == expected


def test_a_calendar_without_a_zone_has_the_agreements(warehouse):
    expected = [(1, "fast", "mql", "sal", "assigned", 14400, "mon,tue,wed", "09:00", "17:00", "Europe/Berlin")]
    assert rows(warehouse, "select * from handoffs") == expected
    assert rows(warehouse, "select * from handoff_stops order by 3") == [(1, "fast", "rejected"), (1, "fast", "touch")]


def test_touches_and_rejections_are_the_usual_ones_where_a_hand_over_says_nothing_of_them(warehouse):
    kinds = rows(warehouse, "select * from handoff_touch_kinds order by all")
    assert kinds == [(1, "fast", kind) for kind in ("call", "email", "meeting", "message")]
    assert rows(warehouse, "select * from handoff_rejections") == [(1, "fast", "recycled")]
    assert rows(warehouse, "select * from handoff_holidays") == []


def test_a_hand_over_says_what_is_a_touch_who_sends_back_and_when_nobody_works(tmp_path):
    said = 'hours: "09:00-17:00", holidays: [2025-12-25, 2025-12-26]}, touch_kinds: [call], rejections: []}'
    text = FIRST.replace('hours: "09:00-17:00"}}', said)
    settings = Settings(data=tmp_path / "data", agreement=write(tmp_path / "agreement", text))
    load(settings)
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        assert rows(con, "select kind from handoff_touch_kinds") == [("call",)]
        assert rows(con, "select * from handoff_rejections") == []
        christmas = [(1, "fast", date(2025, 12, 25)), (1, "fast", date(2025, 12, 26))]
        assert rows(con, "select * from handoff_holidays order by all") == christmas
        meaning = "select meaning from terms where term = 'fast'"
        assert rows(con, meaning)[0][0].endswith("17:00 (Europe/Berlin) but for 2 holidays.")


def test_a_side_without_a_team_that_mends_it_falls_to_its_department(warehouse):
    expected = [(1, "crm", "crm_admins"), (1, "map", "marketing"), (2, "crm", "sales"), (2, "map", "marketing")]
    assert rows(warehouse, "select * from side_owners order by all") == expected


def test_lists_of_names_are_rows(warehouse):
    assert rows(warehouse, "select * from rejection_reasons") == [(1, "Bad Fit", "bad_fit")]
    expected = [(1, "ae", "U3"), (1, "sdr", "U1"), (1, "sdr", "U2")]
    assert rows(warehouse, "select * from team_members order by all") == expected
    assert rows(warehouse, "select * from rates") == [(1, "USD", 0.9)]


def test_a_mailbox_of_a_role_is_in_lower_case_and_without_a_word_of_it_there_are_the_usual_ones(warehouse):
    told = rows(warehouse, "select * from shared_mailboxes where version = 1 order by all")
    assert told == [(1, "desk@acme.com"), (1, "info")]
    usual = {mailbox for _, mailbox in rows(warehouse, "select * from shared_mailboxes where version = 2")}
    assert usual >= {"info", "sales", "office", "kontakt", "no-reply", "postmaster"}
    assert not usual & {"it's", "", "anna"}
    assert (2, "gmail.com") in rows(warehouse, "select * from free_mail_domains")
    assert rows(warehouse, "select * from identity order by all") == [(1, 3, 5, 0.8, 0.99), (2, 2, 5, 0.9, None)]


def test_an_excluded_domain_is_in_lower_case_and_a_lead_source_is_as_written(warehouse):
    assert rows(warehouse, "select * from exclusions order by all") == [
        (1, 1, "email_domain", "other.com"),
        (1, 1, "email_domain", "ourco.com"),
        (1, 2, "lead_source", "Employee"),
    ]


def test_a_personas_patterns_are_in_lower_case(warehouse):
    assert rows(warehouse, "select * from personas") == [(1, "buyer", 1, "Signs.")]
    assert rows(warehouse, "select * from persona_patterns order by all") == [
        (1, "buyer", "country", "de"),
        (1, "buyer", "title", "chief %"),
        (1, "buyer", "title", "vp %"),
    ]


def test_a_report_without_limits_has_none(warehouse):
    assert rows(warehouse, "select * from reports order by all") == [
        (1, "funnel", "ops", 0.02, 5.0),
        (1, "other", None, None, None),
        (2, "funnel", None, None, None),
    ]
    assert rows(warehouse, "select table_name from report_tables where version = 1 order by 1") == [
        ("conversion_rates",),
        ("funnel_by_month",),
        ("handoffs",),
    ]


def test_the_glossary_explains_every_name_in_a_sentence(warehouse):
    found = rows(warehouse, "select kind, term, meaning, owner from terms where version = 1 order by all")
    assert ("stage", "inquiry", "Responded.", "marketing") in found
    assert ("timezone", "Europe/Berlin", "The zone in which months and days begin.", None) in found
    assert ("cycle", "idle_ends", "A cycle ends after 365 days in which nothing happened.", None) in found
    assert (
        "window",
        "mql-sal",
        "A conversion from mql to sal counts within 14 days; that long after a month's end its cohort is mature.",
        "sales",
    ) in found
    assert (
        "handoff",
        "fast",
        "From mql to sal: from assignment to a person to the earliest of the first qualified touch, rejection"
        " within 4 hours, counted mon, tue, wed 09:00 to 17:00 (Europe/Berlin).",
        "sales",
    ) in found
    assert (
        "identity",
        "probable",
        "Records of two systems that no exact rule joins and that are one person with a probability of 0.8 or more are"
        " to be reviewed; from 0.99 on they are.",
        None,
    ) in found
    assert sorted({kind for kind, *_ in found}) == [
        "cause", "comparison", "cycle", "exit", "handoff", "identity", "measure", "persona", "report", "restatement",
        "severity", "signature", "stage", "sync", "timezone", "verdict", "window",
    ]  # fmt: skip


def test_a_version_that_does_not_say_who_is_one_person_has_the_hash_that_it_had_before_there_was_a_key_for_it(tmp_path):
    """Worked out by the release before: an upgrade is no edit."""
    (agreement,) = read(write(tmp_path / "agreement", RIGHT))
    assert content_hash(agreement) == "f6643056d311ce7adadbe559b6a7365da074bdb669b59b81f977852ad97a9d77"


def test_every_table_exists_also_when_nothing_is_agreed_about_it(tmp_path):
    settings = Settings(data=tmp_path / "data", agreement=write(tmp_path / "agreement", RIGHT))
    summary = load(settings)
    assert summary.rows["personas"] == 0
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        assert con.execute("from raw_agreement.persona_patterns").description[3][0] == "pattern"
        assert con.execute("select typeof(any_value(rate)) from raw_agreement.rates").fetchone() == ("DOUBLE",)


def test_a_second_load_replaces_the_first_whole(tmp_path):
    agreement = write(tmp_path / "agreement", FIRST, SECOND)
    settings = Settings(data=tmp_path / "data", agreement=agreement)
    load(settings)
    (agreement / "v2.yml").unlink()
    assert load(settings).versions == [1]
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        assert con.execute("select in_force_until from raw_agreement.versions").fetchall() == [
            (datetime(9999, 12, 31),)
        ]


def test_an_agreement_with_a_problem_leaves_what_was_loaded(tmp_path):
    agreement = write(tmp_path / "agreement", FIRST)
    settings = Settings(data=tmp_path / "data", agreement=agreement)
    load(settings)
    write(agreement, changed(("14 days", "14 dayz")))
    with pytest.raises(AgreementError):
        load(settings)
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        assert con.execute("select count(*) from raw_agreement.stages").fetchone() == (6,)


@pytest.mark.parametrize(
    ("now", "changes", "edited"),
    [
        (datetime(2025, 2, 1), [("14 days", "15 days")], [1]),
        (datetime(2024, 12, 31, 22, 59), [("14 days", "15 days")], []),
        (datetime(2025, 2, 1), [("effective_from: 2025-01-01", "effective_from: 2025-03-01")], [1]),
        (datetime(2025, 2, 1), [("timezone:", "# of months\ntimezone:")], []),
        (datetime(2025, 2, 1), [("reports:", "corrections: [{source: status, value: a, means: sal}]\nreports:")], []),
        (datetime(2025, 2, 1), [("reports:", "identity: {names_in_a_mailbox: 3}\nreports:")], [1]),
        (datetime(2025, 2, 1), [], []),
    ],
    ids=["in_force", "not_yet_in_force", "postponed", "a_comment", "a_correction", "a_key", "unchanged"],
)
def test_a_version_that_was_edited_once_in_force_is_reported(tmp_path, now, changes, edited):
    agreement = write(tmp_path / "agreement", RIGHT)
    settings = Settings(data=tmp_path / "data", agreement=agreement, now=now)
    assert load(settings).edited_versions == []
    write(agreement, changed(*changes))
    assert load(settings).edited_versions == edited
