"""All systems of one vendor's kind → the warehouse, one transaction each."""

import contextlib
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.settings import Settings
from ingest.sources import System
from ingest.systems.loads import LoadResult, SystemResult, TableResult, Wrong, leave_for_later, load_kind, tell_counts
from ingest.systems.vendors import extracting
from ingest.systems.vendors.exports import snapshot
from ingest.systems.vendors.landing import land
from ingest.systems.vendors.reading import SystemRead, read_system
from ingest.systems.vendors.relations import drop_temp_tables

MOST_MEMORY = "3GB"
FIRST_STAYS = "the first stays"


def load(settings: Settings, kind: str) -> LoadResult:
    """Load every system of one kind; raises LoadError with all that stopped one, after the others have landed."""
    return load_kind(settings, kind, _load_system)


def without_path(system: System) -> Wrong:
    """What to say of a system whose exports nobody connected."""
    right = f"connectors of kind {system.kind} come in a later version: export its objects and name their folder"
    return Wrong(system.name, "sources.yml", "path", right)


def _load_system(con: duckdb.DuckDBPyConnection, system: System, now: datetime, result: LoadResult) -> list[Wrong]:
    if system.path is None:
        return [without_path(system)]
    done = result.systems[system.name] = SystemResult()
    con.execute(f"set memory_limit = '{MOST_MEMORY}'; set preserve_insertion_order = false")
    with tempfile.TemporaryDirectory() as scratch:
        before = snapshot(system)
        read = read_system(con, system, Path(scratch), has_raw=True)
        con.execute("begin")
        try:
            done.tables = _land_all(con, system, read, now)
            has_changed = snapshot(system) != before
            con.execute("rollback" if has_changed else "commit")
        except BaseException:
            with contextlib.suppress(duckdb.Error):  # a failed commit has rolled back by itself
                con.execute("rollback")
            raise
    drop_temp_tables(con)
    if has_changed:
        done.tables = {}
        return leave_for_later(system, done, extracting.was_loaded(con, system), result)
    for message in read.messages:
        result.tell(message)
    tell_counts(system.name, done, result)
    return read.all_wrongs


def _land_all(con, system: System, read: SystemRead, now: datetime) -> dict[str, TableResult]:
    tables, schema = {}, f"raw_{system.kind}"
    if read.wrongs:
        return tables
    for name, one in read.tables.items():
        if one.settled is None:
            continue
        landed, conflicts = land(con, schema, system.name, one.table, one.settled, now)
        if conflicts:
            read.messages.append(
                f"{system.name}: {name}: {conflicts} known rows came with other content; {FIRST_STAYS}"
            )
        tables[name] = TableResult(
            rows_read=one.rows_read,
            landed=landed,
            unchanged=one.settled.rows - landed - conflicts,
            rejected=conflicts,
            superseded=one.settled.superseded,
        )
    extracting.note(con, system, read, now)
    return tables
