"""Backup and restore: whole or not at all, while everything goes on, and nothing is lost by a kill."""

import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections import namedtuple
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from ingest import layout, warehouse
from ingest.settings import Settings
from orchestration.cli import app
from orchestration.turns import turn
from orchestration.upkeep import backups, snapshot
from orchestration.upkeep.archive import ArchiveError
from orchestration.upkeep.backups import BackupError


@pytest.fixture
def settings(tmp_path) -> Settings:
    """A data dir as an installation has it after some runs, small."""
    data = tmp_path / "data"
    settings = Settings(data=data, lock_wait_seconds=0.3)
    with warehouse.connect(settings) as con:
        con.execute("insert into raw_files.users (system, user_id) select 'crm', i from range(1000) t(i)")
    for folder in ("published/parquet-7", "publications", "dagster/history/runs", "dbt", "logs", "replays/known"):
        (data / folder).mkdir(parents=True)
    with duckdb.connect(str(data / "published" / "onefunnel.duckdb")) as con:
        con.execute("create table people as select i as person_id from range(100) t(i)")
    shutil.copy(data / "published" / "onefunnel.duckdb", data / "publications" / "6.duckdb")
    (data / "published" / "parquet-7" / "people.parquet").write_bytes(os.urandom(5000))
    (data / "published" / "parquet").symlink_to("parquet-7", target_is_directory=True)
    (data / "published" / "onefunnel.duckdb.new").write_text("of a publication that was killed")
    for name in ("alerts.sqlite", "triage.sqlite", "dagster/history/runs.db"):
        with closing(sqlite3.connect(data / name)) as con, con:
            con.execute("create table notes (i integer)")
            con.execute("insert into notes values (1)")
    (data / "dagster" / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    (data / "a file of a later release").write_text("what is not known is kept")
    for passing in (
        "dbt/manifest.json",
        "logs/run.log",
        "replays/known/replay.duckdb",
        "warehouse.before-layout-1.duckdb",
    ):
        (data / passing).write_text("can be made again")
    return settings


@contextmanager
def unseen(what: str, size: int):
    yield lambda moved: None


def back_up(settings: Settings, file: Path, **options):
    return backups.backup(settings, file, unseen, print, **options)


def restore(settings: Settings, file: Path, **options):
    return backups.restore(settings, file, unseen, print, **options)


def contents(data: Path) -> dict[str, str]:
    """Every file and link of a data dir, by what is in it."""
    return {
        path.relative_to(data).as_posix(): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in data.rglob("*")
        if (path.is_symlink() or path.is_file()) and path.name != "run.lock"
    }


def notes(file: Path) -> list[tuple]:
    with closing(sqlite3.connect(file)) as con:
        return con.execute("select i from notes order by i").fetchall()


KEPT = {
    "warehouse.duckdb",
    "published/onefunnel.duckdb",
    "published/parquet",
    "published/parquet-7/people.parquet",
    "publications/6.duckdb",
    "alerts.sqlite",
    "triage.sqlite",
    "dagster/history/runs.db",
    "dagster/dagster.yaml",
    "a file of a later release",
}


def test_what_comes_back_is_what_was_there_but_for_what_can_be_made_again(settings, tmp_path):
    before = contents(settings.data)
    about = back_up(settings, tmp_path / "b.tar.gz")
    elsewhere = Settings(data=tmp_path / "elsewhere" / "data")
    restore(elsewhere, tmp_path / "b.tar.gz")
    after = contents(elsewhere.data)
    assert set(after) == KEPT
    plain = {name for name in KEPT if not name.endswith((".sqlite", ".db"))}
    assert {name: after[name] for name in plain} == {name: before[name] for name in plain}
    assert notes(elsewhere.data / "triage.sqlite") == notes(elsewhere.data / "dagster/history/runs.db") == [(1,)]
    assert about.files == len(KEPT)
    assert {"dbt", "logs", "replays", "warehouse.before-layout-1.duckdb"} <= set(about.left_out)
    with warehouse.connect(elsewhere) as con:
        assert con.execute("select count(*) from raw_files.users").fetchone() == (1000,)


def test_a_backup_is_for_its_owner_alone_and_says_what_it_is_of(settings, tmp_path):
    back_up(settings, tmp_path / "b.tar.gz")
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o777 == 0o600
    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        names = tar.getnames()
        about = json.load(tar.extractfile("manifest.json"))
        tar.extractall(tmp_path / "by hand")
    assert names[0] == "manifest.json"
    assert (about["release"], about["layout"]) == ("0.1.0", layout.TODAY.layout)
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "checksums.sha256"], cwd=tmp_path / "by hand")
    assert checked.returncode == 0


