"""The warehouse file: one writer, who waits for the other with a limit and then says who it is."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest import warehouse
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
