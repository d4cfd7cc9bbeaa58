"""Publishing: a whole new file beside the old one, renamed over it in one system call.

A reader sees the old tables or the new ones, never a mixture, never a lock. Whoever calls this has made sure that the
checks passed (evidence.py). A kill at any point leaves the old file or the new one; the next publication clears up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import stamina

from orchestration.publishing import kept, stamps, tables
from orchestration.publishing.failures import PublishingError, explained, is_locked
from orchestration.publishing.files import (
    FILE,
    alone,
    cleared,
    published_folder,
    quoted,
    seal,
    swap_file,
    swap_parquet,
    write_parquet,
)
from orchestration.publishing.reports import Report, judged
from orchestration.publishing.stamps import Stamp
from orchestration.triage import queue

STORAGE = "v1.0.0"  # every DuckDB 1.x client can open it
LOCK_PATIENCE_SECONDS = 60
KEPT = 10
MEMORY = "3GB"  # what needs more is spilled beside the new file


@dataclass(frozen=True)
class Publication:
    """What was published: the file, each report's fate, rows per table."""

    file: Path
    reports: list[Report]
    rows: dict[str, int]


def publish(
    warehouse: Path,
    data: Path,
    moment: datetime,
    *,
    personal_data: bool = False,
    beside: str | None = None,
    keep: int = KEPT,
    memory_limit: str = MEMORY,
) -> Publication:
    """Replace the published file and its Parquet twin by what the warehouse holds; else PublishingError.

    The last `keep` publications are kept. `beside` names a folder below the current publication's, for what is not
    current: it is not kept, and carries nothing over.
    """
    folder, moment = published_folder(data) / (beside or ""), _naive_utc(moment)
    with explained(folder), alone(folder), cleared(folder):
        if beside:
            return _beside(warehouse, folder, moment, personal_data, memory_limit)
        before = kept.mended(data)
        stamp = kept.following(data, before, moment)
        with _new_file(warehouse, folder, before and before.file, memory_limit) as connection:
            publication = _written(connection, folder, stamp, personal_data)
            publication.rows[queue.TABLE] = queue.observe(connection, data, moment, personal_data=personal_data)
        kept.set_aside(data, folder / f"{FILE}.new", stamp)
        swap_file(folder)
        swap_parquet(folder)
        kept.settle(data, stamp)
        kept.prune(data, keep)
    return publication


def _beside(warehouse: Path, folder: Path, moment: datetime, personal_data: bool, memory_limit: str) -> Publication:
    with _new_file(warehouse, folder, None, memory_limit) as connection:
        publication = _written(connection, folder, Stamp(0, moment, None), personal_data)
    swap_file(folder)
    swap_parquet(folder)
    return publication


@contextmanager
def _new_file(
    warehouse: Path, folder: Path, before: Path | None, memory_limit: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The databases `warehouse`, `old` and `new`, to be filled; then the new file and its Parquet twin, on disk."""
    if not warehouse.exists():
        raise PublishingError(f"There is no warehouse at {warehouse}: nothing was loaded yet.")
    new = folder / f"{FILE}.new"
    config = {"temp_directory": str(folder / "spill.new"), "memory_limit": memory_limit}
    with duckdb.connect(config=config) as connection:
        _attach_when_free(connection, warehouse)
        connection.execute(f"attach '{quoted(before)}' as old (read_only)" if before else "attach ':memory:' as old")
        connection.execute(f"attach '{quoted(new)}' as new (storage_version '{STORAGE}')")
        yield connection
        connection.execute("checkpoint new")
        write_parquet(connection, folder)
        connection.execute("detach new")
    seal(new)


def _written(connection: duckdb.DuckDBPyConnection, folder: Path, stamp: Stamp, personal_data: bool) -> Publication:
    schemas = tables.public(connection, personal_data=personal_data)
    reports = judged(connection, set(schemas))
    rows = tables.write(connection, schemas, reports, stamp.published_at)
    stamps.write(connection, stamp)
    return Publication(folder / FILE, reports, rows)


def _attach_when_free(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    for attempt in stamina.retry_context(is_locked, attempts=None, timeout=LOCK_PATIENCE_SECONDS, wait_max=2):
        with attempt:
            connection.execute(f"attach '{quoted(warehouse)}' as warehouse (read_only)")


def _naive_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