def test_dagsters_history_stays_out_where_it_is_not_wanted(settings, tmp_path):
    about = back_up(settings, tmp_path / "b.tar.gz", runs=False)
    restore(Settings(data=tmp_path / "elsewhere"), tmp_path / "b.tar.gz")
    assert set(contents(tmp_path / "elsewhere")) == KEPT - {"dagster/history/runs.db"}
    assert "dagster/history" in about.left_out


WRITE = """
import sqlite3, sys, time
con = sqlite3.connect(sys.argv[1], isolation_level=None)
con.execute("pragma journal_mode = wal")
con.execute("pragma wal_autocheckpoint = 0")
con.execute("insert into notes values (2)")
con.execute("begin")
con.execute("insert into notes values (3)")
print("half", flush=True)
time.sleep(60)
"""


def test_an_sqlite_file_in_use_is_copied_with_what_was_committed_and_nothing_else(settings, tmp_path):
    command = [sys.executable, "-c", WRITE, str(settings.data / "triage.sqlite")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "half\n"
        back_up(settings, tmp_path / "b.tar.gz")
        writer.kill()
    restore(Settings(data=tmp_path / "elsewhere"), tmp_path / "b.tar.gz")
    assert notes(tmp_path / "elsewhere" / "triage.sqlite") == [(1,), (2,)]


def test_a_backup_waits_for_the_run_that_is_going_on_and_then_says_who_holds_the_data(settings, tmp_path):
    said = []
    with turn(settings.data, 0), pytest.raises(Exception, match=rf"process {os.getpid()} .*wait for it"):
        backups.backup(settings, tmp_path / "b.tar.gz", unseen, said.append)
    assert "Waiting for process" in said[0]
    assert not (tmp_path / "b.tar.gz").exists()
    assert back_up(settings, tmp_path / "b.tar.gz").files == len(KEPT)


def test_while_it_is_packed_a_run_may_begin(settings, tmp_path):
    begun = []

    @contextmanager
    def step(what: str, size: int):
        try:
            with turn(settings.data, 0):
                begun.append(what)
        except Exception:
            pass
        yield lambda moved: None

    backups.backup(settings, tmp_path / "b.tar.gz", step, print)
    assert begun == ["Packing"]


def test_a_file_that_is_there_or_lies_in_the_data_dir_is_refused(settings, tmp_path):
    (tmp_path / "b.tar.gz").write_text("of yesterday")
    with pytest.raises(BackupError, match="exists already"):
        back_up(settings, tmp_path / "b.tar.gz")
    assert (tmp_path / "b.tar.gz").read_text() == "of yesterday"
    with pytest.raises(BackupError, match="in the data dir itself"):
        back_up(settings, settings.data / "b.tar.gz")


def test_without_room_nothing_is_written(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: namedtuple("usage", "free")(1000))
    before = contents(settings.data)
    with pytest.raises(BackupError, match="make room, and try again; nothing was changed"):
        back_up(settings, tmp_path / "b.tar.gz")
    assert contents(settings.data) == before
    assert not list(tmp_path.glob("b.tar.gz*"))


def test_a_data_dir_that_is_not_empty_is_replaced_only_when_that_is_said(settings, tmp_path):
    back_up(settings, tmp_path / "b.tar.gz")
    (settings.data / "later").write_text("since the backup")
    with pytest.raises(BackupError, match=r"is not empty.*--replace"):
        restore(settings, tmp_path / "b.tar.gz")
    assert (settings.data / "later").exists()
    restore(settings, tmp_path / "b.tar.gz", replace=True)
    assert set(contents(settings.data)) == KEPT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "data"]


