import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from looking import finding, look, tell
from receivers import Chat, hang

from ingest.settings import Settings
from orchestration.alerts import delivery, heartbeat, sendings, store
from orchestration.alerts.catching_up import catch_up
from orchestration.alerts.channels import Channel
from orchestration.alerts.delivery import deliver
from orchestration.alerts.targets import QuietHours, Target, read


@pytest.fixture(autouse=True)
def patient_within_a_look_for_no_time(monkeypatch):
    """The tries within one look are few and quick; what is between looks is as it is."""
    monkeypatch.setattr(delivery, "TRIES", 1)


def test_a_target_that_is_down_for_two_days_is_told_everything_once_when_it_is_up(tmp_path, chat, clock):
    """F20."""
    target, log = Target(url=chat.url, digest_at=None), []
    chat.status = 500
    look(tmp_path, [target], finding("first"))
    for hour in range(48):
        look(tmp_path, [target], finding(f"hour {hour}"), by="run")
        for _ in range(4):
            deliver(tmp_path, [target], log.append)
            clock.shift(timedelta(minutes=15))
    assert chat.came == [] and chat.tried < 48 * 2 + 12  # twice an hour once the waits have grown
    chat.status = 200
    clock.shift(timedelta(minutes=30))
    deliver(tmp_path, [target], log.append)
    assert chat.titles == ["Error: first failed", "OneFunnel: 48 alerts, 48 errors"]
    deliver(tmp_path, [target], log.append)
    assert len(chat.came) == 2
    body = chat.shown[1][1].splitlines()
    assert body[0] == "Error: hour 0 failed" and body[-1] == "… and 28 more" and len(body) == 21


def test_the_waits_between_looks_grow_and_end_at_half_an_hour(tmp_path, chat, clock):
    target, log = Target(url=chat.url), []
    chat.status = 503
    look(tmp_path, [target], finding())
    for _ in range(9):
        deliver(tmp_path, [target], log.append)
        clock.shift(timedelta(minutes=31))
    waits = [line.rsplit("Tried again in ", 1)[1] for line in log if line.startswith("Alerts for")]
    assert waits == ["30 s.", "60 s.", "2 min.", "4 min.", "8 min.", "16 min.", "30 min.", "30 min.", "30 min."]
    assert log[1].startswith("Alerts for json wait: it answered 503.")


def test_within_one_look_a_target_that_stumbles_is_tried_again_and_one_that_refuses_is_not(
    tmp_path, chat, clock, monkeypatch
):
    monkeypatch.setattr(delivery, "TRIES", 3)
    target = Target(url=chat.url)
    chat.status, chat.after = 500, lambda number: setattr(chat, "status", 200)
    tell(tmp_path, [target], finding("a"))
    assert chat.titles == ["Error: a failed"] and chat.tried == 2
    chat.status, chat.after = 403, lambda number: None
    said = tell(tmp_path, [target], finding("b"))
    assert chat.tried == 3 and "it answered 403." in said[-1]


def test_a_clock_that_was_wrong_does_not_silence_a_target(tmp_path, chat, clock):
    target = Target(url=chat.url, digest_at=None)
    chat.status = 500
    clock.move_to(datetime(2036, 1, 1, tzinfo=UTC))
    tell(tmp_path, [target], finding())
    chat.status = 200
    clock.move_to(datetime(2026, 3, 1, tzinfo=UTC))
    deliver(tmp_path, [target], print)
    assert chat.titles == ["Error: check/people/plausible failed"]


def test_ten_thousand_failures_at_once_are_one_message_with_a_count(tmp_path, chat, mailbox, clock):
    """F20."""
    targets = [Target(url=chat.url), Target(url=mailbox.url)]
    tell(tmp_path, targets, *(finding(f"check/{number}") for number in range(10_000)))
    for receiver in (chat, mailbox):
        ((title, body),) = receiver.shown
        assert title == "OneFunnel: 10,000 alerts, 10,000 errors" and body.endswith("\n… and 9,980 more")
    tell(tmp_path, targets, *(finding(f"check/{number}") for number in range(10_000)))
    assert len(chat.came) == len(mailbox.came) == 1


