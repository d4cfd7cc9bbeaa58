"""Hand-overs on the page and in the terminal: figures worked out by hand, and what cannot be told is said apart."""

import re

import duckdb
import pytest
from rich.console import Console
from test_page import SCHEMA, whole, words

from orchestration.publishing.page import write
from orchestration.terminal import summary

TABLE = """
create table handoffs (person_id text, cycle int, handoff text, handed_over_at timestamp, assigned_at timestamp,
    clock_started_at timestamp, due_at timestamp, first_touch_at timestamp, first_touch_on date, accepted_at timestamp,
    rejected_at timestamp, rejected_as text, rejection_reason text, stopped_by text, stopped_at timestamp, status text,
    unknown_because text, system_delay_hours double, system_waiting_hours double, human_delay_hours double,
    human_waiting_hours double, owner_id text, owner_team text, lead_source text, persona text, agreement_version int);
insert into definitions values ('Europe/Berlin', 'timezone', 'Where months begin.', null, 1, null),
    ('handoffs', 'report', 'Publishes handoffs; held over 5 % and 10.', 'marketing_ops', 1, null);
update definitions set owner = 'sales' where kind = 'handoff';
insert into report_status values ('handoffs', 'fresh', timestamp '2025-03-03 05:20', null, null,
    timestamp '2025-03-03 05:00', 1);
"""
# Handed over (UTC), status, why unknown, answer, reason, stopped, system delay, waiting, human delay, waiting, source.
# Eleven of the half year wait for an owner, the sixth shortest 1 h; eight wait for a follow-up: 0, 1, 2, 3, 4, 5, 9 and
# 30 h, of which 0 and 30 are still open, so that the middle lies between 3 and 4, or later.
# In Berlin the first is on Monday the 17th, the oldest but one on Monday the 9th, and the oldest on the Sunday before.
HANDED_OVER = [
    ("2025-02-16 23:30", "met", None, "accepted", None, True, 1, None, 2, None, "Webinar"),
    ("2025-02-18 10:00", "met", None, "recycled", "bad_fit", True, 3, None, 4, None, "Webinar"),
    ("2025-02-19 10:00", "breached", None, "accepted", None, True, 2, None, 9, None, "Website"),
    ("2025-02-24 09:00", "breached", None, None, None, False, 0.5, None, None, 30, "Website"),
    ("2025-02-25 09:00", "met", None, "recycled", "bad_fit", True, 0.3, None, 1, None, "Webinar"),
    ("2025-02-26 09:00", "met", None, "accepted", None, True, 0.7, None, 3, None, "Website"),
    ("2025-02-27 09:00", "unknown", "owner_silent", "recycled", None, True, 0.1, None, 200, None, None),
    ("2025-02-28 09:00", "unknown", "date_only", None, None, False, None, None, None, None, "Webinar"),
    ("2025-03-03 01:00", "waiting", None, None, None, False, 0.2, None, None, 0, "Webinar"),
    ("2025-03-03 02:00", "unassigned", None, None, None, False, None, 3, None, None, "Website"),
    ("2025-03-03 03:00", "withdrawn", None, None, None, False, None, None, None, None, "Website"),
    ("2025-03-03 03:30", "unassigned", None, None, None, False, None, 1.5, None, None, "Website"),
    ("2024-09-08 22:30", "met", None, "accepted", None, True, 5, None, 5, None, "Referral"),
    ("2024-09-08 21:30", "breached", None, "disqualified", "competitor", True, 90, None, 90, None, "Referral"),
    (None, "unknown", "no_time", None, None, False, None, None, None, None, "Referral"),
]
INSERT = """
insert into handoffs by name
select uuid() as person_id, 1 as cycle, coalesce($name, 'mql_to_sal') as handoff, $at::timestamp as handed_over_at,
    case when $answer = 'accepted' then coalesce($at::timestamp, '2025-01-01') end as accepted_at,
    case when $answer <> 'accepted' then coalesce($at::timestamp, '2025-01-01') end as rejected_at,
    case when $answer <> 'accepted' then $answer end as rejected_as, $reason as rejection_reason,
    case when $stopped then $at::timestamp end as stopped_at, $status as status, $why as unknown_because,
    $system::double as system_delay_hours, $system_waiting::double as system_waiting_hours,
    $human::double as human_delay_hours, $human_waiting::double as human_waiting_hours, $source as lead_source,
    1 as agreement_version
"""
COLUMNS = [
    "at",
    "status",
    "why",
    "answer",
    "reason",
    "stopped",
    "system",
    "system_waiting",
    "human",
    "human_waiting",
    "source",
]