def test_a_restore_waits_for_the_run_that_is_going_on(settings, tmp_path):
    back_up(settings, tmp_path / "b.tar.gz")
    (settings.data / "later").write_text("since the backup")
    with turn(settings.data, 0), pytest.raises(Exception, match="wait for it"):
        restore(settings, tmp_path / "b.tar.gz", replace=True)
    assert (settings.data / "later").exists()


def test_who_waits_for_a_turn_while_a_restore_goes_on_waits_for_the_same_one_after_it(settings, tmp_path):
    back_up(settings, tmp_path / "b.tar.gz")
    before = (settings.data / "run.lock").stat().st_ino
    restore(settings, tmp_path / "b.tar.gz", replace=True)
    assert (settings.data / "run.lock").stat().st_ino == before


def repacked(file: Path, change) -> None:
    """The archive with one of its members changed, as a disk or a person might."""
    with tarfile.open(file) as old:
        members = [(member, old.extractfile(member).read() if member.isreg() else None) for member in old]
    with tarfile.open(file, "w:gz") as new:
        for member, content in filter(None, (change(*one) for one in members)):
            member.size = len(content or b"")
            new.addfile(member, io.BytesIO(content) if content is not None else None)


def flipped(member, content):
    return (
        (member, content[:-1] + bytes([content[-1] ^ 1]))
        if member.name == "data/warehouse.duckdb"
        else (member, content)
    )


def lost(member, content):
    return None if member.name == "data/published/onefunnel.duckdb" else (member, content)


def without_sums(member, content):
    return None if member.name == "checksums.sha256" else (member, content)


def elsewhere(member, content):
    if member.name == "data/alerts.sqlite":
        member.name = "data/../../outside"
    return member, content


def by_a_link(member, content):
    if member.issym():
        member.linkname = "../../.."
    return member, content


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (flipped, r"damaged: data/warehouse.duckdb"),
        (lost, r"damaged: data/published/onefunnel.duckdb"),
        (without_sums, r"damaged"),
        (elsewhere, r"leads elsewhere"),
        (by_a_link, r"points elsewhere"),
    ],
)
def test_a_backup_that_was_changed_is_refused_and_the_data_dir_left_as_it_is(settings, tmp_path, change, says):
    back_up(settings, tmp_path / "b.tar.gz")
    repacked(tmp_path / "b.tar.gz", change)
    before = contents(settings.data)
    with pytest.raises(ArchiveError, match=says):
        restore(settings, tmp_path / "b.tar.gz", replace=True)
    assert contents(settings.data) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "data"]


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_a_backup_that_was_cut_short_is_refused(settings, tmp_path, share):
    back_up(settings, tmp_path / "b.tar.gz")
    os.truncate(tmp_path / "b.tar.gz", int((tmp_path / "b.tar.gz").stat().st_size * share))
    with pytest.raises(ArchiveError, match="not a whole one"):
        restore(Settings(data=tmp_path / "elsewhere"), tmp_path / "b.tar.gz")
    assert not (tmp_path / "elsewhere").exists()


def test_f29_a_backup_of_a_later_release_is_refused_before_it_is_unpacked(settings, tmp_path):
    back_up(settings, tmp_path / "b.tar.gz")

    def later(member, content):
        if member.name == "manifest.json":
            content = json.dumps(json.loads(content) | {"layout": 99, "release": "4.0.0"}).encode()
        return member, content

    repacked(tmp_path / "b.tar.gz", later)
    with pytest.raises(BackupError, match=r"OneFunnel 4.0.0 \(layout 99\).*install OneFunnel 4.0.0"):
        restore(Settings(data=tmp_path / "elsewhere"), tmp_path / "b.tar.gz")


def test_f29_a_backup_made_before_an_upgrade_does_not_migrate_and_is_migrated_where_it_is_restored(tmp_path):
    settings = Settings(data=tmp_path / "data")
    settings.data.mkdir()
    with duckdb.connect(str(settings.warehouse)) as con:
        con.execute("create schema raw_sources; create table raw_sources.systems (system varchar)")
    before = settings.warehouse.read_bytes()
    assert back_up(settings, tmp_path / "b.tar.gz").layout == 0
    assert settings.warehouse.read_bytes() == before
    elsewhere = Settings(data=tmp_path / "elsewhere")
    restore(elsewhere, tmp_path / "b.tar.gz")
    with warehouse.connect(elsewhere) as con:
        assert layout.written(con) == layout.TODAY


