"""The exports of one system of a vendor's kind → the warehouse, in one transaction."""

import contextlib
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.sources import System
from ingest.systems.loads import LoadResult, SystemResult, TableResult, Wrong, leave_for_later, tell_counts
from ingest.systems.vendors import extracting
from ingest.systems.vendors.exports import snapshot
from ingest.systems.vendors.landing import land
from ingest.systems.vendors.reading import SystemRead, read_system
from ingest.systems.vendors.relations import drop_temp_tables

MOST_MEMORY = "3GB"
FIRST_STAYS = "the first stays"


def load_exports(con: duckdb.DuckDBPyConnection, system: System, now: datetime, result: LoadResult) -> list[Wrong]:
    """Load the exports of one system, all that can be read of them or nothing; what is wrong with the rest."""
    done = result.systems[system.name] = SystemResult()
    con.execute(f"set memory_limit = '{MOST_MEMORY}'; set preserve_insertion_order = false")
    with tempfile.TemporaryDirectory() as scratch:
        before = snapshot(system)
        read = read_system(con, system, Path(scratch), has_raw=True)
        con.execute("begin")
        try:
            done.tables = land_all(con, system, read, extracting.noted_by_extractor(con, read), now)
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


def land_all(
    con: duckdb.DuckDBPyConnection, system: System, read: SystemRead, noted: extracting.Noted, now: datetime
) -> dict[str, TableResult]:
    """What was read without a fault, into raw, with how far it reaches; part of its caller's transaction."""
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
    extracting.note(con, system, read, noted, now)
    return tables
