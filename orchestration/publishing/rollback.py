"""Back to a publication that is kept: the same system call that publishes, with the very bytes that were published.

Nothing is computed and nothing judged anew; the next good run publishes what the warehouse holds then.
"""

import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.publishing import kept, stamps, tables
from orchestration.publishing.failures import PublishingError, explained
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
from orchestration.publishing.kept import Kept


def roll_back(data: Path, to: int | datetime | None = None, *, personal_data: bool = False) -> Kept:
    """Publish a kept publication again, by number, by moment (naive UTC) or the one before; else PublishingError."""
    folder = published_folder(data)
    with explained(folder), alone(folder), cleared(folder):
        current = kept.mended(data)
        chosen = _chosen(kept.publications(data), current, to)
        _copy(chosen.file, folder, personal_data)
        swap_file(folder)
        swap_parquet(folder)
    return chosen


def _chosen(publications: list[Kept], current: Kept | None, to: int | datetime | None) -> Kept:
    match to:
        case datetime():
            wanted, fitting = f"of {to:%Y-%m-%d %H:%M} UTC", [one for one in publications if one.published_at <= to]
        case int():
            wanted, fitting = f"number {to}", [one for one in publications if one.number == to]
        case None if current:
            before = stamps.read(current.file).replaced
            wanted, fitting = "before the current one", [one for one in publications if one.number == before]
        case None:
            wanted, fitting = "at all", publications
    if not fitting:
        raise PublishingError(f"No publication {wanted} is kept. {_those(publications)}")
    return fitting[0]


def _those(publications: list[Kept]) -> str:
    numbers = ", ".join(str(one.number) for one in publications)
    return f"Kept are {numbers}: see `onefunnel rollback --list`." if numbers else "Nothing was published yet."


def _copy(file: Path, folder: Path, personal_data: bool) -> None:
    """The file as it was published, and the Parquet twin made from it, beside those that readers see."""
    new = Path(shutil.copyfile(file, folder / f"{FILE}.new"))
    seal(new)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{quoted(new)}' as new (read_only)")
        if not personal_data and _has_personal_data(connection):
            raise PublishingError(
                "That publication holds e-mails, names and phones, which publish_personal_data does not allow any more."
            )
        write_parquet(connection, folder)


def _has_personal_data(connection: duckdb.DuckDBPyConnection) -> bool:
    query = "select count(*) from duckdb_tables() where database_name = 'new' and list_contains(?, table_name)"
    return connection.execute(query, [list(tables.PERSONAL)]).fetchone()[0] > 0
