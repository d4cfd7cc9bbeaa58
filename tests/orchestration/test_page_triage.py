"""The page to work from: what it shows of whom, what it leaves out, and that nothing of the data runs in it."""

import base64
import hashlib
import re

import duckdb
import pytest
from test_page import EVIL, SCHEMA, whole, words
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.publishing.page import TRIAGE, write, write_triage

MORE_COLUMNS = """
alter table stage_mismatches add column crm_field text; alter table stage_mismatches add column crm_since timestamp;
alter table stage_mismatches add column map_field text; alter table stage_mismatches add column map_since timestamp;
alter table stage_mismatches add column map_writer text;
"""
QUEUE = """
create table mismatch_incidents (fingerprint text, mismatch_id text, person_id text, state text,
    first_seen_at timestamp, last_seen_at timestamp, resolved_at timestamp, reopened_count int, snoozed_until timestamp,
    changed_at timestamp, changed_by text, note text, cause text, severity text, owner_team text, work_item_id text,
    parted_at timestamp);
"""
# The data is of 3 March 2025, 05:00, and was published twenty minutes later. f5 was resolved just within seven days of
# that, f6 just before, f7 is of a team that has nothing left to do.
INCIDENTS = (
    QUEUE
    + """
insert into mismatch_incidents by name
select fingerprint, mismatch_id, state, first_seen_at::timestamp as first_seen_at,
    coalesce(resolved_at::timestamp, timestamp '2025-03-03 05:20') as last_seen_at,
    resolved_at::timestamp as resolved_at, reopened_count, snoozed_until::timestamp as snoozed_until, owner_team
from (values
    ('f1', 'm1', 'new', '2025-01-15', null, 2, null, 'sdr'),
    ('f2', 'm2', 'acknowledged', '2025-02-03', null, 0, null, 'integration'),
    ('f3', 'm3', 'snoozed', '2025-02-21', null, 0, '2025-03-10', 'sdr'),
    ('f4', 'm4', 'new', '2025-02-27', null, 0, null, null),
    ('f5', null, 'resolved', '2025-01-02', '2025-02-24 05:21', 0, null, 'sdr'),
    ('f6', null, 'resolved', '2025-01-02', '2025-02-24 05:19', 0, null, 'sdr'),
    ('f7', null, 'resolved', '2025-01-02', '2025-01-24', 0, null, 'finance')
) as told (fingerprint, mismatch_id, state, first_seen_at, resolved_at, reopened_count, snoozed_until, owner_team);
"""
)
SIDES = """
update stage_mismatches set crm_field = 'lead.status', crm_value = 'Nurture', crm_since = timestamp '2025-01-14 09:30',
    crm_writer = 'workflow', map_field = 'prospect.stage', map_value = 'SAL', map_since = timestamp '2025-01-10 08:00',
    map_writer = '42'
where mismatch_id = 'm1'
"""
MANY = """
insert into stage_mismatches
select 'x' || n, 'px' || n, 'crm', '00Q' || n, null, 'sal', null, 'map', n::text, null, 'mql', 'not_synced',
    if(n % 3 = 0, 'high', 'low'), if(n < 45000, 'marketing_ops', 'finance'), repeat('Fix it. ', 20), null,
    timestamp '2024-01-01' + interval (n) minute, repeat('It was so. ', 20), true, 'w' || (n // 500),
    null, null, null, null, null
from range(45100) t(n)
"""


@pytest.fixture
def drawn(tmp_path):
    """The page of a file made by these steps, each SQL or a function of the connection: its text."""

    def of(*steps) -> str:
        file = tmp_path / "onefunnel.duckdb"
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file)) as connection:
            connection.execute(SCHEMA)
            for step in steps:
                step(connection) if callable(step) else connection.execute(step)
        return write_triage(file, tmp_path / TRIAGE).read_text("utf-8")

    return of


def people(connection) -> None:
    """The four mismatches of the page's tests, with what each side says."""
    whole(connection)
    connection.execute(MORE_COLUMNS)


def rows(html: str) -> list[str]:
    """What is read of each person, in the order of the page."""
    return [words(row).strip() for row in re.findall(r"<details id=.*?</details>", html, re.DOTALL)]


