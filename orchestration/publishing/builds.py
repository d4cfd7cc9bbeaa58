"""Which build of the models each published table comes from: written with the tables, read back before the next build.

It stands in the published file itself, in a schema of its own, so that the one system call which publishes the tables
also says so: a run that is killed before has published nothing, one that is killed after has. The models read it as
`raw_published.builds`, to know from what they differ.
"""

from datetime import datetime
from pathlib import Path

import duckdb
from ingest.warehouse import RAW

from orchestration.publishing import kept
from orchestration.publishing.files import FILE, opened, published_folder

TAKEN_IN, NOTED, BUILT = "raw_published.builds", "evidence.published_builds", "intermediate.int_builds_numbered"
COLUMNS = ", ".join(f"{column} {kind}" for column, kind in RAW[TAKEN_IN].items())


def note(connection: duckdb.DuckDBPyConnection, fresh: set[str], moment: datetime) -> None:
    """Into `new`: today's build for every fresh table, and for one that was carried over what stands in `old`."""
    before = {table: noted for table, *noted in _rows(connection, "old", NOTED, "table_name, build_id, published_at")}
    kept = [[table, *noted] for table, noted in before.items() if table not in fresh]
    for (build,) in _rows(connection, "warehouse", BUILT, "max_by(build_id, build)"):
        again = {table for table in fresh if before.get(table, [None])[0] == build}
        kept += [[table, build, before[table][1] if table in again else moment] for table in sorted(fresh)]
    if kept:
        connection.execute(f"create schema if not exists new.evidence; create table new.{NOTED} ({COLUMNS})")
        connection.executemany(f"insert into new.{NOTED} values (?, ?, ?)", kept)


def take_in(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Into the warehouse: what the published file says of its tables, beside what it said before.

    What only later publications say was rolled back, and is as if it had never been published: what is carried over
    and what is restated then speak of the same tables.
    """
    standing = _noted(published_folder(data) / FILE)
    for table, build, _ in [row for one in kept.rolled_back(data) for row in _noted(one.file) if row not in standing]:
        connection.execute(f"delete from {TAKEN_IN} where table_name = ? and build_id = ?", [table, build])
    for table, build, published_at in standing:
        connection.execute(
            f"insert into {TAKEN_IN} select $table, $build, $published_at::timestamp"
            f" where not exists (from {TAKEN_IN} where table_name = $table and build_id = $build)",
            {"table": table, "build": build, "published_at": published_at},
        )


def _noted(file: Path) -> list[tuple]:
    if not file.exists():
        return []
    with opened(file) as connection:
        return _rows(connection, *connection.execute("select current_database()").fetchone(), NOTED, "*")


def _rows(connection: duckdb.DuckDBPyConnection, database: str, table: str, columns: str) -> list[tuple]:
    """The answer, or nothing where the database has no such table."""
    there = connection.execute(
        "select 1 from duckdb_tables() where database_name = ? and schema_name || '.' || table_name = ?",
        [database, table],
    ).fetchone()
    return connection.execute(f'select {columns} from "{database}".{table}').fetchall() if there else []
