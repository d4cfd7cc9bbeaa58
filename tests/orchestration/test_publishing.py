import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from warehouses import make_warehouse, rows

from orchestration.publishing.publication import PublishingError, publish

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
TUESDAY = datetime(2025, 3, 4, 9, tzinfo=UTC)
WEDNESDAY = datetime(2025, 3, 5, 9, tzinfo=UTC)
PUBLIC = "select table_name from duckdb_tables() where schema_name = 'main' order by all"
STATUS = "select status, published_at::varchar, held_since::varchar, reason, data_as_of::varchar from report_status"


@pytest.fixture
def data(tmp_path):
    return tmp_path


def published(data: Path, moment=MONDAY, **warehouse):
    return publish(make_warehouse(data / "warehouse.duckdb", **warehouse), data, moment).file


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def visible(data: Path) -> set[str]:
    return {path.name for path in (data / "published").iterdir() if not path.name.startswith(".")}


def test_all_public_tables_and_nothing_else_leave_the_house(data):
    tables = rows(published(data), PUBLIC)
    assert [table for (table,) in tables] == [
        "conversion_rates",
        "funnel_by_month",
        "mismatch_incidents",
        "people",
        "person_id_changes",
        "report_status",
        "stage_mismatches",
    ]


def test_personal_data_is_published_only_when_asked_for(data):
    make_warehouse(data / "warehouse.duckdb")
    file = publish(data / "warehouse.duckdb", data, MONDAY, personal_data=True).file
    assert rows(file, "select email from person_details") == [("a@b.example",)]


def test_a_fresh_report_says_when_it_was_published_and_how_old_its_data_is(data):
    assert rows(published(data), STATUS) == [("fresh", "2025-03-03 09:00:00", None, None, "2025-03-01 08:00:00")]


def test_a_held_report_keeps_its_last_tables_while_the_others_are_renewed(data):
    published(data, reached=10, mismatches=1)
    file = published(
        data, TUESDAY, held=True, reason="mql 2025-02", reached=99, mismatches=7, as_of="2025-03-02 08:00:00"
    )
    assert rows(file, "select reached from funnel_by_month") == [(10,)]
    assert rows(file, "select count(*) from stage_mismatches") == [(7,)]
    assert rows(file, STATUS) == [
        ("held", "2025-03-03 09:00:00", "2025-03-04 09:00:00", "mql 2025-02", "2025-03-01 08:00:00")
    ]


def test_held_since_is_the_first_of_several_runs_and_ends_when_the_data_is_mended(data):
    published(data)
    published(data, TUESDAY, held=True, reason="first")
    file = published(data, WEDNESDAY, held=True, reason="second", reached=98)
    assert rows(file, "select held_since::varchar, reason, published_at::varchar from report_status") == [
        ("2025-03-04 09:00:00", "second", "2025-03-03 09:00:00")
    ]
    file = published(data, WEDNESDAY, reached=97)
    assert rows(file, "select status, held_since, reason from report_status") == [("fresh", None, None)]
    assert rows(file, "select reached from funnel_by_month") == [(97,)]


def test_a_report_that_was_held_from_the_start_has_empty_tables_with_the_right_columns(data):
    file = published(data, held=True, reason="mql")
    assert rows(file, "select count(*) from funnel_by_month") == [(0,)]
    assert [name for name, *_ in rows(file, "describe funnel_by_month")] == ["month", "stage", "reached"]
    assert rows(file, STATUS) == [("held", None, "2025-03-03 09:00:00", "mql", None)]


def test_a_carried_table_takes_todays_columns_by_name(data):
    published(data, reached=10)
    wider = "stage varchar, segment varchar, reached double, month date"
    file = published(data, TUESDAY, held=True, reason="mql", reached=99, funnel_columns=wider)
    assert rows(file, "select * from funnel_by_month") == [("mql", None, 10.0, datetime(2025, 2, 1).date())]


def test_a_report_that_nobody_could_judge_is_carried_over_and_says_so(data):
    published(data, reached=10)
    file = published(data, TUESDAY, held=None, reached=99)
    assert rows(file, "select status, reason from report_status") == [
        ("could_not_run", "The report could not be judged.")
    ]
    assert rows(file, "select reached from funnel_by_month") == [(10,)]


def test_a_table_that_the_agreement_lists_but_nobody_builds_is_named_in_the_reason(data):
    file = published(data, report_tables=("funnel_by_month", "handoffs"))
    assert rows(file, "select status, reason from report_status") == [
        ("fresh", "The agreement gives it handoffs, which does not exist.")
    ]


def test_two_publications_of_the_same_data_have_equal_rows_in_equal_order(data):
    first = published(data)
    tables = ["people", "stage_mismatches", "funnel_by_month", "conversion_rates"]
    before = [rows(first, f"from {table}") for table in tables]
    assert [rows(published(data, TUESDAY), f"from {table}") for table in tables] == before


def test_parquet_holds_the_same_rows_as_the_file(data):
    published(data)
    file = published(data, TUESDAY, mismatches=4)
    for (table,) in rows(file, PUBLIC):
        copy = duckdb.sql(f"from '{data}/published/parquet/{table}.parquet'").fetchall()
        assert copy == rows(file, f"from {table}"), table


def test_the_file_is_written_for_every_client_of_duckdb_1(data):
    header = published(data).read_bytes()[:64]
    assert header[8:12] == b"DUCK" and int.from_bytes(header[12:20], "little") == 64  # 64: storage of v0.9 to v1.1