def test_each_person_opens_to_what_both_sides_say_since_when_and_who_wrote_it(drawn):
    first = rows(drawn(people, SIDES, INCIDENTS))[0]
    assert first.startswith("high crm sal map recycled 48 days new, came back What crm map Record 00Q1 1")
    assert (
        "Field lead. status prospect. stage Value Nurture SAL Stage sal recycled "
        "Since (UTC) 14 January 2025, 09:30 10 January 2025, 08:00 Written by workflow 42 "
        "Why As the histories show. What to do Set the stage in the MAP. "
        "Apart since 14 January 2025, 00:00 UTC; person p1" in first
    )


def test_the_commands_to_copy_name_the_row_of_the_queue_and_are_understood(drawn, data_dir):
    html = drawn(people, INCIDENTS)
    commands = re.findall(r"<code>onefunnel triage (acknowledge|snooze) f1( [^<]*)?</code>", html)
    assert commands == [("acknowledge", ""), ("acknowledge", " --mended"), ("snooze", " --for 7d")]
    for name, options in commands:
        understood = CliRunner().invoke(app, ["triage", name, "f1", *options.split()])
        assert understood.exit_code != 2, understood.output  # 2: no such option
    assert "onefunnel triage" not in "".join(rows(drawn(people))), "without a queue there is nothing to acknowledge"


def test_the_team_with_most_of_what_is_severe_comes_first_then_its_worst_item_then_its_oldest_person(drawn):
    html = drawn(people, INCIDENTS)
    assert re.findall(r'data-owner="([^"]*)"', html) == ["sdr", "integration", "no team"]
    assert re.findall(r'<details id="m-(\w+)"', html) == ["f1", "f3", "f2", "f4"]


def test_age_is_counted_to_the_moment_of_the_data_and_the_page_says_so(drawn):
    html = drawn(people, INCIDENTS)
    assert re.findall(r'data-days="(\d+)"', html) == ["48", "11", "29", "4"]
    assert "Ages are counted to 3 March 2025, 05:00 UTC, the moment of the data, not to today." in words(html)


def test_a_held_report_does_not_make_the_mismatches_of_today_younger(drawn):
    held = "update report_status set status = 'held', data_as_of = timestamp '2025-01-20'"
    assert "Ages are counted to 27 February 2025, 00:00 UTC" in words(drawn(people, held))


def test_the_queue_says_whether_it_gets_shorter_team_by_team(drawn):
    text = words(drawn(people, INCIDENTS))
    assert "in the last 7 days 1 more, and 1 resolved by themselves." in text
    assert (
        "Team Open New Acknowledged Snoozed Came back Resolved in 7 days "
        "sdr 2 1 0 1 1 1 integration 1 0 1 0 0 0 no team 1 1 0 0 0 0 all 4 2 1 1 1 1" in text
    )


def test_a_file_of_an_earlier_release_is_drawn_without_states(drawn):
    of_another_kind = "create table mismatch_incidents (incident_id text, person_id text, cause text)"
    for steps in ([people], [people, of_another_kind]):
        html = drawn(*steps)
        assert len(rows(html)) == 4 and "data-state" not in html and "The queue" not in words(html)


def test_what_one_page_cannot_hold_is_counted_and_every_team_and_item_is_there(drawn):
    html = drawn(people, MANY, INCIDENTS)
    shown = len(rows(html))
    assert 1000 < shown < 2000 and len(html.encode()) < 2_000_000
    text = words(html)
    assert f"This page has the {shown:,} that come first, with some of every team and of every work item; " in text
    assert f"{45104 - shown:,} are left out" in text
    assert set(re.findall(r'data-owner="([^"]*)"', html)) == {
        "sdr",
        "integration",
        "no team",
        "marketing_ops",
        "finance",
    }
    items = re.findall(r'data-item="(\w+)"', html)
    assert set(items) == {f"w{n}" for n in range(91)}


