"""F18 and F28: other programs on the same files, no room, no memory: the old report stays, an error says what to do."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from warehouses import make_warehouse, rows

from ingest.settings import Settings
from ingest.warehouse import connect, prepare
from orchestration import dbt
from orchestration.publishing.failures import PublishingError
from orchestration.publishing.publication import publish
from orchestration.publishing.rollback import roll_back
from orchestration.turns import turn

MONDAY, TUESDAY = datetime(2025, 3, 3, 9, tzinfo=UTC), datetime(2025, 3, 4, 9, tzinfo=UTC)
ONEFUNNEL = Path(sys.executable).with_name("onefunnel")
HOLDER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
for line in sys.stdin:
    try:
        print(connection.execute(line).fetchall(), flush=True)
    except duckdb.Error as error:
        print(str(error).splitlines()[0], flush=True)
"""
LIMITED = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from orchestration.publishing.publication import PublishingError, publish
from orchestration.publishing.rollback import roll_back
data = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    if sys.argv[2] == "rollback":
        roll_back(data)
    else:
        publish(data / "warehouse.duckdb", data, datetime(2025, 3, 5, 9, tzinfo=UTC))
except PublishingError as error:
    print(error)
"""


class Bi:
    """A BI tool that has a file open: bi("a query") → what it answers."""

    def __init__(self, file: Path, mode: str):
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(file), mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self("select 1") == "[(1,)]"

    def __call__(self, query: str) -> str:
        self.process.stdin.write(query + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate("")


@pytest.fixture
def data(tmp_path):
    """A data dir with publications of Monday, which counts 10, and of Tuesday, which counts 20."""
    publish(make_warehouse(tmp_path / "warehouse.duckdb", reached=10), tmp_path, MONDAY)
    publish(make_warehouse(tmp_path / "warehouse.duckdb", reached=20), tmp_path, TUESDAY)
    return tmp_path


def published(data: Path) -> Path:
    return data / "published" / "onefunnel.duckdb"


def digest(data: Path) -> str:
    return hashlib.sha256(published(data).read_bytes()).hexdigest()


def reached(data: Path) -> int:
    return rows(published(data), "select reached from funnel_by_month")[0][0]


def grown(data: Path) -> None:
    """So many people in the warehouse that limits are met."""
    with duckdb.connect(str(data / "warehouse.duckdb")) as connection:
        connection.execute(
            "create or replace table marts.people as select 'p' || i as person_id from range(300000) t(i)"
        )


def leftovers(data: Path) -> list[str]:
    return [path.name for path in (data / "published").iterdir() if ".new" in path.name]


def opened_to_write(data: Path) -> Bi:
    """As only root, or who means to, can open it: the file is read-only."""
    published(data).chmod(0o644)
    return Bi(published(data), "write")


@pytest.mark.parametrize("mode", ["read", "write"])
def test_f18_who_has_the_report_open_sees_the_old_one_to_the_end_and_stops_neither_a_publication_nor_a_rollback(
    data, mode
):
    published(data).chmod(0o644)
    with Bi(published(data), mode) as bi:
        publish(make_warehouse(data / "warehouse.duckdb", reached=30), data, TUESDAY)
        assert reached(data) == 30
        roll_back(data, 1)
        assert reached(data) == 10
        assert bi("select reached from funnel_by_month") == "[(20,)]"


def test_f18_who_has_the_old_report_open_to_write_cannot_write_into_the_new_one(data):
    """DuckDB keeps what was written in a log beside the file, by its name: the new file has the same."""
    with opened_to_write(data) as bi:
        publish(make_warehouse(data / "warehouse.duckdb", reached=30), data, TUESDAY)
        after = digest(data)
        assert "Cannot open file" in bi("create table unaudited as select 1 as x")
        assert not rows(published(data), "select 1 from duckdb_tables() where table_name = 'unaudited'")
    assert digest(data) == after


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write whatever the file says")
def test_f18_who_opens_the_report_to_write_is_refused_and_locks_nobody_out(data):
    with pytest.raises(duckdb.IOException, match="Permission denied"):
        duckdb.connect(str(published(data)))


def test_f18_a_report_that_somebody_holds_to_write_still_tells_the_pipeline_what_it_is(data):
    with opened_to_write(data):
        publish(make_warehouse(data / "warehouse.duckdb", reached=30, held=True, reason="mql"), data, TUESDAY)
    assert reached(data) == 20


@pytest.mark.parametrize("what", ["publication", "rollback"])
def test_f18_no_room_says_so_and_leaves_every_byte(data, what):
    """F18, the limit of a file's size standing in for a full disk."""
    grown(data)
    if what == "rollback":
        publish(data / "warehouse.duckdb", data, TUESDAY)
        publish(make_warehouse(data / "warehouse.duckdb", reached=20), data, TUESDAY)
    before = digest(data)
    said = subprocess.run([sys.executable, "-c", LIMITED, str(data), what], capture_output=True, text=True, check=True)
    assert "no room left to write" in said.stdout and "What was published before still stands" in said.stdout
    assert (digest(data), leftovers(data)) == (before, [])


