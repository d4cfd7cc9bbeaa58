"""Somebody who reads the published file all the time: `python -m tests.daemon.reader FILE OUT`.

Every look must succeed; of each file that was ever there, what it held is written to OUT as one line of JSON.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

TIMES = ("known_at", "first_seen_at", "published_at", "held_since")
OURS = {"mismatch_incidents"}  # the queue: it speaks of when somebody looked
PAUSE_SECONDS = 0.1
LIVES_SECONDS = 3600


def contents(connection: duckdb.DuckDBPyConnection, database: str, schemas: tuple[str, ...]) -> dict[str, str]:
    """Table → how many rows it has and their sum, whatever their order, but for the times of the run."""
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = ? and list_contains(?, schema_name) and not contains(table_name, '__dbt_')",
        [database, list(schemas)],
    ).fetchall()
    found = {}
    for schema, table in tables:
        source = f'{database}.{schema}."{table}"'
        columns = [row[0] for row in connection.execute(f"describe {source}").fetchall() if row[0] not in TIMES]
        row = ", ".join(f'"{column}"' for column in sorted(columns))
        count, total = connection.execute(
            f"select count(*), sum(hash(row({row}))::hugeint % 1000000007) from {source}"
        ).fetchone()
        found[table] = f"{count}:{total or 0}"
    return {table: value for table, value in found.items() if table not in OURS}


def look(file: Path) -> dict:
    """What one file holds, and whether its tables are of one moment."""
    with duckdb.connect(str(file), read_only=True) as connection:
        (database,) = connection.execute("select current_database()").fetchone()
        (strays,) = connection.execute(
            "select count(*) from stage_mismatches full join"
            " (select * from mismatch_incidents where state <> 'resolved') as queue using (mismatch_id)"
            " where stage_mismatches.person_id is null or queue.person_id is null"
        ).fetchone()
        return {
            "tables": contents(connection, database, ("main",)),
            "reports": dict(connection.execute("select report, status from report_status").fetchall()),
            "strays": strays,
        }


def main(file: Path, out: Path) -> None:
    """Look until the file `OUT.stop` is there."""
    began, reads, known = time.monotonic(), 0, None
    with out.open("a") as told:
        while not out.with_suffix(".stop").exists() and time.monotonic() - began < LIVES_SECONDS:
            time.sleep(PAUSE_SECONDS)
            if not file.exists():
                assert known is None, "what was published is gone"
                continue
            reads += 1
            try:
                stat = file.stat()
                if (stat.st_ino, stat.st_mtime_ns) != known:
                    told.write(json.dumps({"at": time.time(), **look(file)}) + "\n")
                    told.flush()
                    known = (stat.st_ino, stat.st_mtime_ns)
                else:
                    with duckdb.connect(str(file), read_only=True) as connection:
                        connection.execute("from report_status").fetchall()
            except (duckdb.Error, OSError) as error:
                told.write(json.dumps({"at": time.time(), "unreadable": str(error)}) + "\n")
                told.flush()
        told.write(json.dumps({"at": time.time(), "reads": reads}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
