"""The one place that knows where data lands: one DuckDB file, one writer, raw tables that always exist.

What is written into the tables, and when, is decided by the loaders in `ingest.systems` and `ingest.agreement`.
"""

import re

import duckdb
import stamina

from ingest import layout, overrides, suffixes
from ingest.exchange import TABLES
from ingest.layout import WarehouseError
from ingest.settings import Settings
from ingest.systems.connectors.landed import TABLES as EXTRACTS
from ingest.systems.kinds import KINDS

REJECTED_ROWS = {
    "system": "VARCHAR",
    "table_name": "VARCHAR",
    "source_file": "VARCHAR",
    "record_number": "BIGINT",
    "column_name": "VARCHAR",
    "value": "VARCHAR",
    "reason": "VARCHAR",
    "loaded_at": "TIMESTAMP",
}
RAW = {
    **{f"raw_files.{table.name}": table.raw_columns for table in TABLES.values()},
    "raw_files.rejected_rows": REJECTED_ROWS,
    **{name: columns for kind in KINDS.values() for name, columns in kind.raw.items()},
    **EXTRACTS,
    "raw_sources.systems": {
        "system": "VARCHAR",
        "kind": "VARCHAR",
        "role": "VARCHAR",
        "timezone": "VARCHAR",
        "linked_to": "VARCHAR",
    },
    "raw_sources.fields": {
        "system": "VARCHAR",
        "object": "VARCHAR",
        "field": "VARCHAR",
        "source_field": "VARCHAR",
    },
    "raw_sources.identity_overrides": overrides.COLUMNS,
    "raw_sources.public_suffixes": suffixes.COLUMNS,
    "raw_sources.record_urls": {"system": "VARCHAR", "object": "VARCHAR", "template": "VARCHAR"},
    "raw_published.builds": {"table_name": "VARCHAR", "build_id": "VARCHAR", "published_at": "TIMESTAMP"},
}


class WarehouseLocked(WarehouseError):
    """Another process has held the warehouse for longer than we wait."""


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open the warehouse to write, in UTC and in today's layout; raises WarehouseError.

    Waits `lock_wait_seconds` for another process, then says who holds it.
    """
    try:
        settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
        con = _brought_up_to_date(open_as_it_is(settings), settings)
    except OSError as error:
        raise WarehouseError(
            f"{settings.data}: cannot be written ({error.strerror}): mend it, or set ONEFUNNEL_DATA"
        ) from None
    con.execute("set TimeZone = 'UTC'")
    return con


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Create every raw table and column that does not exist yet."""
    layout.conform(con, RAW)


def _brought_up_to_date(con: duckdb.DuckDBPyConnection, settings: Settings) -> duckdb.DuckDBPyConnection:
    try:
        if layout.is_older(con):
            con.execute("checkpoint")
            con.close()  # a file that this very process copies while DuckDB has it open is locked no longer
            layout.keep_copy(settings.warehouse)
            con = open_as_it_is(settings)
        layout.bring_up_to_date(con, RAW)
    except BaseException as error:
        con.close()
        if isinstance(error, WarehouseError):
            raise WarehouseError(f"{settings.warehouse}: {error}") from None
        raise
    return con


def open_as_it_is(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open the warehouse to write, in whatever layout it has; waits and raises as `connect`."""
    wait = stamina.retry_context(
        on=_is_locked,
        timeout=settings.lock_wait_seconds,
        attempts=None,
        wait_initial=0.1,
        wait_max=1.0,
        wait_jitter=0.1,
    )
    try:
        for attempt in wait:
            with attempt:
                return duckdb.connect(settings.warehouse)
    except duckdb.Error as error:
        if not _is_locked(error):
            raise WarehouseError(
                f"{settings.warehouse}: DuckDB cannot open it: {error}; nothing of it was changed: restore a backup"
                " (`onefunnel restore`), or move it away, and all exports are loaded anew"
            ) from None
        pid = re.search(r"PID (\d+)", str(error))
        holder = f"process {pid[1]}" if pid else "another process"
        raise WarehouseLocked(
            f"{settings.warehouse}: held by {holder} for more than {settings.lock_wait_seconds:g} s: "
            f"wait for that run, or end it; BI tools read published/onefunnel.duckdb, never this file"
        ) from None
    raise AssertionError("stamina always attempts once")


def _is_locked(error: Exception) -> bool:
    return isinstance(error, duckdb.IOException) and "lock" in str(error).lower()
