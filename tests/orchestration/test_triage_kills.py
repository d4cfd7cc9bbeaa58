"""The queue while others write: a run that is killed anywhere, and people who decide while it is told."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from triages import decided, history, mismatch, observe, states
from warehouses import make_warehouse, rows

from orchestration.publishing.publication import publish

MONDAY = datetime(2025, 3, 3, 9)
PEOPLE = 1000
PUBLISHES = """
import sys
from datetime import datetime
from pathlib import Path
from orchestration.publishing.publication import publish
data = Path(sys.argv[1])
print("begun", flush=True)
publish(data / "warehouse.duckdb", data, datetime.fromisoformat(sys.argv[2]))
"""


def killed(data: Path, moment: datetime, at: str) -> None:
    """Publish in a process of its own and kill it as soon as this is there and not empty."""
    words = [sys.executable, "-c", PUBLISHES, str(data), moment.replace(tzinfo=UTC).isoformat()]
    root, path = Path(__file__).resolve().parents[2], data / at
    with subprocess.Popen(words, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        while not (path.exists() and path.stat().st_size) and process.poll() is None:
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=60) == -signal.SIGKILL


def queued(data: Path) -> set[str]:
    """Who is open; the queue is whole, and each row is in the state that its history ends with."""
    with sqlite3.connect(data / "triage.sqlite") as queue:
        assert queue.execute("pragma integrity_check").fetchone() == ("ok",)
        last = "select max(number) from changes group by fingerprint"
        ends = f"select fingerprint, state from changes where number in ({last})"
        assert queue.execute(f"{ends} except select fingerprint, state from incidents").fetchall() == []
        found = {person for (person,) in queue.execute("select person_id from incidents where state = 'new'")}
    queue.close()
    return found


def test_f2_wherever_a_publication_is_killed_the_queue_is_whole_and_the_next_one_says_what_it_would_have(tmp_path):
    """F2: before the queue hears, while it hears, and after it has heard but before the file is renamed."""
    warehouse = tmp_path / "warehouse.duckdb"
    everybody = {f"p{number}" for number in range(PEOPLE)}
    half = {f"p{number}" for number in range(PEOPLE // 2)}
    file = publish(make_warehouse(warehouse, mismatches=PEOPLE), tmp_path, MONDAY.replace(tzinfo=UTC)).file
    make_warehouse(warehouse, mismatches=PEOPLE // 2)
    for hours, (at, words) in enumerate(
        [
            ("published/onefunnel.duckdb.new", [everybody, half]),
            ("triage.sqlite-wal", [everybody, half]),
            ("published/parquet.new", [half]),
        ]
    ):
        killed(tmp_path, MONDAY + timedelta(hours=hours + 1), at)
        assert queued(tmp_path) in words, at
        assert rows(file, "select state, count(*) from mismatch_incidents group by all") == [("new", PEOPLE)]
    publish(warehouse, tmp_path, (MONDAY + timedelta(days=1)).replace(tzinfo=UTC))
    told = dict(rows(file, "select state, count(*) from mismatch_incidents group by all"))
    assert told == {"new": PEOPLE // 2, "resolved": PEOPLE // 2}


def test_who_decides_while_a_run_tells_the_queue_waits_a_moment_and_nothing_of_either_is_lost(tmp_path):
    crowd = [mismatch(f"p{number}") for number in range(PEOPLE)]
    chosen, stop, done = crowd[:40], threading.Event(), []
    observe(tmp_path, MONDAY, crowd)

    def decides():
        for one in chosen:
            done.append(decided(tmp_path, MONDAY, "acknowledged", one))
        stop.set()

    person, runs = threading.Thread(target=decides), 0
    person.start()
    while not stop.is_set() or runs < 3:
        runs += 1
        found = observe(tmp_path, MONDAY + timedelta(hours=runs), crowd)
    person.join(timeout=60)
    found = observe(tmp_path, MONDAY + timedelta(days=9), crowd)
    assert done == [1] * 40
    assert {name for name, state in states(found).items() if state == "acknowledged"} == {
        one["person_id"] for one in chosen
    }
    by_key = {row["person_id"]: row["fingerprint"] for row in found}
    assert all(history(tmp_path, by_key[one["person_id"]])[-1][1] == "acknowledged" for one in chosen)


DECIDES = """
import sqlite3, sys
from datetime import datetime
from pathlib import Path
from orchestration.triage.decisions import Decision, Seen, decide
data = Path(sys.argv[1])
with sqlite3.connect(data / "triage.sqlite") as queue:
    everybody = [Seen(key, "x", "low") for key, in queue.execute("select fingerprint from incidents")]
queue.close()
print("begun", flush=True)
for number in range(1000):
    decide(data, Decision(["acknowledged", "new"][number % 2], "ada", datetime(2025, 3, 4)), everybody)
"""


def test_a_decision_that_is_killed_is_made_about_all_of_them_or_about_none(tmp_path):
    observe(tmp_path, MONDAY, [mismatch(f"p{number}") for number in range(PEOPLE)])
    for after in (0.05, 0.2, 0.4):
        words = [sys.executable, "-c", DECIDES, str(tmp_path)]
        root = Path(__file__).resolve().parents[2]
        with subprocess.Popen(words, cwd=root, stdout=subprocess.PIPE, text=True) as process:
            process.stdout.readline()
            time.sleep(after)
            process.send_signal(signal.SIGKILL)
        assert len(queued(tmp_path)) in (0, PEOPLE)