def test_f18_too_little_memory_says_what_to_do_and_leaves_every_byte(data):
    grown(data)
    before = digest(data)
    with pytest.raises(PublishingError, match=r"too little memory(.|\n)*ONEFUNNEL_MEMORY_LIMIT(.|\n)*still stands"):
        publish(data / "warehouse.duckdb", data, TUESDAY, memory_limit="2MB")
    assert (digest(data), leftovers(data)) == (before, [])
    publish(data / "warehouse.duckdb", data, TUESDAY)
    assert rows(published(data), "select count(*) from people") == [(300_000,)]


def test_f18_a_folder_of_kept_publications_that_cannot_be_written_says_so_and_leaves_every_byte(data):
    before = digest(data)
    publications = data / "publications"
    publications.rename(data / "elsewhere")
    publications.symlink_to("/sys/kernel" if os.geteuid() == 0 else data / "locked")  # where not even root may write
    (data / "locked").mkdir(mode=0o500)
    with pytest.raises(PublishingError, match=r"cannot be written: .*What was published before still stands"):
        publish(data / "warehouse.duckdb", data, TUESDAY)
    assert digest(data) == before


def test_f18_a_build_that_gets_too_little_memory_says_what_to_do(data_dir):
    with connect(Settings()) as connection:
        prepare(connection)
        connection.execute(
            "insert into raw_published.builds"
            " select 'people', md5(i::varchar), now()::timestamp from range(2_000_000) t(i)"
        )
    target = dbt.workplace(data_dir, "alone")
    environment = os.environ | {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    environment |= {"ONEFUNNEL_MEMORY_LIMIT": "20MB", "DBT_PROFILES_DIR": str(dbt.PROJECT.profiles_dir)}
    done = subprocess.run(
        [dbt.EXECUTABLE, "--quiet", "build", "--select", "stg_published__builds"],
        cwd=dbt.PROJECT.project_dir,
        env=environment,
        capture_output=True,
    )
    assert done.returncode == 1, done
    (said,) = dbt.failures(dbt.run_results(target)).values()
    assert "Out of Memory" in said and "ONEFUNNEL_MEMORY_LIMIT" in said


def test_f28_a_second_run_and_a_rollback_say_who_holds_the_data_dir_and_go_on_when_he_is_gone(data, tmp_path):
    """Two real pipelines; the first is stopped while it has the data dir, and then killed."""
    environment = os.environ | {"ONEFUNNEL_DATA": str(data), "ONEFUNNEL_SOURCES": str(tmp_path / "sources.yml")}
    environment |= {"ONEFUNNEL_LOCK_WAIT_SECONDS": "1"}
    before = digest(data)
    with subprocess.Popen([ONEFUNNEL, "run"], env=environment, stdout=subprocess.DEVNULL) as first:
        while first.poll() is None and not holds(data, first.pid):
            time.sleep(0.01)
        first.send_signal(signal.SIGSTOP)
        try:
            for words in (["run"], ["rollback"]):
                second = subprocess.run([ONEFUNNEL, *words], env=environment, capture_output=True, text=True)
                assert second.returncode == 1 and f"process {first.pid}" in second.stdout, second.stdout
                assert digest(data) == before
        finally:
            first.kill()
    with turn(data, 0):
        roll_back(data)
    assert reached(data) == 10


def holds(data: Path, pid: int) -> bool:
    """Whether this process has the data dir right now."""
    try:
        return json.loads((data / "run.lock").read_text())["pid"] == pid
    except (OSError, ValueError):
        return False