def test_a_receiver_that_hangs_holds_up_neither_the_look_nor_the_others_and_gets_each_message_once(
    tmp_path, chat, monkeypatch
):
    """F20."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 1)
    slow = Chat()
    slow.before = hang(2)
    targets = [Target(url=slow.url, digest_at=None), Target(url=chat.url, digest_at=None)]
    for name in ("a", "b", "c"):
        started = time.monotonic()
        tell(tmp_path, targets, finding(name))
        assert time.monotonic() - started < 1.5
    assert chat.titles == ["Error: a failed", "Error: b failed", "Error: c failed"]
    assert slow.titles == ["Error: a failed"]
    for _ in range(12):
        time.sleep(0.5)
        deliver(tmp_path, targets, print)
    assert slow.titles == ["Error: a failed", "Error: b failed", "Error: c failed"] and len(slow.came) == 3
    slow.close()


def test_two_processes_that_look_at_once_do_not_both_send(tmp_path, chat):
    target = Target(url=chat.url)
    look(tmp_path, [target], *(finding(f"{number}") for number in range(3)))
    chat.before = hang(0.2)
    both = [threading.Thread(target=deliver, args=(tmp_path, [target], print)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(chat.came) == 3 == len({told.key for told in chat.came})


def test_a_message_that_is_sent_again_is_the_same_with_the_same_key(tmp_path, chat, mailbox, clock):
    targets = [Target(url=chat.url), Target(url=mailbox.url)]
    for receiver in (chat, mailbox):
        receiver.tried = 0
    chat.before = lambda number: setattr(chat, "status", 500 if number == 1 else 200)  # taken, but not acknowledged
    mailbox.before = lambda number: setattr(mailbox, "status", 451 if number == 1 else 250)
    tell(tmp_path, targets, finding("a"))
    chat.status = mailbox.status = 200
    chat.before = mailbox.before = lambda number: None
    clock.shift(timedelta(minutes=1))
    tell(tmp_path, targets, finding("a"), finding("b"))
    for receiver in (chat, mailbox):
        assert [told.title for told in receiver.came] == ["Error: a failed", "Error: a failed", "Error: b failed"]
        assert len(receiver.shown) == 2 and receiver.came[0] == receiver.came[1]


@pytest.mark.parametrize(
    ("url", "title_room", "body_room"),
    [
        ("twilio://AC735c307c62944b5a:e29dfbcebf390dee9@+15551234567/+15557654321", 0, 160),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", 250, 2000),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", 0, 4096),
        ("pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@kkkkkkkkkkkkkkkkkkkkkkkkkkkkkk", 250, 1024),
        ("json://127.0.0.1/hook", 250, 32768),
    ],
)
def test_a_message_fits_its_channel_cut_at_whole_lines(url, title_room, body_room, tmp_path, clock):
    """F20: sizes as the services state them."""
    target = Target(url=url)
    long = finding(
        title="people: the check has_country failed",
        detail="\n".join(f"line {number} of a long story" for number in range(100)),
        failed=10_000,
        ids=tuple(f"https://crm.example/{number}" for number in range(10)),
    )
    channel = Channel(target)
    for found in ([long], [finding(f"check/people/with_a_rather_long_name_{number}") for number in range(10_000)]):
        look(tmp_path, [target], *found)
        sending = sendings.begin(tmp_path, target.id, channel.room(), is_quiet=False, personal_data=False)
        sendings.delivered(tmp_path, sending)
        whole = sending.body + channel._reference(sending.key)
        assert len(sending.title) <= title_room and len(whole) <= body_room
        assert bool(sending.title) == bool(title_room)
        assert ("failed" in sending.title + sending.body) or ("10,000 alerts" in sending.title + sending.body)
        assert all(line == line.strip() for line in whole.splitlines())


def test_a_recipient_who_refuses_does_not_have_the_others_told_again(tmp_path, mailbox, clock):
    mailbox.unknown = {"gone@acme.example"}
    target, said = Target(url=f"{mailbox.url},gone@acme.example,ops@acme.example", digest_at=None), []
    look(tmp_path, [target], finding("a"))
    for _ in range(3):
        deliver(tmp_path, [target], said.append)
        clock.shift(timedelta(hours=1))
    assert [mail["To"] for mail in mailbox.mails] == ["revops@acme.example", "ops@acme.example"]
    assert sum("wait:" in sentence for sentence in said) == 3
    mailbox.unknown = set()
    deliver(tmp_path, [target], said.append)
    deliver(tmp_path, [target], said.append)
    assert [mail["To"] for mail in mailbox.mails][2:] == ["gone@acme.example"]


def test_what_a_receiver_finds_too_large_is_sent_with_half_of_it_until_it_is_taken(tmp_path, chat, clock):
    """F20."""
    chat.limit = 300
    tell(tmp_path, [Target(url=chat.url)], *(finding(f"check/people/with_a_long_name_{n}") for n in range(100)))
    ((title, body),) = chat.shown
    assert title == "OneFunnel: 100 alerts, 100 errors" and body.endswith("\n…") and 100 < len(body) <= 300
    assert chat.tried == 3  # with 21 lines, 11 and 6


def test_warnings_wait_for_the_end_of_the_quiet_hours_and_are_one_message_errors_never_wait(tmp_path, chat, clock):
    target = Target(
        url=chat.url, timezone="America/Sao_Paulo", quiet_hours=QuietHours(**{"from": "22:00", "until": "07:00"}),
        digest_at=None,
    )  # fmt: skip
    clock.move_to(datetime(2026, 3, 2, 2, tzinfo=UTC))  # 23:00 there
    tell(tmp_path, [target], *(finding(f"mild {number}", severity="warn") for number in range(5)), finding("grave"))
    assert chat.titles == ["Error: grave failed"]
    clock.move_to(datetime(2026, 3, 2, 9, 59, tzinfo=UTC))
    tell(tmp_path, [target])
    assert len(chat.came) == 1
    clock.move_to(datetime(2026, 3, 2, 10, tzinfo=UTC))
    tell(tmp_path, [target])
    assert chat.titles == ["Error: grave failed", "OneFunnel: 5 alerts"]


def test_a_warning_that_was_not_taken_before_the_quiet_hours_waits_and_lets_errors_pass(tmp_path, chat, clock):
    target = Target(url=chat.url, quiet_hours=QuietHours(**{"from": "13:00", "until": "14:00"}), digest_at=None)
    chat.status = 500
    tell(tmp_path, [target], finding("mild", severity="warn"))
    chat.status = 200
    clock.shift(timedelta(hours=1))
    tell(tmp_path, [target], finding("grave"), by="run")
    assert chat.titles == ["Error: grave failed"]
    clock.shift(timedelta(hours=1))
    tell(tmp_path, [target], by="run")
    assert chat.titles == ["Error: grave failed", "Warning: mild failed"]


def test_a_run_that_has_nothing_to_do_tells_what_is_due(tmp_path, chat, clock, monkeypatch):
    monkeypatch.setenv("ONEFUNNEL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))
    (tmp_path / "alerts.yml").write_text(f"- {{url: '{chat.url}', quiet_hours: {{from: 11:00, until: 13:00}}}}\n")
    tell(tmp_path / "data", read(tmp_path / "alerts.yml"), finding("mild", severity="warn"), by="run")
    catch_up(Settings(), print)
    assert chat.came == []
    clock.shift(timedelta(hours=1))
    catch_up(Settings(), print)
    assert chat.titles == ["Warning: mild failed"]
    clock.shift(timedelta(hours=20))
    catch_up(Settings(), print)
    assert chat.titles[1:] == ["OneFunnel today: 1 alert still open"]
    (tmp_path / "alerts.yml").write_text("- canary-7316")
    said = []
    catch_up(Settings(), said.append)
    assert len(said) == 1 and "alerts.yml" in said[0] and "canary" not in said[0]


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-03-29T00:59+00:00", True),  # 01:59 in Berlin, a minute before the clock jumps to 03:00
        ("2026-03-29T01:00+00:00", True),
        ("2026-03-29T05:00+00:00", False),  # 07:00, an hour earlier than the day before
        ("2026-03-28T05:00+00:00", True),
        ("2026-10-25T05:59+00:00", True),  # 06:59, in winter time
        ("2026-10-25T06:00+00:00", False),
        ("2026-10-25T21:00+00:00", True),
    ],
)
def test_quiet_hours_go_by_the_clock_on_the_wall_across_midnight_and_the_change_of_the_clock(moment, quiet):
    """F26."""
    hours = QuietHours(**{"from": "22:00", "until": "07:00"})
    target = Target(url="json://x", timezone="Europe/Berlin", quiet_hours=hours)
    assert target.is_quiet(datetime.fromisoformat(moment)) == quiet


def test_a_target_gets_only_its_teams_and_severities(tmp_path, chat, clock):
    target = Target(url=chat.url, teams=("sales_ops",), severities=("error",))
    tell(
        tmp_path,
        [target],
        finding("mine", team="sales_ops"),
        finding("theirs", team="marketing_ops"),
        finding("everybodys"),
        finding("mild", team="sales_ops", severity="warn"),
    )
    assert chat.titles == ["Error: mine failed (sales_ops)", "Error: everybodys failed"]


def test_a_channel_with_colours_shows_errors_warnings_and_recoveries_apart(tmp_path, chat, clock):
    target = Target(url=chat.url)
    tell(tmp_path, [target], finding("mild", severity="warn"), finding("grave"))
    tell(tmp_path, [target], *(finding(f"mild {number}", severity="warn") for number in range(5)))
    tell(tmp_path, [target], finding("mild", "ok"), by="run")
    assert [told.sign for told in chat.came] == ["failure", "warning", "warning", "success"]


def test_who_was_told_of_a_failure_is_told_of_its_end_and_nobody_else(tmp_path, chat, clock):
    targets = [Target(url=chat.url, severities=("error",))]
    for a, b in (("error", "warn"), ("warn", "warn"), ("error", "error")):
        tell(tmp_path, targets, finding("a", severity=a), finding("b", severity=b), finding("c", severity="warn"))
    tell(tmp_path, targets, finding("a", "ok"), finding("c", "ok"), by="run")
    assert chat.titles == ["Error: a failed", "Worse: b failed", "Recovered: a is well"]


def test_who_was_told_of_a_warning_is_told_of_its_end_although_it_has_become_an_error(tmp_path, chat, clock):
    targets = [Target(url=chat.url, severities=("warn",))]
    for finding_now in (
        finding("b", severity="warn"),
        finding("b"),
        finding("b", "ok"),
        finding("a"),
        finding("a", "ok"),
    ):
        tell(tmp_path, targets, finding_now, by="run")
    assert chat.titles == ["Warning: b failed", "Recovered: b is well"]


def test_a_receiver_that_is_added_is_told_once_what_is_open_and_one_that_is_removed_loses_what_waits(
    tmp_path, chat, mailbox, clock
):
    first, second = Target(url=chat.url), Target(url=mailbox.url, severities=("error",))
    chat.status = 500
    tell(tmp_path, [first], finding("a"), finding("b", severity="warn"))
    said = tell(tmp_path, [second], finding("a"), finding("b", severity="warn"), finding("c"))
    assert said[0] == "alerts.yml no longer has json: 2 messages that waited for it are dropped."
    assert mailbox.shown == [
        ("Error: c failed", "It matters.\nSince 2026-03-01 12:00 UTC."),
        (
            "OneFunnel: 1 alert open, 1 error",
            "This address is told from now on.\nError: a failed, since 2026-03-01 12:00 UTC",
        ),
    ]
    tell(tmp_path, [second], finding("a"), finding("c"))
    assert len(mailbox.came) == 2
    assert {row["target"] for row in store.read(tmp_path, "select target from deliveries")} == {second.id, "log"}


def test_while_alerts_yml_cannot_be_read_what_is_for_its_receivers_waits(tmp_path, chat, clock):
    target = Target(url=chat.url)
    tell(tmp_path, [target])
    look(tmp_path, None, finding())
    deliver(tmp_path, [], print)
    assert chat.came == []
    tell(tmp_path, [target], finding())
    assert chat.titles == ["Error: check/people/plausible failed"]


def test_a_target_that_takes_nothing_for_an_hour_is_said_on_the_page(tmp_path, chat, clock):
    chat.status = 500
    tell(tmp_path, [Target(url=chat.url)], finding())
    assert heartbeat.problems(tmp_path, datetime.now(UTC)) == []
    clock.shift(timedelta(minutes=61))
    tell(tmp_path, [Target(url=chat.url)], finding(), by="run")
    assert heartbeat.problems(tmp_path, datetime.now(UTC)) == [
        "The alerts for json have waited since 2026-03-01 12:00 UTC: it answered 500."
    ]