def handed_over(*rows: tuple, name: str | None = None):
    """A step that fills the table with these rows."""

    def fill(connection) -> None:
        connection.execute(TABLE)
        for row in rows:
            connection.execute(INSERT, dict(zip(COLUMNS, row, strict=True)) | {"name": name})

    return fill


@pytest.fixture
def section(tmp_path):
    """The page's section about hand-overs in a file made by these steps, as HTML; empty where there is none."""

    def of(*steps) -> str:
        (tmp_path / "onefunnel.duckdb").unlink(missing_ok=True)
        with duckdb.connect(str(tmp_path / "onefunnel.duckdb")) as connection:
            connection.execute(SCHEMA)
            whole(connection)
            for step in steps:
                step(connection) if callable(step) else connection.execute(step)
        html = write(tmp_path / "onefunnel.duckdb", tmp_path / "index.html").read_text("utf-8")
        found = re.search('<section aria-labelledby="handoffs">.*?</section>', html, re.DOTALL)
        return found.group() if found else ""

    return of


def rows_of(html: str, caption: str) -> list[str]:
    """The rows of the table with this caption, as a reader reads them."""
    (table,) = (table for table in re.findall("<table.*?</table>", html, re.DOTALL) if caption in words(table))
    return [words(row).strip() for row in re.findall("<tr>(.*?)</tr>", table, re.DOTALL)[1:]]


def test_sales_never_follows_up_is_answered_with_what_was_due_and_what_cannot_be_told(section):
    text = words(section(handed_over(*HANDED_OVER)))
    assert "13 hand-overs since 9 September 2024." in text
    assert (
        "“Sales never follows up!” Of 9 hand-overs due or answered by now, 5 (56 %) were followed up in time, "
        "1 (11 %) late and 1 (11 %) not at all; of 2 (22 %) the data cannot tell. Not counted here: 1 not due yet, "
        "2 assigned to nobody, so that no clock ran, 1 taken back before they were due. Median wait: 1.0 h until "
        "somebody was assigned, then at least 3.5 h of business time until the follow-up." in text
    )
    assert (
        "Why the data cannot tell: what decides is known by its day alone (1); "
        "the owner logged nothing for anybody around that time (1)." in text
    )
    assert "1 hand-over without a known time is in no week and not counted here." in text


def test_marketing_sends_worthless_leads_is_answered_with_what_sales_decided(section):
    assert (
        "“Marketing sends worthless leads!” Sales accepted 4 of the 7 that it has decided on (57 %) and sent back 3, "
        "most often for bad fit: 2 of them (67 %). Not decided yet: 6." in words(section(handed_over(*HANDED_OVER)))
    )


def test_weeks_begin_on_monday_in_the_agreements_zone_and_open_ones_count_as_at_least_what_they_waited(section):
    weeks = rows_of(section(handed_over(*HANDED_OVER)), "the week begins")
    assert len(weeks) == 26
    assert weeks[0] == "9 Sep 1 0 0 0 0 0 5.0 h 5.0 h"
    assert weeks[1] == "16 Sep 0 0 0 0 0 0 – –"
    assert weeks[-3:] == [
        "17 Feb 2 1 0 0 0 0 2.0 h 4.0 h",
        "24 Feb 2 1 2 0 0 0 24 min 3.0 h",
        "3 Mar 0 0 0 2 1 1 at least 1.5 h at least 0 min",
    ]


def test_what_was_sent_back_is_counted_by_lead_source_and_by_reason(section):
    html = section(handed_over(*HANDED_OVER))
    assert rows_of(html, "by lead source") == [
        "Webinar 5 1 2 40 % bad fit (2)",
        "not known 1 0 1 100 %",
        "Website 6 2 0",
        "Referral 1 1 0",
    ]
    assert rows_of(html, "by reason") == ["bad fit 2 15 % Webinar (2)", "none written down 1 8 %"]


def test_many_lead_sources_are_cut_to_those_with_the_most_sent_back(section):
    rows = [
        ("2025-02-18", "met", None, answer, "no_need", True, 1, None, 1, None, f"source {place:02}")
        for place in range(14)
        for answer in ["recycled"] * (14 - place) + ["accepted"]
    ]
    shown = rows_of(section(handed_over(*rows)), "by lead source")
    assert shown[0] == "source 00 15 1 14 93 % no need (14)"
    assert len(shown) == 11
    assert shown[-1] == "4 other sources 14 4 10 71 %"


def test_the_charts_say_in_words_what_they_show(section):
    labels = re.findall('aria-label="(.*?)"', section(handed_over(*HANDED_OVER)).replace("\N{NO-BREAK SPACE}", " "))
    assert labels == [
        "Hand-overs mql to sal by week: in all in time 5, late or not at all 2, cannot be told 2, nobody assigned 2, "
        "not due yet 1, withdrawn 1.",
        "Median from hand-over to assignment by week; of all weeks 1.0 h.",
        "Median from assignment to follow-up by week; of all weeks at least 3.5 h.",
    ]


