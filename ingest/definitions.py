"""What people wrote, as each load found it: sources.yml and every version of the agreement, to the byte.

The raw tables made from them are replaced whole by each load, so only this remembers what was agreed and connected at
an earlier moment. What the files mean is decided where they are read; nothing here parses them.
"""

from datetime import datetime
from pathlib import Path

import duckdb

TABLE = "raw_definitions.files"
SOURCES = "sources"
AGREEMENT = "agreement"


def keep(con: duckdb.DuckDBPyConnection, name: str, files: dict[str, bytes], now: datetime) -> None:
    """Note the files of one definition where they are not as last noted; part of its caller's transaction.

    A file that is gone is noted with no content. `now` is naive UTC; of two loads at one moment the later one stands.
    """
    _prepare(con)
    before = _known(con, TABLE, name, now)
    changed = {file: content for file, content in files.items() if before.get(file) != content}
    changed |= {file: None for file, content in before.items() if content is not None and file not in files}
    for file, content in changed.items():
        con.execute(f"delete from {TABLE} where name = ? and file = ? and loaded_at = ?", [name, file, now])
        con.execute(f"insert into {TABLE} values (?, ?, ?, ?)", [name, file, content, now])


def write_as_known(con: duckdb.DuckDBPyConnection, moment: datetime, folder: Path) -> datetime | None:
    """Write `folder`/sources/… and `folder`/agreement/… as last noted by `moment`, else as they were noted first.

    `con` has the warehouse attached as `warehouse`. Gives back since when they are remembered if that is later than the
    moment; raises LookupError where no load has noted them.
    """
    firsts = _first_noted(con)
    if firsts.keys() < {SOURCES, AGREEMENT}:
        raise LookupError("no load has noted what is agreed and connected yet")
    for name, first in firsts.items():
        for file, content in _known(con, f"warehouse.{TABLE}", name, max(moment, first)).items():
            if content is not None:
                path = folder / name / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    return max(firsts.values()) if moment < max(firsts.values()) else None


def _first_noted(con: duckdb.DuckDBPyConnection) -> dict[str, datetime]:
    exists = "select 1 from duckdb_tables() where database_name = 'warehouse' and schema_name = 'raw_definitions'"
    if not con.execute(exists).fetchone():
        return {}
    return dict(con.execute(f"select name, min(loaded_at) from warehouse.{TABLE} group by name").fetchall())


def _known(con: duckdb.DuckDBPyConnection, table: str, name: str, moment: datetime) -> dict[str, bytes | None]:
    return dict(
        con.execute(
            f"select file, arg_max_null(content, loaded_at) from {table}"
            " where name = ? and loaded_at <= ? group by file order by file",
            [name, moment],
        ).fetchall()
    )


def _prepare(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema if not exists raw_definitions")
    con.execute(f"create table if not exists {TABLE} (name varchar, file varchar, content blob, loaded_at timestamp)")
