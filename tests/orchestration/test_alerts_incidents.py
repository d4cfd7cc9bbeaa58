from datetime import UTC, datetime, timedelta

import pytest
from looking import finding, tell

from orchestration.alerts.targets import Target


@pytest.fixture
def told(tmp_path, chat, clock):
    """`told(minutes, findings…)`: later by so many minutes, somebody looks; the titles of what the chat is told."""
    target = Target(url=chat.url, digest_at=None)

    def act(minutes, *findings, by="sensor", target=target):
        seen = len(chat.came)
        clock.shift(timedelta(minutes=minutes))
        tell(tmp_path, [target], *findings, by=by)
        return [message.title for message in chat.came[seen:]]

    return act


FAILED = finding("a", title="a failed", recovered="a passes again")
WELL = finding("a", "ok", title="a failed", recovered="a passes again")


def test_a_failure_is_told_once_however_often_it_is_seen_and_its_recovery_once_it_lasts(told):
    assert told(0, WELL) == []
    assert told(1, FAILED) == ["Error: a failed"]
    assert told(1, FAILED) == []
    assert told(1, WELL) == []
    assert told(4.9, WELL) == []
    assert told(0.1, WELL) == ["Recovered: a passes again"]
    assert told(60, WELL) == []


def test_what_the_next_run_finds_well_is_told_at_once_for_nobody_looks_before_the_run_after_it(told):
    assert told(0, FAILED, by="run") == ["Error: a failed"]
    assert told(24 * 60, WELL, by="run") == ["Recovered: a passes again"]


def test_a_check_that_flaps_is_one_message_until_it_is_well_for_long_enough(told):
    messages = [title for turn in range(100) for title in told(1, WELL if turn % 2 else FAILED)]
    assert messages == ["Error: a failed"]
    assert told(5, WELL) == ["Recovered: a passes again"]


def test_one_that_comes_back_within_a_day_is_told_as_such_and_must_be_well_for_longer(told):
    told(0, FAILED), told(1, WELL), told(5, WELL)
    assert told(30, FAILED) == ["Error again: a failed"]
    told(1, WELL)
    assert told(59, WELL) == []
    assert told(1, WELL) == ["Recovered: a passes again"]
    assert told(25 * 60, FAILED) == ["Error: a failed"]  # more than a day later it is a new one


def test_a_check_that_fails_and_recovers_every_twenty_minutes_for_a_day_is_a_handful_of_messages(told):
    messages = [title for turn in range(72) for title in told(20, WELL if turn % 2 else FAILED)]
    assert len(messages) <= 6, messages


def test_it_is_worse_when_its_count_has_doubled_since_it_was_told_or_it_blocks_now(told):
    def failing(count, severity="warn"):
        return finding("a", title="a failed", severity=severity, failed=count, checked=1000)

    assert told(0, failing(10)) == ["Warning: a failed, 10 of 1,000"]
    assert told(1, failing(19)) == []
    assert told(1, failing(20)) == ["Worse: a failed, 20 of 1,000"]
    assert told(1, failing(5)) == []
    assert told(1, failing(39)) == []
    assert told(1, failing(5, "error")) == ["Worse: a failed, 5 of 1,000"]
    assert told(1, failing(5)) == [] and told(1, failing(5, "error")) == []  # that it blocks is told once


def test_a_message_says_in_its_first_line_what_how_many_and_whose_then_why_where_and_the_worst_ten(
    tmp_path, chat, clock
):
    many = finding(
        team="sales_ops",
        title="people: the check has_country failed",
        detail="37 people have none.",
        todo="Correct them.",
        look="https://bi.example/checks/people.html",
        failed=10_000,
        checked=250_000,
        ids=tuple(f"p{number}" for number in range(20)),
        links={"p1": ("https://crm.example/p1", "https://map.example/p1")},
    )
    tell(tmp_path, [Target(url=chat.url)], many)
    ((title, body),) = chat.shown
    assert title == "Error: people: the check has_country failed, 10,000 of 250,000 (sales_ops)"
    assert body.splitlines() == [
        "It matters.",
        "37 people have none.",
        "Job of sales_ops. Since 2026-03-01 12:00 UTC.",
        "To do: Correct them.",
        "Look at: https://bi.example/checks/people.html",
        "Among them:",
        "p0",
        "p1 https://crm.example/p1 https://map.example/p1",
        *(f"p{number}" for number in range(2, 10)),
        "… and 9,990 more",
    ]


