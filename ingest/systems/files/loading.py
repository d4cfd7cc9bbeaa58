"""All systems of kind files → the warehouse, one transaction each: a system lands whole or not at all."""

import contextlib
from datetime import datetime

import duckdb

from ingest.exchange import TABLES
from ingest.settings import Settings
from ingest.sources import System
from ingest.systems.files.columns import content_hash, payload_columns
from ingest.systems.files.landing import land, land_rejected, note_held
from ingest.systems.files.reading import SystemRead, drop_temp_tables, read_system
from ingest.systems.files.sql import literal
from ingest.systems.loads import LoadResult, SystemResult, TableResult, Wrong, leave_for_later, load_kind, tell_counts


def load(settings: Settings) -> LoadResult:
    """Load every system of kind files; raises LoadError with all that stopped one, after the others have landed."""
    return load_kind(settings, "files", _load_system)


def _load_system(con: duckdb.DuckDBPyConnection, system: System, now: datetime, result: LoadResult) -> list[Wrong]:
    read = read_system(con, system, prefer_raw=True)
    done = result.systems[system.name] = SystemResult()
    if read.left_for_later:
        drop_temp_tables(con)
        known = con.execute("select 1 from raw_files.extractions where system = ?", [system.name]).fetchone()
        return leave_for_later(system, done, known is not None, result)
    if not read.wrongs:
        con.execute("begin")
        try:
            done.tables = _land_all(con, system, read, now)
            con.execute("commit")
        except BaseException:
            with contextlib.suppress(duckdb.Error):  # a failed commit has rolled back by itself
                con.execute("rollback")
            raise
    drop_temp_tables(con)
    tell_counts(system.name, done, result)
    return read.wrongs


def _land_all(
    con: duckdb.DuckDBPyConnection, system: System, read: SystemRead, now: datetime
) -> dict[str, TableResult]:
    if "extractions" not in read.tables:
        _extract_now(con, read, now)
    tables = {}
    for name in [*read.tables, *({"extractions"} - read.tables.keys())]:
        landed, conflicts = land(con, system.name, TABLES[name], now)
        if counts := read.tables.get(name):
            tables[name] = TableResult(
                rows_read=counts.rows_read,
                landed=landed,
                unchanged=counts.good - landed - conflicts,
                rejected=counts.rejected + conflicts,
                superseded=counts.superseded,
            )
    for name in read.tables.keys() - {"extractions"}:
        note_held(con, system.name, TABLES[name])
    land_rejected(con, system.name, now)
    return tables


def _extract_now(con: duckdb.DuckDBPyConnection, read: SystemRead, now: datetime) -> None:
    """Exports that do not say when they were made are complete through the moment of their load."""
    payload = payload_columns(TABLES["extractions"])
    moment = f"timestamp '{now:%Y-%m-%d %H:%M:%S.%f}'"
    rows = " union all ".join(
        f"select {literal(name)} as object, {t.good} as rows_landed" for name, t in read.tables.items()
    )
    given = {"object": "object", "loaded_at": moment, "complete_through": moment, "rows_landed": "rows_landed"}
    values = ", ".join(f"({given.get(name, 'null')})::{kind} as {name}" for name, kind in payload.items())
    con.execute(
        f"create temp table read_extractions as select *, {content_hash(payload)} as content_hash,"
        f" null::varchar as source_file, null::bigint as record_number from (select {values} from ({rows}))"
    )
