"""F2: the pipeline is killed in each of its steps, run after run; the next gives what an uninterrupted run gives."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import duckdb

from tests.flow.conftest import TIMES_OF_THE_RUN
from tests.orchestration.gate_actors import opens

ONEFUNNEL = Path(sys.executable).with_name("onefunnel")
TIMES = {*TIMES_OF_THE_RUN, "restated_at"}
DEALS = "select * replace (coalesce(try_cast(Amount as double) * 2, 100)::varchar as Amount)"


def started(line) -> subprocess.Popen:
    """`onefunnel run` in a process of its own."""
    told = {"DATA": line.data, "SOURCES": line.sources, "AGREEMENT": line.agreement}
    environment = os.environ | {f"ONEFUNNEL_{name}": str(value) for name, value in told.items()}
    return subprocess.Popen([ONEFUNNEL, "run"], env=environment, stdout=subprocess.PIPE, text=True)


def steps(line) -> list[tuple[str, float]]:
    """An uninterrupted run: each step that it tells of, and the seconds that it took."""
    process = started(line)
    told = [said.split() for said in process.stdout if said.startswith("✓")]
    assert process.wait() in (0, 3), told
    return [(" ".join(words[1:-2]), float(words[-2])) for words in told]


def killed(line, before: str | None, seconds: float) -> None:
    """A run that is killed so many seconds after it has told of a step, or of nothing yet."""
    process = started(line)
    for said in process.stdout:
        if (before or "OneFunnel:") in said:
            break
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    process.wait()


def moments(told: list[tuple[str, float]]) -> list[tuple[str, str | None, float]]:
    """When to kill: in the middle of each step, of the checks in the first, middle and last, of models four times."""
    checks = [name for name, _ in told if name.startswith("Checking")]
    chosen = {checks[0], checks[len(checks) // 2], checks[-1]}
    before = [None, *(name for name, _ in told)]
    return [
        (name, before[number], seconds * share)
        for number, (name, seconds) in enumerate(told)
        if name in chosen or not name.startswith("Checking")
        for share in ((0.2, 0.4, 0.6, 0.8) if name == "Building the marts" else (0.5,))
    ]


def changed(exports: Path) -> None:
    """Every deal is worth twice as much."""
    file = exports / "salesforce" / "Opportunity.csv"
    rows = duckdb.sql(f"{DEALS} from read_csv('{file}', all_varchar = true, header = true)")
    rows.write_csv(str(file) + ".new", header=True)
    file.with_suffix(".csv.new").replace(file)


def look_on(file: Path, looks: Counter, over: threading.Event) -> None:
    """Open a published file again and again."""
    while not over.wait(0.05):
        looks[opens(file)] += 1


def test_f2_a_run_that_is_killed_in_any_of_its_steps_is_made_good_by_the_next(company, own_copy, line):
    exports = own_copy(company(300, 8, {"conflict": 0.1}))
    whole, interrupted = line(exports / "sources.yml"), line(exports / "sources.yml")
    steps(whole)
    steps(interrupted)
    before = interrupted.tables(without=TIMES)
    changed(exports)
    told = steps(whole)
    after = whole.tables(without=TIMES)
    assert before["opportunities"] != after["opportunities"]

    looks, over = Counter(), threading.Event()
    reader = threading.Thread(
        target=lambda: [looks.update([opens(interrupted.published)]) for _ in iter(over.is_set, True)]
    )
    reader.start()
    kills = Counter()
    for step, last, seconds in moments(told):
        killed(interrupted, last, seconds)
        found = interrupted.tables(without=TIMES)
        kills[f"{step}: {'old' if found['opportunities'] == before['opportunities'] else 'new'}"] += 1
        assert found["opportunities"] in (before["opportunities"], after["opportunities"]), step
    steps(interrupted)
    over.set()
    reader.join()
    print(f"{kills.total()} kills, {looks['opens']} times read, {looks.total() - looks['opens']} times in vain")
    print("\n".join(kills))
    assert set(looks) == {"opens"}
    found = interrupted.tables(without=TIMES)
    assert len(after) > 10
    assert {name: found[name] for name in after} == after
