"""The warehouse file: one writer, who waits for the other with a limit; a layout that may be older, newer or none."""

import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import duckdb
import pytest

from ingest import layout, warehouse
from ingest.settings import Settings
from ingest.warehouse import WarehouseError, WarehouseLocked

HOLD = """
import duckdb, sys, time
con = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def hold():
    """Start another process that holds the warehouse for some seconds."""
    started = []

    def hold(settings: Settings, seconds: float) -> subprocess.Popen:
        settings.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-c", HOLD, str(settings.warehouse), str(seconds)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def test_f28_a_second_pipeline_waits_until_the_first_is_done(tmp_path, hold):
    settings = Settings(data=tmp_path / "data", lock_wait_seconds=20)
    hold(settings, 1)
    with warehouse.connect(settings) as con:
        assert con.execute("select 1").fetchone() == (1,)


def test_f18_after_its_limit_it_says_who_holds_the_warehouse_and_what_to_do(tmp_path, hold):
    settings = Settings(data=tmp_path / "data", lock_wait_seconds=0.5)
    holder, started = hold(settings, 60), time.monotonic()
    with pytest.raises(WarehouseLocked, match=rf"held by process {holder.pid} .*wait for that run, or end it"):
        warehouse.connect(settings)
    assert time.monotonic() - started < 10


def test_f18_a_data_dir_that_cannot_be_written_is_said_to_be_so(tmp_path):
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(WarehouseError, match=r"cannot be written .*ONEFUNNEL_DATA"):
        warehouse.connect(Settings(data=tmp_path / "data"))


def test_a_file_that_is_no_warehouse_is_refused_and_left_as_it_is(tmp_path):
    file = Path(tmp_path / "warehouse.duckdb")
    file.write_bytes(b"something else" * 1000)
    with pytest.raises(WarehouseError, match="cannot open it"):
        warehouse.connect(Settings(data=tmp_path))
    assert file.read_bytes() == b"something else" * 1000


def test_a_connection_tells_the_time_in_utc(tmp_path):
    with warehouse.connect(Settings(data=tmp_path)) as con:
        assert con.execute("select timestamptz '2024-07-01 12:00:00+02'::varchar").fetchone() == (
            "2024-07-01 10:00:00+00",
        )


def test_preparing_twice_keeps_what_is_there(tmp_path):
    with warehouse.connect(Settings(data=tmp_path)) as con:
        warehouse.prepare(con)
        con.execute("insert into raw_files.users (system, user_id) values ('crm', '1')")
        warehouse.prepare(con)
        assert con.execute("select user_id from raw_files.users").fetchall() == [("1",)]


def test_a_fixed_clock_is_utc_whatever_its_zone():
    for now in ("2025-01-01T12:00:00", "2025-01-01T12:00:00Z", "2025-01-01T13:00:00+01:00"):
        assert Settings(now=now).clock().isoformat() == "2025-01-01T12:00:00+00:00"


@pytest.fixture
def old(tmp_path) -> Settings:
    """A warehouse from before layouts were counted: one table lacks two of today's columns, most do not exist."""
    settings = Settings(data=tmp_path / "data")
    settings.data.mkdir()
    with duckdb.connect(str(settings.warehouse)) as con:
        con.execute("create schema raw_sources; create schema raw_files; create schema evidence")
        con.execute("create table raw_sources.systems (system varchar, kind varchar, role varchar)")
        con.execute("insert into raw_sources.systems select 'crm' || i, 'files', 'crm' from range(1000) t(i)")
        con.execute("create table evidence.builds (id varchar primary key)")
    return settings


