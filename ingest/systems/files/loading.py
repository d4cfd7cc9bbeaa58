"""All systems of kind files → the warehouse, one transaction each: a system lands whole or not at all."""

import contextlib
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from ingest import warehouse
from ingest.exchange import TABLES
from ingest.settings import Settings
from ingest.sources import Sources, System
from ingest.systems.files.columns import content_hash, payload_columns
from ingest.systems.files.exports import FilesError, Wrong
from ingest.systems.files.landing import land, land_rejected
from ingest.systems.files.reading import SystemRead, drop_temp_tables, read_system
from ingest.systems.files.sql import literal

log = logging.getLogger(__name__)


@dataclass
class TableResult:
    """Rows of one exchange table of one system: read, appended, known already, set aside, outdated."""

    rows_read: int
    landed: int
    unchanged: int
    rejected: int
    superseded: int


@dataclass
class SystemResult:
    """What one system's load did; `left_for_later` when its files changed while they were read."""

    tables: dict[str, TableResult] = field(default_factory=dict)
    left_for_later: bool = False


@dataclass
class LoadResult:
    """What a load did: system → SystemResult, and sentences for people."""

    loaded_at: datetime
    systems: dict[str, SystemResult] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    @property
    def landed(self) -> int:
        """Rows appended to raw, but for the extractions themselves."""
        tables = ((name, table) for system in self.systems.values() for name, table in system.tables.items())
        return sum(table.landed for name, table in tables if name != "extractions")


def load(settings: Settings) -> LoadResult:
    """Load every system of kind files; raises FilesError with all that stopped one, after the others have landed."""
    sources, now, wrongs = settings.read_sources(), settings.clock().astimezone(UTC).replace(tzinfo=None), []
    result = LoadResult(now)
    con = warehouse.connect(settings)
    try:
        warehouse.prepare(con)
        _describe(con, sources)
        for system in sources.systems:
            if system.kind == "files":
                wrongs += _load_system(con, system, now, result)
            else:
                right = f"kind {system.kind} has no connector in this version: export its tables and use kind files"
                wrongs.append(Wrong(system.name, settings.sources.name, None, right))
    finally:
        con.close()
    if wrongs:
        raise FilesError(wrongs, result)
    return result


def _load_system(con: duckdb.DuckDBPyConnection, system: System, now: datetime, result: LoadResult) -> list[Wrong]:
    read = read_system(con, system, prefer_raw=True)
    done = result.systems[system.name] = SystemResult(left_for_later=read.left_for_later)
    if read.left_for_later:
        message = "its exports changed while they were read; left for later"
        result.messages.append(f"{system.name}: {message}")
        drop_temp_tables(con)
        is_new = not con.execute("select 1 from raw_files.extractions where system = ?", [system.name]).fetchone()
        return (
            [Wrong(system.name, "exports", None, f"{message}, and nothing of it was loaded before")] if is_new else []
        )
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
    _tell(system.name, done, result)
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


def _describe(con: duckdb.DuckDBPyConnection, sources: Sources) -> None:
    """Replace what raw says of the connected systems themselves."""
    con.execute("begin; delete from raw_sources.systems; delete from raw_sources.record_urls")
    for system in sources.systems:
        described = [system.name, system.kind, system.role, system.timezone]
        con.execute("insert into raw_sources.systems values (?, ?, ?, ?, null)", described)
        for kind, template in system.record_urls.items():
            con.execute("insert into raw_sources.record_urls values (?, ?, ?)", [system.name, kind, template])
    con.execute("commit")


def _tell(system: str, done: SystemResult, result: LoadResult) -> None:
    for name, table in done.tables.items():
        message = f"{system}: {name}: {table.rows_read} read, {table.landed} new, {table.unchanged} unchanged"
        message += f", {table.rejected} rejected" if table.rejected else ""
        message += f", {table.superseded} superseded" if table.superseded else ""
        log.info(message)
        result.messages.append(message)
