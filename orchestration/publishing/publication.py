"""Publishing: a whole new file beside the old one, renamed over it in one system call.

A reader sees the old tables or the new ones, never a mixture, never a lock. Whoever calls this has made sure that the
checks passed (evidence.py). A kill at any point leaves the old file or the new one; the next publication clears up.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import stamina

from orchestration.publishing import tables
from orchestration.publishing.reports import Report, judged
from orchestration.triage import queue
from orchestration.triage.store import TriageError

FILE = "onefunnel.duckdb"
STORAGE = "v1.0.0"  # every DuckDB 1.x client can open it
LOCK_PATIENCE_SECONDS = 60


class PublishingError(Exception):
    """Nothing was published; the text says why and what to do."""


@dataclass(frozen=True)
class Publication:
    """What was published: the file, each report's fate, rows per table."""

    file: Path
    reports: list[Report]
    rows: dict[str, int]


def published_folder(data: Path) -> Path:
    """Where readers look."""
    return data.absolute() / "published"


def publish(
    warehouse: Path, data: Path, moment: datetime, *, personal_data: bool = False, beside: str | None = None
) -> Publication:
    """Replace the published file and its Parquet twin by what the warehouse holds; else PublishingError.

    `beside` names a folder below the current publication's, for what is not current.
    """
    folder = published_folder(data) / (beside or "")
    with _explained(folder), _alone(folder):
        clear_leftovers(folder)
        try:
            publication = _build(warehouse, folder, _naive_utc(moment), personal_data, None if beside else data)
        except BaseException:
            clear_leftovers(folder)
            raise
        swap_file(folder)
        swap_parquet(folder)
    return publication


def _build(warehouse: Path, folder: Path, moment: datetime, personal_data: bool, data: Path | None) -> Publication:
    """The new file and the new Parquet folder, complete and on disk, beside the old ones; the queue of `data` hears."""
    if not warehouse.exists():
        raise PublishingError(f"There is no warehouse at {warehouse}: nothing was loaded yet.")
    new, old = folder / f"{FILE}.new", folder / f"{FILE}.old"
    if (folder / FILE).exists():
        shutil.copyfile(folder / FILE, old)  # a copy: a BI tool may hold the lock of the file itself
    with duckdb.connect(config={"temp_directory": str(folder / "spill.new")}) as connection:
        _attach_when_free(connection, warehouse)
        connection.execute(
            f"attach '{_quoted(old)}' as old (read_only)" if old.exists() else "attach ':memory:' as old"
        )
        connection.execute(f"attach '{_quoted(new)}' as new (storage_version '{STORAGE}')")
        schemas = tables.public(connection, personal_data=personal_data)
        reports = judged(connection, set(schemas))
        rows = tables.write(connection, schemas, reports, moment)
        if data:
            rows |= {queue.TABLE: queue.observe(connection, data, moment, personal_data=personal_data)}
        connection.execute("checkpoint new")
        _write_parquet(connection, folder, rows)
        connection.execute("detach new")
    old.unlink(missing_ok=True)
    _sync(new)
    return Publication(folder / FILE, reports, rows)


def _write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path, rows: dict[str, int]) -> None:
    parquet = folder / "parquet.new"
    parquet.mkdir()
    for table in rows:
        path = parquet / f"{table}.parquet"
        connection.execute(f"copy new.main.\"{table}\" to '{_quoted(path)}' (format parquet)")
        _sync(path)


def swap_file(folder: Path) -> None:
    """The one system call that publishes."""
    (folder / f"{FILE}.wal").unlink(missing_ok=True)  # of somebody who opened the old file to write
    os.replace(folder / f"{FILE}.new", folder / FILE)
    _sync(folder)


def swap_parquet(folder: Path) -> None:
    """Point the link `parquet` at the new folder; the one before stays, for its readers, until the next publication."""
    number = 1 + max((_number(path) for path in folder.glob("parquet-*")), default=0)
    os.rename(folder / "parquet.new", folder / f"parquet-{number}")
    link = folder / "parquet.link.new"
    link.symlink_to(f"parquet-{number}", target_is_directory=True)
    os.replace(link, folder / "parquet")
    _sync(folder)


def clear_leftovers(folder: Path) -> None:
    """Remove what an earlier publication, finished or killed, left beside the files that readers see."""
    current = (folder / "parquet").resolve()
    for path in [
        *folder.glob("*.new"),
        *folder.glob("*.new.*"),
        *folder.glob(f"{FILE}.old*"),
        *folder.glob("parquet-*"),
    ]:
        if path.is_dir() and not path.is_symlink():
            if path != current:
                shutil.rmtree(path)
        else:
            path.unlink()


def _attach_when_free(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    for attempt in stamina.retry_context(_is_locked, attempts=None, timeout=LOCK_PATIENCE_SECONDS, wait_max=2):
        with attempt:
            connection.execute(f"attach '{_quoted(warehouse)}' as warehouse (read_only)")


def _is_locked(error: Exception) -> bool:
    return isinstance(error, duckdb.IOException) and "lock" in str(error)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One publication at a time; the kernel drops the lock of a process that dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Errors of disk and locks as sentences that say what to do."""
    try:
        yield
    except (OSError, duckdb.Error, TriageError) as error:
        raise PublishingError(f"{_advice(error, folder)} What was published before still stands.") from error


def _advice(error: Exception, folder: Path) -> str:
    number, text = getattr(error, "errno", None), str(error)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "No space left" in text or "File too large" in text:
        return f"There is no room left to write into {folder}: free some space and run again. ({text})"
    if (
        number in (errno.EROFS, errno.EACCES, errno.EPERM)
        or "Read-only file system" in text
        or "Permission denied" in text
    ):
        return f"{folder} cannot be written: allow it, or set ONEFUNNEL_DATA to another folder. ({text})"
    if _is_locked(error):
        return f"Another program has the warehouse open: close it and run again. ({text})"
    return text if isinstance(error, TriageError) else f"Publishing failed: {text}"


def _naive_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _number(path: Path) -> int:
    return int(path.name.removeprefix("parquet-")) if path.name.removeprefix("parquet-").isdigit() else 0


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
