"""The files that readers see: how they are replaced, all at once, and what is cleared up around them.

Nobody but publishing may write them: a program that opens the published file to write is refused, or, where it may do
everything (root), cannot keep what it writes. Its log would lie beside the next publication, whose readers would take
it for a part of that.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.publishing.failures import is_locked

FILE = "onefunnel.duckdb"
NOWHERE = "no/log/is/written/here"


def published_folder(data: Path) -> Path:
    """Where readers look."""
    return data.absolute() / "published"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One publication at a time; the kernel drops the lock of a process that dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published file, to read; a copy of it while another program holds it to write."""
    try:
        connection = duckdb.connect(str(file), read_only=True)
    except duckdb.IOException as error:
        if not is_locked(error):
            raise
        with tempfile.TemporaryDirectory(dir=file.parent, suffix=".new") as folder:
            copy = shutil.copyfile(file, Path(folder) / "copy")
            with duckdb.connect(str(copy), read_only=True) as connection:
                yield connection
    else:
        with connection:
            yield connection


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The next Parquet folder, complete and on disk: every table of the attached database `new`."""
    parquet = folder / "parquet.new"
    parquet.mkdir()
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where database_name = 'new' and schema_name = 'main' order by all"
    ).fetchall():
        path = parquet / f"{table}.parquet"
        connection.execute(f"copy new.main.\"{table}\" to '{quoted(path)}' (format parquet)")
        sync(path)


def seal(file: Path) -> None:
    """On disk, and to be read only."""
    file.chmod(file.stat().st_mode & 0o444)
    sync(file)


def swap_file(folder: Path) -> None:
    """The one system call that publishes."""
    _link(folder / f"{FILE}.wal", NOWHERE)
    os.replace(folder / f"{FILE}.new", folder / FILE)
    sync(folder)


def swap_parquet(folder: Path) -> None:
    """Point the link `parquet` at the new folder; the one before stays, for its readers, until the next publication."""
    number = 1 + max((_number(path) for path in folder.glob("parquet-*")), default=0)
    os.rename(folder / "parquet.new", folder / f"parquet-{number}")
    _link(folder / "parquet", f"parquet-{number}")
    sync(folder)


@contextmanager
def cleared(folder: Path) -> Iterator[None]:
    """What an earlier publication, finished or killed, left beside the files that readers see is removed, as what a
    publication leaves that fails."""
    _clear(folder)
    try:
        yield
    except BaseException:
        _clear(folder)
        raise


def quoted(path: Path) -> str:
    """A path as it stands between the quotes of SQL."""
    return str(path).replace("'", "''")


def sync(path: Path) -> None:
    """Wait until a file or a folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link(path: Path, target: str) -> None:
    new = path.with_name(f"{path.name}.link.new")
    new.symlink_to(target)
    os.replace(new, path)


def _number(path: Path) -> int:
    return int(path.name.removeprefix("parquet-")) if path.name.removeprefix("parquet-").isdigit() else 0


def _clear(folder: Path) -> None:
    current = (folder / "parquet").resolve()
    for pattern in ("*.new", "*.new.*", f"{FILE}.old*", "parquet-*"):
        for path in folder.glob(pattern):
            if path.is_dir() and not path.is_symlink():
                if path != current:
                    shutil.rmtree(path)
            else:
                path.unlink()
