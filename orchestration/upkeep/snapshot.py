"""A copy of a data dir at one moment, of all that cannot be made again, while everything else goes on.

The caller holds the turn, so that no run writes; SQLite files may be written all the same (Dagster's, the alerts',
the triage's) and are copied by SQLite itself. What is not known here is copied too: too much is better than too little.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from fnmatch import fnmatch
from pathlib import Path

from ingest import layout, warehouse
from ingest.settings import Settings

WAREHOUSE = "warehouse.duckdb"
PLACE = "backup"  # below the data dir, where a backup is prepared
MADE_AGAIN = (
    "dbt",  # parsed by the next run
    "logs",
    "replays",
    "run.lock",
    PLACE,
    f"{WAREHOUSE}.wal",  # empty while nobody writes
    f"{WAREHOUSE}.tmp",  # what DuckDB spills
    "warehouse.before-layout-*",
)
PASSING = ("*.new", "*.new.*", "*-wal", "*-shm", "*-journal", ".lock")  # wherever they lie; SQLite's are in its copy
RUNS = ("dagster/history", "dagster/schedules", "dagster/storage", "dagster/logs")
SQLITE = b"SQLite format 3\0"


class SnapshotError(Exception):
    """A file could not be copied; the text names it."""


def left_out(data: Path, *, runs: bool) -> list[str]:
    """What lies in the data dir and is not kept: it can be made again, or is not wanted."""
    there = [path.name for path in data.iterdir()] + [path for path in RUNS if (data / path).exists()]
    return sorted(name for name in there if not _is_kept(Path(name), runs))


def kept(data: Path, *, runs: bool) -> Iterator[Path]:
    """Every file and link of the data dir that is kept; `runs`: Dagster's history too."""
    for folder, folders, files in os.walk(data):
        here = Path(folder).relative_to(data)
        folders[:] = sorted(name for name in folders if _is_kept(here / name, runs))
        links = [name for name in folders if (data / here / name).is_symlink()]
        yield from (data / here / name for name in sorted([*files, *links]) if _is_kept(here / name, runs))


def take(settings: Settings, to: Path, *, runs: bool, moved: Callable[[int], None]) -> layout.Written:
    """Copy what is kept; `moved` is told the bytes of each file. Gives back the layout of the warehouse.

    Raises WarehouseError for a warehouse that cannot be opened, SnapshotError for another file that cannot be copied.
    """
    data = settings.data.absolute()
    with warehouse.open_as_it_is(settings) as connection:
        found = layout.written(connection) or layout.TODAY
        connection.execute("checkpoint")
    for path in kept(data, runs=runs):
        target = to / path.relative_to(data)
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(path, target)
        moved(path.lstat().st_size)
    return found


def _copy(path: Path, target: Path) -> None:
    if path.is_symlink():
        return target.symlink_to(path.readlink())
    with open(path, "rb") as file:
        is_sqlite = file.read(len(SQLITE)) == SQLITE
    if is_sqlite:
        try:
            with closing(sqlite3.connect(path, timeout=30)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
        except sqlite3.Error as error:
            raise SnapshotError(f"{path}: SQLite cannot copy it: {error}") from None
    else:
        shutil.copy2(path, target)


def _is_kept(path: Path, runs: bool) -> bool:
    at_the_top = len(path.parts) == 1 and _is(path.name, MADE_AGAIN)
    return not (at_the_top or _is(path.name, PASSING) or (not runs and _is(path.as_posix(), RUNS)))


def _is(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
