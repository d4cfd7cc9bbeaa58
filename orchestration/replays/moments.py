"""Moments as people give them, and what was loaded by then. Nothing here builds anything."""

from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb
from ingest.warehouse import RAW

from orchestration.replays.building import ReplayError, naive_utc

EXTRACTED = [name for name in RAW if name.endswith(".extractions")]
LANDED = {"raw_files": "coalesce(landed_at, loaded_at)"}


def moment_of(text: str, zone: str, now: datetime) -> datetime:
    """A moment, naive UTC, from `2026-04-01` (its first instant) or a time; in `zone` unless it names its own."""
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ReplayError(
            f"{text!r} is neither a date such as 2026-04-01 nor a moment such as 2026-04-01T09:30+02:00."
        ) from None
    moment = naive_utc(given if given.tzinfo else given.replace(tzinfo=ZoneInfo(zone)))
    if moment > naive_utc(now):
        raise ReplayError(f"{text} has not come yet: what will be known then, nobody knows now.")
    return moment


def zone_of(con: duckdb.DuckDBPyConnection) -> str:
    """The zone of the newest version of the agreement that was loaded; UTC before any was."""
    exists = "select 1 from duckdb_tables() where database_name = 'warehouse' and schema_name = 'raw_agreement'"
    if not con.execute(exists).fetchone():
        return "UTC"
    return con.execute(
        "select coalesce(arg_max(timezone, version), 'UTC') from warehouse.raw_agreement.versions"
    ).fetchone()[0]


def loads(con: duckdb.DuckDBPyConnection, moment: datetime) -> tuple[datetime | None, datetime | None]:
    """When anything was first loaded, and when something was last loaded by the moment."""
    every = " union all ".join(
        f"select {LANDED.get(name.split('.')[0], 'loaded_at')} as loaded_at from warehouse.{name}" for name in EXTRACTED
    )
    query = f"select min(loaded_at), max(loaded_at) filter (loaded_at <= ?) from ({every})"
    return con.execute(query, [moment]).fetchone()


def newest(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """The time of the newest load of what is connected, as the models tell it."""
    every = " union all ".join(f"select system, loaded_at from warehouse.{name}" for name in EXTRACTED)
    query = f"select max(loaded_at) from ({every}) semi join warehouse.raw_sources.systems using (system)"
    return con.execute(query).fetchone()[0]
