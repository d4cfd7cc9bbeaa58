"""The way of an alert under the real daemon, which is killed at every step of it: nothing lost, nothing shown twice."""

import os
import signal
import sqlite3
import time

import dagster as dg
import pytest

import expectations
from tests.daemon.dagster_dev import until
from tests.orchestration.receivers import Chat, Mailbox

PATIENCE_SECONDS = 300
TICK_SECONDS = 30
TICKED_OFF = "select count(*) from sendings where delivered_at is not null and target <> 'log'"


@pytest.fixture
def receivers():
    """A chat and a mail server, both up."""
    both = [Chat(), Mailbox()]
    yield both
    for one in both:
        one.close()


class Path:
    """The daemon with its alert sensor, its two receivers, and what happened to them."""

    def __init__(self, daemon, receivers):
        self.daemon, self.receivers = daemon, receivers
        suites = sorted(expectations.suites())
        self.checks = iter((mart, check.name) for mart in suites for check in expectations.expectations_of(mart))
        self.failed, self.at_the_kill = [], {}

    def fail(self) -> str:
        """A check that never failed before fails; its name as it stands in the alerts."""
        mart, check = next(self.checks)
        with self.daemon.instance() as instance:
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(
                    asset_key=dg.AssetKey(mart), check_name=check, passed=False, severity=dg.AssetCheckSeverity.ERROR
                )
            )
        self.failed.append(f"{mart}: the check {check}")
        return self.failed[-1]

    def store(self, query: str) -> list[tuple]:
        """Rows of alerts.sqlite, also while the sensor writes it."""
        file = self.daemon.data / "alerts.sqlite"
        if not file.exists():
            return []
        with sqlite3.connect(file, timeout=30) as connection:
            return connection.execute(query).fetchall()

    def ticked_off(self) -> int:
        """How many messages the daemon knows to have been taken."""
        return sum(count for (count,) in self.store(TICKED_OFF))

    def waits_for(self, what: str, query: str) -> None:
        """Until alerts.sqlite says so, looked at as often as can be."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not self.store(query):
            assert time.monotonic() < ends, what
            time.sleep(0.001)

    def kill(self, step: str) -> None:
        """kill -9 of all of it; what had come by then, and what was ticked off."""
        self.daemon.kill()
        came = sum(len(receiver.came) for receiver in self.receivers)
        self.at_the_kill[step] = (came, self.ticked_off())

    def restart(self) -> None:
        """All of it again; every receiver hears of all that failed so far."""
        self.daemon.start()
        for failed in self.failed:
            until(lambda failed=failed: self.is_told(failed), PATIENCE_SECONDS, f"{failed} is told")

    def is_told(self, failed: str) -> bool:
        return all(any(failed in title for title in receiver.titles) for receiver in self.receivers)


def killer(path, step, receiver, when):
    """Has the receiver kill the sender while it reads, or the moment it has answered."""
    pids = []

    def before(number):
        if not path.at_the_kill.get(step):
            pids[:] = path.daemon.processes()
            if when == "reading":
                path.kill(step)

    def after(number):
        if when == "answered" and not path.at_the_kill.get(step):
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            path.kill(step)

    receiver.before, receiver.after = before, after


def test_an_alert_is_neither_lost_nor_shown_twice_wherever_on_its_way_the_daemon_is_killed(
    company, own_copy, connected, receivers
):
    exports = own_copy(company(60, 1, {}))
    targets = [f'- {{url: "{receiver.url}", digest_at: null}}\n' for receiver in receivers]
    (exports / "alerts.yml").write_text("".join(targets))
    _, daemon = connected(exports)
    (exports / "sources.yml").rename(exports / "later.yml")  # so that nothing is loaded
    path = Path(daemon.start(), receivers)
    chat, mailbox = receivers
    until(lambda: path.store("select * from looks"), PATIENCE_SECONDS, "the alert sensor has looked")

    # Before the incident is written: a run that really fails, and the daemon with it.
    assert daemon.run("published") == dg.DagsterRunStatus.FAILURE
    path.fail()
    path.kill("before the incident was written")
    assert path.store("select * from incidents where key like 'check/%'") == []
    path.restart()

    # After it was written, before it is sent.
    path.fail()
    path.waits_for("the incident", f"select 1 where (select count(*) from incidents) > {len(path.failed)}")
    path.kill("after it was written")
    path.restart()

    # While a receiver reads it, and the moment it has answered: the chat, then the mail server.
    for receiver, name in ((chat, "chat"), (mailbox, "mail server")):
        for when in ("reading", "answered"):
            step = f"{name}: {when}"
            killer(path, step, receiver, when)
            path.fail()
            until(lambda step=step: path.at_the_kill.get(step), PATIENCE_SECONDS, f"killed ({step})")
            daemon.kill()
            receiver.before = receiver.after = lambda number: None
            path.restart()

    # After it was ticked off.
    before = path.ticked_off()
    path.fail()
    path.waits_for("both are ticked off", f"select 1 where ({TICKED_OFF}) = {before + 2}")
    path.kill("after it was ticked off")

    # Both are down for a while, in which the daemon is killed once more.
    for receiver in receivers:
        receiver.status = 503
    daemon.start()
    path.fail()
    path.waits_for("both were tried", "select 1 where (select count(*) from targets where failures > 0) = 2")
    path.kill("while both were down")
    for receiver in receivers:
        receiver.status = 200
    path.restart()
    time.sleep(2 * TICK_SECONDS + 5)  # two more looks: nothing comes again

    for name, receiver in (("chat", chat), ("mail server", mailbox)):
        keys = [told.key for told in receiver.came]
        lost = [failed for failed in path.failed if not any(failed in title for title in receiver.titles)]
        twice = [failed for failed in path.failed if sum(failed in title for title in receiver.titles) > 1]
        print(
            f"{name}: {len(path.failed) + 1} incidents; received {len(keys)}, distinct {len(set(keys))},"
            f" shown {len(receiver.shown)}, lost {len(lost)}, shown twice {len(twice)}"
        )
        assert (lost, twice) == ([], [])
        assert len(receiver.shown) == len(set(receiver.shown))
        assert sum("step published" in title for title in receiver.titles) == 1
        assert len(keys) > len(set(keys)), "no kill made a repetition: the test has killed too late"
    print(
        "; ".join(f"{step}: {came} had come, {ticked} ticked off" for step, (came, ticked) in path.at_the_kill.items())
    )