def test_a_hand_over_of_which_nothing_is_decided_accuses_nobody(section):
    row = ("2025-03-03 01:00", "unassigned", None, None, None, False, None, 4, None, None, "Webinar")
    text = words(section(handed_over(row)))
    assert "None was due or answered yet. Not counted here: 1 assigned to nobody, so that no clock ran." in text
    assert "Median wait: at least 4.0 h until somebody was assigned." in text
    assert "Sales has not decided on any yet." in text


def test_rejections_without_a_written_reason_are_said_to_have_none(section):
    row = ("2025-02-18", "met", None, "recycled", None, True, 1, None, 1, None, "Webinar")
    assert "and sent back 1, for no reason that was written down." in words(section(handed_over(row)))


def test_hand_overs_older_than_half_a_year_make_no_chart(section):
    text = words(section(handed_over(HANDED_OVER[-2])))
    assert "Nobody was handed over in the 26 weeks to the one of 3 March 2025." in text
    assert "never follows up" not in text


def test_marketing_is_not_accused_of_what_sales_hands_to_sales(section):
    term = (
        "insert into definitions values ('sql_to_opportunity', 'handoff', 'From sql to opportunity.', 'sales', 1, null)"
    )
    text = words(section(handed_over(HANDED_OVER[0], name="sql_to_opportunity"), term))
    assert "“The leads are worthless!”" in text
    assert "Marketing sends" not in text


def test_a_held_report_of_hand_overs_is_said_to_be_old(section):
    held = (
        "update report_status set status = 'held', data_as_of = timestamp '2025-03-01 05:00' where report = 'handoffs'"
    )
    html = section(handed_over(*HANDED_OVER), held)
    assert "These are the hand-overs of the last good publication, with data as of 1 March 2025." in words(html)
    assert rows_of(html, "the week begins")[-1].startswith("24 Feb")


def test_hand_overs_never_published_are_said_to_be_missing(section):
    never = "update report_status set status = 'held', data_as_of = null where report = 'handoffs'"
    assert "The report was held before it was ever published" in words(section(handed_over(), never))


@pytest.mark.parametrize(
    "steps",
    [(), (handed_over(),), (handed_over(*HANDED_OVER), "delete from definitions where kind = 'handoff'")],
    ids=["no table", "an empty table", "no hand-over is agreed"],
)
def test_without_hand_overs_there_is_no_section(section, steps):
    assert section(*steps) == ""


@pytest.mark.parametrize(
    ("metric", "worded"),
    [
        (
            "handoffs/period/mql_to_sal-breached/handed_over",
            "hand-overs mql to sal, late or not at all, in February 2025",
        ),
        ("handoffs/period/mql_to_sal/handed_over", "hand-overs mql to sal, in February 2025"),
        ("handoffs/period/mql-to-sal-met/accepted", "hand-overs mql-to-sal, in time, accepted, in February 2025"),
    ],
)
def test_what_holds_the_report_is_told_in_words(section, tmp_path, metric, worded):
    section(
        handed_over(*HANDED_OVER),
        "update report_status set status = 'held' where report = 'handoffs'",
        "insert into mismatch_effects (report, metric, unit, month, segment, agreed, as_crm, as_map, effect, holds) "
        f"values ('handoffs', '{metric}', 'person', '2025-02-01', 'all', 40, 52, 41, 12, true)",
    )
    text = words((tmp_path / "index.html").read_text("utf-8"))
    assert f"The most: {worded}: 40 as agreed, 52 by the CRM, 41 by the MAP." in text


def test_the_terminal_counts_the_last_weeks_and_all_of_them(tmp_path, section):
    section(handed_over(*HANDED_OVER))
    console = Console(width=140, record=True, file=(tmp_path / "screen").open("w"))
    summary.show(console, tmp_path)
    lines = [" ".join(line.replace("│", " ").split()) for line in console.export_text().splitlines()]
    start = next(place for place, line in enumerate(lines) if line.startswith("Hand-over mql to sal"))
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines[start + 4 : start + 9]] == [
        "2024-09-09 1 1 0 0 0 0 0 5.0 h 5.0 h",
        "2025-02-17 3 2 1 0 0 0 0 2.0 h 4.0 h",
        "2025-02-24 5 2 1 2 0 0 0 24 min 3.0 h",
        "2025-03-03 4 0 0 0 2 1 1 at least 1.5 h at least 0 min",
        "all 15 5 3 3 2 1 1 at least 1.2 h at least 4.0 h",
    ]