def test_what_stays_open_is_in_one_digest_a_day_at_the_hour_that_the_receiver_wants(told, chat):
    berlin = Target(url=chat.url, timezone="Europe/Berlin", digest_at="08:30")  # 07:30 UTC in winter
    told(0, FAILED, finding("b", title="b failed", severity="warn"), target=berlin)
    night = [title for _ in range(116) for title in told(10, target=berlin)]  # till 07:20
    assert night == [] and told(9.9, target=berlin) == []  # 07:29:54
    assert told(0.1, target=berlin) == ["OneFunnel today: 2 alerts still open, 1 error"]
    assert chat.came[-1].body.splitlines() == [
        "Error: a failed, since 2026-03-01 12:00 UTC",
        "Warning: b failed, since 2026-03-01 12:00 UTC",
    ]
    assert told(60, target=berlin, by="run") == []
    assert told(23 * 60, target=berlin, by="run") == ["OneFunnel today: 2 alerts still open, 1 error"]


def test_a_digest_comes_once_on_the_days_on_which_the_clock_is_changed(clock):
    """F26: 02:30 is not there on 2026-03-29 in Berlin, and there twice on 2026-10-25."""
    target = Target(url="json://x", timezone="Europe/Berlin", digest_at="02:30")
    for day in (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)):
        due = {target.digest_due(day + timedelta(minutes=5 * step)) for step in range(12 * 24 + 1)}
        assert len(due) == 2  # the one of the day before, and this day's


def test_without_anything_open_or_wanted_there_is_no_digest(told, chat):
    daily = Target(url=chat.url)
    told(0, FAILED, by="run", target=daily)
    assert told(24 * 60, WELL, by="run", target=daily) == ["Recovered: a passes again"]
    assert told(24 * 60, WELL, by="run", target=daily) == []
    never = Target(url=chat.url, digest_at=None)
    assert told(24 * 60, FAILED, by="run", target=never) == ["Error: a failed"]
    assert told(72 * 60, FAILED, by="run", target=never) == []


def test_what_opened_in_the_last_hour_is_not_repeated_in_the_digest(told, chat):
    daily = Target(url=chat.url)  # at 08:00
    told(19 * 60 + 30, FAILED, by="run", target=daily)
    assert told(30, FAILED, by="run", target=daily) == []
    digest = ["OneFunnel today: 1 alert still open, 1 error"]
    assert told(24 * 60, FAILED, by="run", target=daily) == digest


def test_the_first_message_and_the_next_digest_say_that_nobody_looked(told, chat):
    daily, other = Target(url=chat.url), finding("b", title="b failed")
    told(0, WELL, target=daily)
    gap = "Nobody looked between 2026-03-01 12:00 UTC and 2026-03-01 18:00 UTC."
    assert told(6 * 60, FAILED, target=daily) == ["Error: a failed"] and gap in chat.came[-1].body
    assert told(10, FAILED, other, target=daily) == ["Error: b failed"] and gap not in chat.came[-1].body
    night = [title for _ in range(84) for title in told(10, FAILED, other, target=daily)]
    assert night == ["OneFunnel today: 2 alerts still open, 2 errors"]
    assert chat.came[-1].body.splitlines()[0] == gap


def test_a_digest_says_that_nobody_looked_also_when_nothing_is_open(told, chat):
    daily = Target(url=chat.url)
    told(0, WELL, target=daily)
    assert told(30 * 60, WELL, target=daily) == ["OneFunnel today: nobody looked for a while"]
    assert chat.came[-1].body == "Nobody looked between 2026-03-01 12:00 UTC and 2026-03-02 18:00 UTC."
