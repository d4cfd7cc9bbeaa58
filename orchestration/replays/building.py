"""One replay: a scratch database under <data>/replays that reads raw from the warehouse, and the dbt build into it.

The scratch database has the warehouse attached read-only; what differs from a run is its own: the agreement, what is
connected, and the memory of the incremental models, as far as it was known. Which replays there are, and what becomes
of what they built, is not decided here. Whoever calls this holds the turn on the data dir.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from ingest import agreement, definitions, layout, sources, warehouse
from ingest.agreement import Agreement
from ingest.agreement.loading import write
from ingest.layout import WarehouseError
from ingest.settings import Settings
from ingest.sources import Sources
from ingest.systems.loads import describe

from orchestration import dbt as project

TARGET = "replay"


class ReplayError(Exception):
    """Nothing was replayed; the text says why and what to do."""


@dataclass(frozen=True)
class Scratch:
    """A replay's own database, and the folder that goes with it when it ends."""

    folder: Path
    settings: Settings

    @property
    def file(self) -> Path:
        """The database that dbt builds into."""
        return self.folder / "replay.duckdb"

    @property
    def log(self) -> Path:
        """All that dbt said."""
        return self.settings.data.absolute() / "logs" / "replay.log"

    @contextmanager
    def opened(self, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """The scratch database, with the warehouse beside it as `warehouse`; in UTC."""
        with duckdb.connect(str(self.file), read_only=read_only) as con:
            con.execute("set TimeZone = 'UTC'")
            con.execute("set memory_limit = '3GB'")  # as a step of a run; what needs more is spilled beside the file
            attach(con, self.settings)
            yield con


@contextmanager
def scratch(settings: Settings, name: str) -> Iterator[Scratch]:
    """An empty place for one replay, gone when it ends; also clears up after one that was killed."""
    if not settings.warehouse.exists():
        raise ReplayError(f"There is no warehouse at {settings.warehouse}: nothing was loaded yet.")
    replays = settings.data.absolute() / "replays"
    shutil.rmtree(replays, ignore_errors=True)
    (replays / name).mkdir(parents=True)
    try:
        yield Scratch(replays / name, settings)
    finally:
        shutil.rmtree(replays, ignore_errors=True)


def attach(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """The warehouse as `warehouse`, to read only, with all the raw tables of this release."""
    path = str(settings.warehouse).replace("'", "''")
    try:
        con.execute(f"attach '{path}' as warehouse (read_only)")
    except duckdb.IOException as error:
        raise ReplayError(f"The warehouse cannot be read: {error}") from error
    try:
        layout.refuse_newer(layout.written(con, "warehouse"))
    except WarehouseError as error:
        raise ReplayError(f"{settings.warehouse}: {error}") from None
    if missing := _missing(con):
        raise ReplayError(f"The warehouse has no {missing[0]} yet: run `onefunnel run` once.")


def remembered(place: Scratch, moment: datetime) -> tuple[list[Agreement], Sources, datetime | None]:
    """The versions of the agreement and the systems as of a moment; since when they are remembered, if it is later."""
    folder = place.folder / "definitions"
    try:
        with place.opened() as con:
            since = definitions.write_as_known(con, moment, folder)
    except LookupError as error:
        raise ReplayError(f"This warehouse cannot be replayed yet ({error}): run `onefunnel run` once.") from None
    connected = sources.read(folder / definitions.SOURCES / "sources.yml")
    return agreement.read(folder / definitions.AGREEMENT), connected, since


def prepare(place: Scratch, agreed: dict[str, list[tuple]], connected: Sources, moment: datetime | None) -> None:
    """Fill the scratch database with what is its own: raw_agreement, raw_sources, the incremental models' memory."""
    with place.opened() as con:
        warehouse.prepare(con)
        describe(con, connected)
        write(con, agreed)
        for schema, table, known_by in _memories():
            _remember(con, schema, table, known_by, moment)


def build(
    place: Scratch, words: list[str], moment: datetime | None, moved: Callable[[], None] = lambda: None
) -> list[str]:
    """One dbt command on the scratch database, `moved` called for each node; a line for each node that failed."""
    variables = {
        "known_at": moment and f"{moment:%Y-%m-%d %H:%M:%S.%f}",
        "publish_personal_data": place.settings.read_sources().publish_personal_data,
    }
    target = project.workplace(place.settings.data, TARGET)
    command = [project.EXECUTABLE, "--no-use-colors", "--log-format", "json", *words]
    command += ["--target", TARGET, "--vars", json.dumps(variables)]
    environment = os.environ | {
        "ONEFUNNEL_DATA": str(place.settings.data.absolute()),
        "ONEFUNNEL_REPLAY": str(place.file),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
        "DBT_PROFILES_DIR": str(project.PROJECT.profiles_dir),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    place.log.parent.mkdir(parents=True, exist_ok=True)
    with (
        open(place.log, "w") as log,
        subprocess.Popen(
            command,
            cwd=project.PROJECT.project_dir,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        try:
            said = _follow(process, log, moved)
        finally:
            if process.poll() is None:  # interrupted: no dbt may be left that still writes
                process.terminate()
                process.wait()
    failed = list(project.failures(project.run_results(target)).values())
    return failed or ([f"dbt stopped. {said}"] if process.returncode else [])


def explained(failed: list[str], place: Scratch) -> None:
    """Raise ReplayError for a build in which something failed."""
    if failed:
        more = f" And {len(failed) - 5} more." if len(failed) > 5 else ""
        raise ReplayError(f"dbt: {len(failed)} failed. {'; '.join(failed[:5])}.{more} The whole story: {place.log}")


def _follow(process: subprocess.Popen, log, moved: Callable[[], None]) -> str:
    """Every line of dbt's to the log; gives back the last error that it told."""
    error = ""
    for line in process.stdout:
        try:
            info = json.loads(line)["info"]
        except (ValueError, KeyError, TypeError):
            info = {"level": "error", "msg": line.rstrip(), "name": ""}
        log.write(f"{info['msg']}\n")
        if info["level"] == "error" and info["msg"].strip():
            error = " ".join(info["msg"].split())[:300]
        if info["name"] in ("LogModelResult", "LogTestResult"):
            moved()
    process.wait()
    return error


def _missing(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Raw columns of this release that the warehouse does not have yet."""
    known = {
        f"{schema}.{table}.{column}"
        for schema, table, column in con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'warehouse'"
        ).fetchall()
    }
    return [
        f"{table}.{column}" for table, columns in warehouse.RAW.items() for column in columns
        if f"{table}.{column}" not in known
    ]  # fmt: skip


def _memories() -> list[tuple[str, str, str]]:
    """Schema, table, and the column that says since when a row is known, of every incremental model that names one.

    The others remember what was published, by which a replay does not go.
    """
    nodes = json.loads(project.prepare_manifest().read_text())["nodes"].values()
    return [
        (node["schema"], node["name"], node["config"]["meta"]["known_by"])
        for node in nodes
        if node["resource_type"] == "model" and "known_by" in node["config"]["meta"]
    ]


def _remember(con, schema: str, table: str, known_by: str, moment: datetime | None) -> None:
    exists = "select 1 from duckdb_tables() where database_name = 'warehouse' and schema_name = ? and table_name = ?"
    if con.execute(exists, [schema, table]).fetchone():
        con.execute(f"create schema if not exists {schema}")
        con.execute(
            f"create table {schema}.{table} as from warehouse.{schema}.{table}"
            f" where $moment is null or {known_by} <= $moment",
            {"moment": moment},
        )


def naive_utc(moment: datetime) -> datetime:
    """A moment as the tables write it."""
    return moment.astimezone(UTC).replace(tzinfo=None)
