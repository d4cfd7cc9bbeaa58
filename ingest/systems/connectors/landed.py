"""What the warehouse knows of the extractions that have landed: where the next begins, what the source counted."""

import json
from datetime import datetime

import duckdb

from ingest.systems.connectors.spool import Pull
from ingest.systems.files.sql import columns

CURSORS = "raw_extracts.cursors"
WINDOWS = "raw_extracts.windows"
TABLES = {
    CURSORS: {"system": "VARCHAR", "object": "VARCHAR", "cursor": "VARCHAR", "loaded_at": "TIMESTAMP"},
    WINDOWS: {
        "system": "VARCHAR",
        "object": "VARCHAR",
        "window_number": "BIGINT",
        "since": "VARCHAR",
        "until": "VARCHAR",
        "rows_at_source": "BIGINT",
        "rows_fetched": "BIGINT",
        "loaded_at": "TIMESTAMP",
    },
}


def cursors(con: duckdb.DuckDBPyConnection, system: str) -> dict[str, dict]:
    """Object → where its last landed extraction ended."""
    latest = f"select object, arg_max(cursor, loaded_at) from {CURSORS} where system = ? group by object"
    return {object: json.loads(cursor) for object, cursor in con.execute(latest, [system]).fetchall()}


def remember(con: duckdb.DuckDBPyConnection, system: str, pull: Pull, now: datetime) -> None:
    """Where the next extraction of an object begins, and what was counted of this one; part of its landing."""
    progress = pull.progress
    for table in TABLES:  # two loads of one moment: the later one stands
        con.execute(
            f"delete from {table} where system = ? and object = ? and loaded_at = ?", [system, pull.object, now]
        )
    cursor = json.dumps(progress.cursor)
    con.execute(f"insert into {CURSORS} values (?, ?, ?, ?)", [system, pull.object, cursor, now])
    for number, one in enumerate(progress.windows, 1):
        values = [system, pull.object, number, one.since, one.until, one.at_source, one.fetched, now]
        con.execute(f"insert into {WINDOWS} ({columns(TABLES[WINDOWS])}) values (?, ?, ?, ?, ?, ?, ?, ?)", values)