def killed_once(sign, settings: Settings, *words) -> None:
    """The command in a process of its own, killed as the kernel would as soon as the sign is there."""
    command = [sys.executable, "-c", "from orchestration.cli import app; app()", *map(str, words)]
    with subprocess.Popen(command, env=os.environ | {"ONEFUNNEL_DATA": str(settings.data)}) as process:
        while not sign() and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


@pytest.fixture
def larger(settings) -> Settings:
    """Enough to be packed, and unpacked, for a while."""
    (settings.data / "published" / "parquet-7" / "large.parquet").write_bytes(os.urandom(30_000_000))
    return settings


@pytest.mark.parametrize("sign", ["data/backup/copy", "data/backup/copy/published/onefunnel.duckdb", "b.tar.gz.new"])
def test_f2_a_backup_that_is_killed_leaves_the_data_as_it_was_and_no_file_by_its_name(larger, tmp_path, sign):
    before = contents(larger.data)
    killed_once((tmp_path / sign).exists, larger, "backup", tmp_path / "b.tar.gz")
    assert {name: digest for name, digest in contents(larger.data).items() if not name.startswith("backup/")} == before
    assert not (tmp_path / "b.tar.gz").exists()
    back_up(larger, tmp_path / "b.tar.gz")
    restore(Settings(data=tmp_path / "elsewhere"), tmp_path / "b.tar.gz")
    assert len(contents(tmp_path / "elsewhere")) == len(KEPT) + 1
    assert not (larger.data / "backup" / "copy").exists()


@pytest.mark.parametrize("sign", [".data.restoring", ".data.restoring/data/warehouse.duckdb", "swapped"])
def test_f2_a_restore_that_is_killed_leaves_the_old_data_or_the_new(larger, tmp_path, sign):
    back_up(larger, tmp_path / "b.tar.gz")
    later = larger.data / "later"
    later.write_text("since the backup")
    for i in range(800):  # what was replaced takes a while to be removed
        (larger.data / "published" / "parquet-7" / f"{i}.later").touch()
    old = contents(larger.data)
    seen = (lambda: not later.exists()) if sign == "swapped" else (tmp_path / sign).exists
    killed_once(seen, larger, "restore", "--replace", tmp_path / "b.tar.gz")
    found = contents(larger.data)
    assert len(found) == len(KEPT) + 1 if sign == "swapped" else found == old
    restore(larger, tmp_path / "b.tar.gz", replace=True)
    assert len(contents(larger.data)) == len(KEPT) + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "data"]


def test_both_commands_say_what_they_did_and_an_error_is_one_line(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("ONEFUNNEL_DATA", str(settings.data))
    done = CliRunner().invoke(app, ["backup", str(tmp_path / "b.tar.gz")])
    assert done.exit_code == 0, done.output
    assert f"{len(KEPT)} files" in done.output
    assert "alerts.yml" in done.output
    again = CliRunner().invoke(app, ["backup", str(tmp_path / "b.tar.gz")])
    assert (again.exit_code, again.output.count("\n")) == (1, 1)
    assert "exists already" in again.output
    monkeypatch.setenv("ONEFUNNEL_DATA", str(tmp_path / "elsewhere"))
    (tmp_path / "other.tar.gz").write_text("something else")
    wrong = CliRunner().invoke(app, ["restore", str(tmp_path / "other.tar.gz")])
    assert (wrong.exit_code, wrong.output.count("\n")) == (1, 1)
    assert "other.tar.gz is no backup of OneFunnel's" in wrong.output
    done = CliRunner().invoke(app, ["restore", str(tmp_path / "b.tar.gz")])
    assert done.exit_code == 0, done.output
    assert set(contents(tmp_path / "elsewhere")) == KEPT


def test_an_sqlite_file_that_is_damaged_is_named(settings, tmp_path):
    damaged = settings.data / "alerts.sqlite"
    damaged.write_bytes(damaged.read_bytes()[:4096])
    with pytest.raises(snapshot.SnapshotError, match=r"alerts.sqlite: SQLite cannot copy it"):
        back_up(settings, tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()