def seen(settings: Settings, query: str) -> list[tuple]:
    """What the file says, without bringing it up to date."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        return con.execute(query).fetchall()


COLUMNS = (
    "select column_name, data_type from duckdb_columns() where schema_name = 'raw_sources' and table_name = 'systems'"
)


def test_f29_a_warehouse_of_an_earlier_release_gets_what_it_lacks_and_keeps_what_it_has(old):
    warehouse.connect(old).close()
    assert seen(old, f"{COLUMNS} order by column_index") == [
        ("system", "VARCHAR"),
        ("kind", "VARCHAR"),
        ("role", "VARCHAR"),
        ("timezone", "VARCHAR"),
        ("linked_to", "VARCHAR"),
    ]
    assert seen(old, "select count(*), count(distinct system), count(timezone) from raw_sources.systems") == [
        (1000, 1000, 0)
    ]
    assert seen(old, "select count(*) from raw_salesforce.lead") == [(0,)]
    assert seen(old, "select layout, release from layout.written_by") == [(1, "0.1.0")]


def test_f29_what_an_earlier_release_found_good_is_not_good_enough_to_publish(old):
    warehouse.connect(old).close()
    assert seen(old, "select count(*) from duckdb_tables() where schema_name = 'evidence'") == [(0,)]


def test_f29_the_warehouse_as_it_was_is_kept_beside_until_the_next_migration(old):
    before = old.warehouse.read_bytes()
    (old.data / "warehouse.before-layout-0.duckdb").write_bytes(b"of an earlier migration")
    warehouse.connect(old).close()
    warehouse.connect(old).close()
    assert [path.name for path in old.data.glob("warehouse.before*")] == ["warehouse.before-layout-1.duckdb"]
    assert (old.data / "warehouse.before-layout-1.duckdb").read_bytes() == before


def test_f29_without_room_for_that_copy_nothing_is_changed(old, monkeypatch):
    before = old.warehouse.read_bytes()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: namedtuple("usage", "free")(len(before)))
    with pytest.raises(WarehouseError, match=r"warehouse.duckdb: of an earlier release.*make room and run again"):
        warehouse.connect(old)
    assert old.warehouse.read_bytes() == before
    assert list(old.data.iterdir()) == [old.warehouse]


def test_f29_a_column_of_another_type_is_named_and_nothing_is_changed(old):
    with duckdb.connect(str(old.warehouse)) as con:
        con.execute("create table raw_files.users (system varchar, is_active integer)")
    with pytest.raises(WarehouseError, match=r"raw_files.users.is_active is INTEGER, not BOOLEAN.*restore a backup"):
        warehouse.connect(old)
    assert len(seen(old, COLUMNS)) == 3
    assert seen(old, "select count(*) from duckdb_tables() where table_name = 'builds'") == [(1,)]
    old.warehouse.unlink()
    warehouse.connect(old).close()


def test_f29_a_warehouse_of_a_later_release_is_refused_and_left_as_it_is(old):
    warehouse.connect(old).close()
    with duckdb.connect(str(old.warehouse)) as con:
        con.execute("update layout.written_by set layout = 7, release = '3.2.0'")
    before = old.warehouse.read_bytes()
    with pytest.raises(WarehouseError, match=r"by OneFunnel 3.2.0 \(layout 7\).*install OneFunnel 3.2.0 or.*restore"):
        warehouse.connect(old)
    assert old.warehouse.read_bytes() == before


def test_f29_a_duckdb_file_of_somebody_else_is_refused_and_left_as_it_is(tmp_path):
    settings = Settings(data=tmp_path)
    with duckdb.connect(str(settings.warehouse)) as con:
        con.execute("create table sales as select 1 as amount")
    before = settings.warehouse.read_bytes()
    with pytest.raises(WarehouseError, match="none of OneFunnel's"):
        warehouse.connect(settings)
    assert settings.warehouse.read_bytes() == before


def test_another_release_of_the_same_layout_notes_itself_and_keeps_no_copy(old, monkeypatch):
    warehouse.connect(old).close()
    (old.data / "warehouse.before-layout-1.duckdb").unlink()
    monkeypatch.setattr(layout, "RELEASE", "0.1.1")
    monkeypatch.setattr(layout, "TODAY", layout.Written(layout.TODAY.layout, "0.1.1"))
    warehouse.connect(old).close()
    assert seen(old, "select layout, release from layout.written_by") == [(layout.TODAY.layout, "0.1.1")]
    assert not list(old.data.glob("warehouse.before*"))


OPEN = """
from ingest import warehouse
from ingest.settings import Settings
print("begins", flush=True)
warehouse.connect(Settings()).close()
"""


def test_f29_a_migration_that_is_killed_at_any_moment_is_made_good_by_the_next(old, monkeypatch):
    monkeypatch.setenv("ONEFUNNEL_DATA", str(old.data))
    pristine, outcomes = old.data.with_name("pristine"), set()
    shutil.copytree(old.data, pristine)
    for milliseconds in (10, 30, 50, 80):
        shutil.rmtree(old.data)
        shutil.copytree(pristine, old.data)
        process = subprocess.Popen([sys.executable, "-c", OPEN], stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "begins\n"
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        outcomes.add(process.returncode)
        columns, stamped = (
            len(seen(old, COLUMNS)),
            seen(old, "select 1 from duckdb_tables() where schema_name = 'layout'"),
        )
        assert (columns, len(stamped)) in {(3, 0), (5, 1)}
        warehouse.connect(old).close()
        assert seen(old, "select count(*), count(distinct system) from raw_sources.systems") == [(1000, 1000)]
        assert len(seen(old, COLUMNS)) == 5
    assert -signal.SIGKILL in outcomes
