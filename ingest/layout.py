"""The layout of the warehouse: which one a file has, how an older one becomes today's, and what is refused.

A file of an earlier release is brought up to date when it is next opened to write: a copy of it is kept, then all of it
changes in one transaction, so that a kill leaves the old layout or the new one. What the tables are is declared in
`ingest.warehouse`; what only the models hold is theirs (`on_schema_change`), unless a migration here moves it.
"""

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

log = logging.getLogger(__name__)

RELEASE = version("onefunnel")
STAMP = "layout.written_by"
ROOM = 1.1  # of the file's size: a copy of it, and what the new layout adds

Tables = dict[str, dict[str, str]]  # schema.table → column → DuckDB type


class WarehouseError(Exception):
    """The warehouse cannot be opened; the message says why and what to do."""


@dataclass(frozen=True)
class Written:
    """By which release a file was last brought up to date, and to which layout; 0 is from before layouts counted."""

    layout: int
    release: str


def forget_what_was_good(con: duckdb.DuckDBPyConnection) -> None:
    """What an earlier release built and audited is not published before today's models have built it anew."""
    con.execute("drop schema if exists evidence cascade")


# From the layout of that place to the next one. What RAW declares and a file lacks is added without a word here.
MIGRATIONS: tuple[Callable[[duckdb.DuckDBPyConnection], None], ...] = (forget_what_was_good,)
TODAY = Written(len(MIGRATIONS), RELEASE)


def written(con: duckdb.DuckDBPyConnection, database: str | None = None) -> Written | None:
    """What the file of this connection, or one that it has attached, says of itself; null when it holds nothing yet."""
    where = "database_name = coalesce(?, current_database())"
    tables = "select schema_name || '.' || table_name from duckdb_tables() where "
    names = {name for (name,) in con.execute(f"{tables} {where}", [database]).fetchall()}
    if STAMP in names:
        source = f'"{database}".{STAMP}' if database else STAMP
        return Written(*con.execute(f"select layout, release from {source}").fetchone())
    if names and not any(name.startswith("raw_") for name in names):
        raise WarehouseError(
            "a DuckDB file, but none of OneFunnel's: move it away, or set ONEFUNNEL_DATA to another folder"
        )
    return Written(0, "an earlier release") if names else None


def refuse_newer(found: Written | None) -> None:
    """Raises WarehouseError for a layout that this release does not know."""
    if found and found.layout > TODAY.layout:
        raise WarehouseError(
            f"written by OneFunnel {found.release} (layout {found.layout}), and this is {RELEASE}, which knows layouts"
            f" up to {TODAY.layout}: install OneFunnel {found.release} or a later one, or restore the backup from"
            " before that upgrade (`onefunnel restore`)"
        )


def is_older(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether this file needs a migration; raises WarehouseError for one that is newer, or not ours."""
    found = written(con)
    refuse_newer(found)
    return found is not None and found.layout < TODAY.layout


def keep_copy(file: Path) -> Path:
    """A copy of a closed file beside it, the only one; raises WarehouseError when there is no room for it."""
    copy, needed = file.with_name(f"{file.stem}.before-layout-{TODAY.layout}{file.suffix}"), file.stat().st_size * ROOM
    free = shutil.disk_usage(file.parent).free
    if free < needed:
        raise WarehouseError(
            f"of an earlier release, and a copy of it is kept before it is brought up to date: that takes"
            f" {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free; make room and run again, nothing was changed"
        )
    new = copy.with_name(f"{copy.name}.new")
    shutil.copyfile(file, new)
    with open(new, "rb") as written_out:
        os.fsync(written_out.fileno())
    os.replace(new, copy)
    for earlier in set(file.parent.glob(f"{file.stem}.before-layout-*")) - {copy}:
        earlier.unlink()
    return copy


def bring_up_to_date(con: duckdb.DuckDBPyConnection, declared: Tables) -> None:
    """Today's layout, in one transaction; raises WarehouseError, with nothing changed, where that cannot be."""
    found = written(con)
    refuse_newer(found)
    if found == TODAY:
        return
    con.begin()
    try:
        for migrate in MIGRATIONS[found.layout :] if found else ():
            migrate(con)
        conform(con, declared)
        con.execute(f"create schema if not exists {STAMP.split('.')[0]}")
        con.execute(f"create or replace table {STAMP} as select ? as layout, ? as release", [TODAY.layout, RELEASE])
        con.commit()
    except BaseException:
        con.rollback()
        raise
    if found:
        log.warning("The warehouse of %s (layout %d) was brought up to date.", found.release, found.layout)


def conform(con: duckdb.DuckDBPyConnection, declared: Tables) -> None:
    """Every declared table with its declared columns; raises WarehouseError naming the columns of another type."""
    found, others = _columns(con), []
    for name, columns in declared.items():
        table, there = quoted(name), found.get(name, {})
        if not there:
            con.execute(f"create schema if not exists {name.split('.')[0]}")
            described = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            con.execute(f"create table {table} ({described})")
        for column, kind in columns.items() if there else ():
            if column not in there:
                con.execute(f'alter table {table} add column "{column}" {kind}')
            elif there[column] != str(duckdb.sqltype(kind)):
                others.append(f"{name}.{column} is {there[column]}, not {kind}")
    if others:
        raise WarehouseError(
            f"{len(others)} of its columns have another type than OneFunnel {RELEASE} declares, and no migration mends"
            f" that: {'; '.join(others[:5])}; install the release that wrote it, or restore a backup"
        )


def quoted(name: str) -> str:
    """`raw_salesforce."group"`: some vendors' objects are named by SQL's own words."""
    schema, _, table = name.partition(".")
    return f'{schema}."{table}"'


def _columns(con: duckdb.DuckDBPyConnection) -> Tables:
    found: Tables = {}
    for table, column, kind in con.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database()"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found
