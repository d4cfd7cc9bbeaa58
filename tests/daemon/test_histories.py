"""Random histories under the real daemon, each judged by a model of what may be published, while somebody reads."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time

import dagster as dg
import duckdb
import pytest

from tests.daemon.dagster_dev import REPOSITORY, SENSORS, until
from tests.daemon.reader import contents
from tests.flow.test_held_broken_mended import bytes_of

HISTORIES = int(os.environ.get("ONEFUNNEL_HISTORIES", "20"))
SEED = int(os.environ.get("ONEFUNNEL_HISTORIES_SEED", "1"))
WHOLE_TREE_KILLED = 6  # every so many histories: a dead run is known to be dead only after two minutes
SPOILED = {  # what breaks a check of severity error, as a bad build would
    "opportunities": "update marts.opportunities set created_at = '2099-01-01'",
    "stage_history": "update marts.stage_history set entered_at = '2099-01-01', left_at = null",
    "stage_mismatches": "update marts.stage_mismatches set map_stage = crm_stage, cause = 'conflict'",
}
READ_BY = {"opportunities": ["stage_history"]}  # whose tests read a mart that was built anew, and must run again
STARTED = re.compile(r"Started process for run \(pid: (\d+)\)")
OTHER_DATA = """
    update marts.opportunities set amount = coalesce(amount, 0) + 1;
    update marts.accounts set won_amount = coalesce(won_amount, 0) + 1;
    update reports.funnel_by_month set reached = reached + 1;
    update reports.handoffs set cycle = cycle + 1;