def test_a_team_with_one_mild_mismatch_is_there_beside_thousands_of_worse_items(drawn):
    each_its_own = MANY.replace("'w' || (n // 500)", "'w' || n").replace("range(45100)", "range(42000, 45001)")
    high_but_the_last = each_its_own.replace("if(n % 3 = 0, 'high', 'low')", "if(n < 45000, 'high', 'low')")
    html = drawn(people, high_but_the_last)
    assert 'data-owner="finance"' in html and len(html.encode()) < 2_000_000


def test_without_a_mismatch_there_is_nothing_to_filter_and_nothing_that_runs(drawn):
    html = drawn(people, "delete from stage_mismatches; delete from work_items", INCIDENTS)
    assert "No mismatch is open." in words(html) and "<form" not in html and "<script" not in html


def test_the_one_script_is_ours_and_the_only_one_that_may_run(drawn):
    html = drawn(people, INCIDENTS)
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert f"script-src 'sha256-{digest}';" in policy and "default-src 'none'" in policy
    assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")
    assert not re.search(r"\son\w+=|http://|fetch\(|XMLHttpRequest|innerHTML|<link rel=.stylesheet|@import", html)


def test_f24_nothing_of_the_data_runs_in_the_page(drawn):
    columns = ("cause", "crm_value", "map_value", "crm_stage", "crm_field", "crm_writer", "crm_system", "owner_team",
               "evidence", "suggested_fix", "work_item_id", "severity", "person_id", "mismatch_id")  # fmt: skip
    evil = [f"update stage_mismatches set {column} = '{EVIL}' || mismatch_id" for column in columns]
    evil += [
        "update stage_mismatches set crm_record_id = '\"><img src=x onerror=y>'",
        f"update definitions set meaning = '{EVIL}'",
        f"update mismatch_incidents set note = '{EVIL}', changed_by = '{EVIL}', state = '\"><b onclick=x>', "
        "mismatch_id = (select mismatch_id from stage_mismatches limit 1)",
    ]
    html = drawn(people, SIDES, INCIDENTS, *evil)
    assert html.count("<script") == 1 and "<img" not in html and "<b onclick" not in html
    assert html.count("&lt;script&gt;alert(1)") > 40


def test_only_web_addresses_become_links(drawn):
    html = drawn(people)
    assert '<a href="https://crm.example/00Q1" rel="noopener noreferrer" class="id">00Q1</a>' in html
    assert "javascript:" not in html and '<span class="id">1</span>' in html


def test_a_work_item_can_be_linked_to_whatever_its_name(drawn):
    html = drawn(people, "update stage_mismatches set work_item_id = 'a&b c' where work_item_id = 'w1'",
                 "update work_items set work_item_id = 'a&b c' where work_item_id = 'w1'")  # fmt: skip
    assert 'href="triage.html?item=a%26b%20c"' in html and 'data-item="a&amp;b c"' in html


def test_notices_stand_on_top_of_both_pages_as_text(tmp_path, drawn):
    drawn(people)
    for draw, name in ((write, "index.html"), (write_triage, TRIAGE)):
        html = draw(tmp_path / "onefunnel.duckdb", tmp_path / name, notices=[f"Rolled back. {EVIL}"]).read_text("utf-8")
        assert f'<p class="then">Rolled back. {EVIL.replace("<", "&lt;").replace(">", "&gt;")}</p>' in html
        assert html.index("Rolled back.") < html.index("<main>")


def test_the_page_leads_to_what_lies_beside_it_and_to_nothing_else(tmp_path, drawn):
    drawn(people, INCIDENTS)
    (tmp_path / TRIAGE).unlink()
    alone = write(tmp_path / "onefunnel.duckdb", tmp_path / "index.html").read_text("utf-8")
    assert "triage.html" not in alone and "checks/index.html" not in alone
    (tmp_path / TRIAGE).touch()
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "index.html").touch()
    beside = write(tmp_path / "onefunnel.duckdb", tmp_path / "index.html").read_text("utf-8")
    assert 'href="triage.html"' in beside and 'href="triage.html?item=w1"' in beside
    assert 'href="checks/index.html"' in beside
    assert "sdr 2 1 0 1 1 1 integration 1 0 1 0 0 0" in words(beside)