def test_a_failure_while_building_leaves_every_byte_and_no_leftovers(data):
    file = published(data)
    before, seen = sha256(file), visible(data)
    warehouse = make_warehouse(data / "warehouse.duckdb", reached=99)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table marts.people")
        connection.execute("create view marts.people as select error('broken') as person_id")
    with pytest.raises(PublishingError, match=r"broken.*What was published before still stands"):
        publish(warehouse, data, TUESDAY)
    assert (sha256(file), visible(data)) == (before, seen)


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from orchestration.publishing import publication, tables
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
point, data = sys.argv[1], Path(sys.argv[2])
if point == "tables":
    tables._write_status = die
elif point == "file":
    publication.swap_file = die
else:
    publication.swap_parquet = die
publication.publish(data / "warehouse.duckdb", data, datetime(2025, 3, 4, 9, tzinfo=UTC))
"""


@pytest.mark.parametrize(("point", "reached"), [("tables", 10), ("file", 10), ("parquet", 99)])
def test_f2_a_kill_while_publishing_leaves_the_old_file_or_the_new_one(data, point, reached):
    """F2."""
    file = published(data, reached=10)
    make_warehouse(data / "warehouse.duckdb", reached=99)
    killed = subprocess.run([sys.executable, "-c", KILLED, point, str(data)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert rows(file, "select reached from funnel_by_month") == [(reached,)]
    assert duckdb.sql(f"select reached from '{data}/published/parquet/funnel_by_month.parquet'").fetchall() == [(10,)]
    file = publish(data / "warehouse.duckdb", data, WEDNESDAY).file
    assert rows(file, "select reached from funnel_by_month") == [(99,)]
    assert not [name for name in visible(data) if ".new" in name or ".old" in name]


LIMITED = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from orchestration.publishing.publication import PublishingError, publish
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
data = Path(sys.argv[1])
try:
    publish(data / "warehouse.duckdb", data, datetime(2025, 3, 4, 9, tzinfo=UTC))
except PublishingError as error:
    print(error)
"""


def test_f18_no_room_left_says_so_and_leaves_every_byte(data):
    """F18, the limit of a file's size standing in for a full disk."""
    file = published(data)
    before = sha256(file)
    warehouse = make_warehouse(data / "warehouse.duckdb", mismatches=300_000)
    said = subprocess.run([sys.executable, "-c", LIMITED, str(data)], capture_output=True, text=True, check=True)
    assert "no room left" in said.stdout and "still stands" in said.stdout, said
    assert sha256(file) == before and warehouse.exists()


def test_f18_a_folder_that_cannot_be_written_says_what_to_do(data):
    """F18."""
    make_warehouse(data / "warehouse.duckdb")
    if os.geteuid() == 0:
        (data / "published").symlink_to("/sys/kernel")  # root may write everywhere but here
    else:
        (data / "published").mkdir(mode=0o500)
    with pytest.raises(PublishingError, match="ONEFUNNEL_DATA"):
        publish(data / "warehouse.duckdb", data, MONDAY)


def test_f18_a_locked_warehouse_is_waited_for_and_then_named(data, monkeypatch):
    """F18."""
    warehouse = make_warehouse(data / "warehouse.duckdb")
    monkeypatch.setattr("orchestration.publishing.publication.LOCK_PATIENCE_SECONDS", 1)
    holder = f"import duckdb, sys; c = duckdb.connect({str(warehouse)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        with pytest.raises(PublishingError, match=rf"Another program (.|\n)*PID {process.pid}"):
            publish(warehouse, data, MONDAY)
        process.communicate("")
    publish(warehouse, data, MONDAY)


def test_a_reader_sees_whole_publications_only(data):
    """Every open of the file, and every read of the Parquet folder, finds one publication, never an error."""
    first, second = make_warehouse(data / "a" / "a.duckdb", reached=1, mismatches=1), None
    second = make_warehouse(data / "b" / "b.duckdb", reached=2, mismatches=2)
    publish(first, data, MONDAY)
    stop, seen = threading.Event(), []
    reader = (
        "import duckdb, sys\n"
        "for line in sys.stdin:\n"
        f"    with duckdb.connect({str(data / 'published' / 'onefunnel.duckdb')!r}, read_only=True) as c:\n"
        "        print(c.execute('select (select max(reached) from funnel_by_month),"
        " (select count(*) from stage_mismatches)').fetchone(), flush=True)\n"
    )

    def poll():
        with subprocess.Popen(
            [sys.executable, "-c", reader], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            while not stop.is_set():
                process.stdin.write("\n")
                process.stdin.flush()
                seen.append(process.stdout.readline().strip())
            process.stdin.close()

    thread = threading.Thread(target=poll)
    thread.start()
    for number in range(10):
        publish(second if number % 2 == 0 else first, data, TUESDAY)
    stop.set()
    thread.join()
    assert set(seen) == {"(1, 1)", "(2, 2)"}


def test_f18_a_bi_tool_that_holds_the_old_file_open_does_not_stop_a_held_publication(data):
    """F18."""
    file = published(data, reached=10)
    holder = f"import duckdb, sys; c = duckdb.connect({str(file)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        published(data, TUESDAY, held=True, reason="mql", reached=99)
        process.communicate("")
    assert rows(file, "select reached from funnel_by_month") == [(10,)]


def test_the_previous_parquet_folder_stays_for_those_who_are_reading_it(data):
    published(data)
    reading = (data / "published" / "parquet").resolve()
    published(data, TUESDAY)
    assert (reading / "people.parquet").exists()
    published(data, WEDNESDAY)
    assert not reading.exists()


def test_a_lost_published_file_is_published_anew(data):
    published(data)
    shutil.rmtree(data / "published")
    assert published(data, TUESDAY).exists()