"""  # of a whole build, where a whole build would take minutes: in several marts and in both reports
REPORTS = ("funnel", "handoffs")
HELD_TABLES = {"funnel": ("funnel_by_month", "conversion_rates"), "handoffs": ("handoffs",)}


class History:
    """The line under the daemon, what happens to it, and the model: which contents may be published now."""

    def __init__(self, line, daemon, reading, seed):
        self.line, self.daemon, self.reading, self.random = line, daemon, reading, random.Random(seed)
        self.defects, self.held, self.said, self.kills = set(), set(), [], 0

    # What happens.

    def spoil(self):
        """A mart is built in a way that fails an error expectation, and audited."""
        mart = self.random.choice(sorted(SPOILED))
        self._write(SPOILED[mart])
        self.daemon.check(mart)
        self.defects.add(mart)
        self.said.append(f"{mart} fails")

    def lose(self):
        """A mart is gone when it is to be audited: its checks cannot run."""
        mart = self.random.choice(sorted(SPOILED))
        self._write(f"drop table if exists marts.{mart}")
        self.daemon.check(mart)
        self.defects.add(mart)
        self.said.append(f"{mart} could not be checked")

    def rebuild(self):
        """A mart that is not good is built and checked again."""
        mart = self.random.choice(sorted(self.defects or SPOILED))
        assert self.daemon.run(mart) == dg.DagsterRunStatus.SUCCESS
        self._look_again(mart)
        self.said.append(f"{mart} rebuilt")

    def dispute(self):
        """The data is of another moment, and a report is judged to hang on disputed people, or no longer."""
        report = self.random.choice(REPORTS)
        self.held ^= {report}
        self._write(
            f"{OTHER_DATA} update intermediate.int_reports_judged"
            f" set is_held = {report in self.held}, reason = 'disputed' where report = '{report}'"
        )
        self.said.append(f"{report} {'held' if report in self.held else 'released'}")

    def publish(self):
        """Somebody clicks `published`."""
        expected = self._expected()
        before = bytes_of(self.line.published)
        status = self.daemon.run("published")
        assert (status == dg.DagsterRunStatus.SUCCESS) == (not self.defects), (self.said, status)
        assert self.defects == set() or bytes_of(self.line.published) == before, self.said
        self.said.append("published" if not self.defects else "refused")
        self._judge(expected)

    def publish_killed(self):
        """The process of the publishing run is killed at any moment; the run is asked for again by itself."""
        expected = self._expected()
        before = bytes_of(self.line.published)
        self._kill_run(self.daemon.materialize("published"))
        runs = self.daemon.quiet(12)
        assert (runs[-1].status == dg.DagsterRunStatus.SUCCESS) == (not self.defects), (self.said, runs[-1].status)
        assert self.defects == set() or bytes_of(self.line.published) == before, self.said
        self.said.append(f"killed while publishing, then {'published' if not self.defects else 'refused'}")
        self._judge(expected)

    def rebuild_killed(self):
        """The process that rebuilds a mart is killed at any moment, and its build asked for again by itself."""
        mart = self.random.choice(sorted(self.defects or SPOILED))
        self._kill_run(self.daemon.materialize(mart))
        assert self.daemon.quiet(12)[-1].status == dg.DagsterRunStatus.SUCCESS, self.said
        self._look_again(mart)
        self.said.append(f"killed while rebuilding {mart}, then rebuilt")

    def everything_killed(self):
        """kill -9 of the daemon, its page, its code server and the run that publishes; all of it is started again."""
        expected = self._expected()
        self.daemon.materialize("published")
        time.sleep(self.random.uniform(0, 12))
        self.daemon.kill()
        self.kills += 1
        duckdb.connect(str(self.line.published), read_only=True).close()
        self.daemon.start()
        until(lambda: not self._is_going_on(), 400, "what was killed has come to its end")
        self.daemon.quiet(12)
        self.said.append("everything killed and started again")
        self._judge(expected)

    # What may be published.

    def _expected(self) -> dict | None:
        """What a publication would hold now; nothing where none may happen."""
        if self.defects:
            return None
        with duckdb.connect(str(self.line.published), read_only=True) as connection:
            (database,) = connection.execute("select current_database()").fetchone()
            before = contents(connection, database, ("main",))
        with duckdb.connect(str(self.line.warehouse), read_only=True) as connection:
            fresh = contents(connection, "warehouse", ("marts", "reports"))
        stays = {table for report in self.held for table in HELD_TABLES[report]}
        return {table: before[table] if table in stays else value for table, value in fresh.items()}

    def _judge(self, expected: dict | None) -> None:
        """What can be read now is what the model says."""
        with duckdb.connect(str(self.line.published), read_only=True) as connection:
            (database,) = connection.execute("select current_database()").fetchone()
            found = contents(connection, database, ("main",))
            reports = connection.execute("select report from report_status where status = 'held'").fetchall()
        if expected is not None:
            private = {"person_details"}
            assert {table: found.get(table) for table in expected.keys() - private} == {
                table: value for table, value in expected.items() if table not in private
            }, self.said
            assert {report for (report,) in reports} == self.held, self.said
            self.reading.may_be_read.append(found)

    # By which means.

    def _look_again(self, mart: str) -> None:
        if mart in READ_BY:
            self.daemon.check(*READ_BY[mart])
        self.defects.discard(mart)

    def _write(self, statement: str) -> None:
        with duckdb.connect(str(self.line.warehouse)) as connection:
            connection.execute(statement)

    def _is_going_on(self) -> bool:
        with self.daemon.instance() as instance:
            return any(not run.is_finished for run in instance.get_runs())

    def _kill_run(self, run_id: str) -> None:
        """kill -9 of the process of one run, at a moment between its start and its end."""
        pid = []

        def is_running(instance):
            pid[:] = [
                int(found[1])
                for event in instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
                if (found := STARTED.match(event.dagster_event.message or ""))
            ]
            return bool(pid)

        with self.daemon.instance() as instance:
            until(lambda: is_running(instance), 120, "the run has a process")
        time.sleep(self.random.uniform(0, 14))
        assert pid[0] not in (0, 1, os.getpid())
        if pid[0] in self.daemon.processes():
            os.kill(pid[0], signal.SIGKILL)
            self.kills += 1


class Reading:
    """The reader beside the daemon, in a process of its own, and what it may have seen."""

    def __init__(self, line, out):
        self.out, self.may_be_read = out, []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.daemon.reader", str(line.published), str(out)], cwd=REPOSITORY
        )

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_) -> None:
        self.out.with_suffix(".stop").touch()
        self.process.wait(timeout=60)

    def verdict(self) -> dict[str, list]:
        """What was seen that must not be seen; every look so far."""
        seen = [json.loads(text) for text in self.out.read_text().splitlines()]
        return {
            "unreadable": [one for one in seen if "unreadable" in one],
            "not allowed": [one for one in seen if "tables" in one and one["tables"] not in self.may_be_read],
            "of two moments": [one for one in seen if one.get("strays")],
        }

    def looks(self) -> tuple[int, int]:
        """How often somebody read, and how many different files."""
        *seen, last = [json.loads(text) for text in self.out.read_text().splitlines()]
        return last["reads"], len(seen)


@pytest.fixture
def started(company, own_copy, connected, tmp_path):
    """A line that was published once by the daemon, which runs on with its sensors off."""
    exports = own_copy(company(150, 6, {"conflict": 0.1}))
    line, daemon = connected(exports)
    (exports / "sources.yml").rename(exports / "later.yml")
    daemon.start()
    daemon.switch(*SENSORS, on=False)
    (exports / "later.yml").rename(exports / "sources.yml")
    assert daemon.run() == dg.DagsterRunStatus.SUCCESS
    return line, daemon


def test_twenty_random_histories_publish_nothing_but_what_the_model_allows(started, tmp_path):
    line, daemon = started
    with duckdb.connect(str(line.warehouse), read_only=True) as connection:
        held = connection.execute("select report from intermediate.int_reports_judged where is_held").fetchall()
    kills = 0
    with Reading(line, tmp_path / "read.jsonl") as reading:
        for number in range(HISTORIES):
            history = History(line, daemon, reading, SEED * 1000 + number)
            history.held = {report for (report,) in held}
            if number == 0:
                history._judge(history._expected())
            began = time.time()
            happen = [
                history.random.choice(
                    [history.spoil, history.lose, history.dispute, history.rebuild, history.rebuild_killed]
                ),
                history.random.choice([history.publish, history.publish_killed]),
                history.random.choice([history.dispute, history.rebuild, history.spoil]),
                history.everything_killed if number % WHOLE_TREE_KILLED == 2 else history.publish_killed,
            ]
            for action in happen:
                action()
            while history.defects:
                history.rebuild()
            history.publish()
            held = [(report,) for report in history.held]
            kills += history.kills
            print(f"{number}: {'; '.join(history.said)} ({time.time() - began:.0f} s)", flush=True)
            assert not any(reading.verdict().values()), reading.verdict()
        runs = len(daemon.quiet(0))
    reads, files = reading.looks()
    print(f"{HISTORIES} histories, {runs} runs, {kills} kills, {reads} reads of {files} files; {reading.verdict()}")
    assert reads > 10 * HISTORIES and files >= HISTORIES
    assert not any(reading.verdict().values())
