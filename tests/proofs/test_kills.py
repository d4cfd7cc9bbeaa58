"""F2: the pipeline is killed at three of its steps; the rerun gives what an uninterrupted run gives."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb

ONEFUNNEL = Path(sys.executable).with_name("onefunnel")
STEPS = ["Reading the agreement", "Building the marts", "Building the reports"]


def killed_after(step: str, line) -> str:
    """Run the line in a process of its own and kill it, as the kernel would, once it has said this."""
    environment = os.environ | {"ONEFUNNEL_DATA": str(line.data), "ONEFUNNEL_SOURCES": str(line.sources)}
    environment["ONEFUNNEL_AGREEMENT"] = str(line.agreement)
    process = subprocess.Popen([ONEFUNNEL, "run"], env=environment, stdout=subprocess.PIPE, text=True)
    said = ""
    for text in process.stdout:
        said += text
        if step in text:
            process.send_signal(signal.SIGKILL)
            break
    process.stdout.close()
    assert process.wait(timeout=60) == -signal.SIGKILL, said
    return said


def test_f2_a_run_that_is_killed_while_it_loads_builds_or_publishes_is_made_good_by_the_next(company, line):
    exports = company(300, 8, {"conflict": 0.1})
    killed, whole = line(exports / "sources.yml"), line(exports / "sources.yml")
    killed.data.mkdir(parents=True)
    for step in STEPS:
        assert step in killed_after(step, killed)
        if killed.published.exists():
            duckdb.connect(str(killed.published), read_only=True).close()
    assert killed.run() in (0, 3), killed.said
    whole.build()
    expected = whole.tables()
    found = killed.tables()
    assert len(expected) > 10
    assert {name: found[name] for name in expected if name != "person_details"} == {
        name: rows for name, rows in expected.items() if name != "person_details"
    }
