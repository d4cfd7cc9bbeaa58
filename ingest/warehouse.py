"""The one place that knows where data lands: one DuckDB file, one writer, raw tables that always exist.

What is written into the tables, and when, is decided by the loaders in `ingest.systems` and `ingest.agreement`.
"""

import re

import duckdb
import stamina

from ingest import overrides, suffixes
from ingest.exchange import TABLES
from ingest.settings import Settings
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


class WarehouseError(Exception):
    """The warehouse cannot be opened; the message says why and what to do."""


class WarehouseLocked(WarehouseError):
    """Another process has held the warehouse for longer than we wait."""


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open the warehouse to write, in UTC; waits `lock_wait_seconds` for another process, then says who holds it."""
    try:
        settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
        con = _wait(settings)
    except OSError as error:
        raise WarehouseError(
            f"{settings.data}: cannot be written ({error.strerror}): mend it, or set ONEFUNNEL_DATA"
        ) from error
    con.execute("set TimeZone = 'UTC'")
    return con


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Create every raw schema and table that does not exist yet, with its declared columns."""
    for name, columns in RAW.items():
        con.execute(f"create schema if not exists {name.split('.')[0]}")
        declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        con.execute(f"create table if not exists {_quoted(name)} ({declared})")
    # A warehouse of an earlier release: one of these is replaced whole by each load, the other grows.
    con.execute("alter table raw_sources.systems add column if not exists linked_to varchar")
    con.execute("alter table raw_files.extractions add column if not exists landed_at timestamp")


def _quoted(name: str) -> str:
    """`raw_salesforce."group"`: some vendors' objects are named by SQL's own words."""
    schema, _, table = name.partition(".")
    return f'{schema}."{table}"'


def _wait(settings: Settings) -> duckdb.DuckDBPyConnection:
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
            raise WarehouseError(f"{settings.warehouse}: DuckDB cannot open it: {error}") from error
        pid = re.search(r"PID (\d+)", str(error))
        holder = f"process {pid[1]}" if pid else "another process"
        raise WarehouseLocked(
            f"{settings.warehouse}: held by {holder} for more than {settings.lock_wait_seconds:g} s: "
            f"wait for that run, or end it; BI tools read published/onefunnel.duckdb, never this file"
        ) from error
    raise AssertionError("stamina always attempts once")


def _is_locked(error: Exception) -> bool:
    return isinstance(error, duckdb.IOException) and "lock" in str(error).lower()
