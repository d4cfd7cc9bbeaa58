"""Which publication a file is: its number, its moment, and the publication that it replaced.

It stands in the file itself, so that the one system call which publishes the tables also says which they are, and so
that a copy, a backup and a kill cannot part the two.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.publishing.files import opened

TABLE = "evidence.publication"


@dataclass(frozen=True)
class Stamp:
    """One publication; `published_at` is naive UTC, `replaced` the number of what readers saw before it, if any."""

    number: int
    published_at: datetime
    replaced: int | None


def write(connection: duckdb.DuckDBPyConnection, stamp: Stamp) -> None:
    """Into the attached database `new`."""
    connection.execute("create schema if not exists new.evidence")
    connection.execute(
        f"create table new.{TABLE} as"
        " select $number::integer as number, $at::timestamp as published_at, $replaced::integer as replaced",
        {"number": stamp.number, "at": stamp.published_at, "replaced": stamp.replaced},
    )


def read(file: Path) -> Stamp | None:
    """The stamp of a published file, none where there is no file; what was published unnumbered is number 0."""
    if not file.exists():
        return None
    with opened(file) as connection:
        noted = connection.execute(
            "select 1 from duckdb_tables() where schema_name || '.' || table_name = ?", [TABLE]
        ).fetchone()
        if noted:
            return Stamp(*connection.execute(f"select number, published_at, replaced from {TABLE}").fetchone())
    return Stamp(0, datetime.fromtimestamp(int(file.stat().st_mtime), UTC).replace(tzinfo=None), None)
