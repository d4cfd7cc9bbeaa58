"""The same id several times in the exports: one row survives, whatever the order of the files' records.

Identical rows collapse. In another file of the same mapping (a daily full export) the latest update wins, else the
later file, and the rest is superseded. In the same file, or where rows never change, the rest is rejected.
"""

import duckdb

from ingest.exchange import Table
from ingest.systems.files.sql import columns, literal

UPDATED = {"people": "updated_at", "opportunities": "updated_at", "field_values": "set_at"}
DUPLICATED = "duplicated id: another record with the same id and other content was kept"


def same_key(table: Table, left: str, right: str) -> str:
    """The condition that two relations' rows have one key; a null part equals a null."""
    equals = {part: "=" if part in table.required else "is not distinct from" for part in table.key}
    return " and ".join(f'{left}."{part}" {equals[part]} {right}."{part}"' for part in table.key)


def settle(con: duckdb.DuckDBPyConnection, table: Table, read, known_system: str | None) -> None:
    """Create `read_<table>` from `mapped_<table>`, one row a key, and count what fell away in `read` (a TableRead)."""
    mapped, key = f"mapped_{table.name}", columns(table.key)
    con.execute(f"create temp table read_doubled as select {key} from {mapped} group by {key} having count(*) > 1")
    if con.execute("select count(*) from read_doubled").fetchone()[0] == 0:
        con.execute(f"alter table {mapped} rename to {read.relation}")
    else:
        _judge(con, table, known_system)
        _keep(con, table, read)
        con.execute(f"drop table {mapped}")
    con.execute("drop table read_doubled")
    for name in ("mapping", "problem"):
        con.execute(f"alter table {read.relation} drop column {name}")
    read.good = con.execute(f"select count(*) from {read.relation}").fetchone()[0]
    read.rejected = con.execute("select count(*) from read_rejected where table_name = ?", [table.name]).fetchone()[0]


def _judge(con: duckdb.DuckDBPyConnection, table: Table, known_system: str | None) -> None:
    """`read_contested`: every row of a doubled key with its rank and its survivor's content, file and mapping."""
    mapped, known = f"mapped_{table.name}", "false"
    if known_system is not None and not table.changes:
        known = (
            f"exists (select 1 from raw_files.{table.name} as raw where raw.system = {literal(known_system)}"
            f" and {same_key(table, 'raw', 'm')} and raw.content_hash = m.content_hash)"
        )
    order = [f"{known} desc"]
    order += [f"{UPDATED[table.name]} desc nulls last"] if table.name in UPDATED else []
    order += ["source_file desc"] if table.changes else []
    order += ["content_hash desc", "source_file", "mapping", "record_number"]
    con.execute(
        f"create temp table read_contested as select m.*, row_number() over survivor as rank,"
        f" first_value(content_hash) over survivor as kept_hash, first_value(source_file) over survivor as kept_file,"
        f" first_value(mapping) over survivor as kept_mapping"
        f" from {mapped} as m semi join read_doubled as d on {same_key(table, 'm', 'd')}"
        f" window survivor as (partition by {columns(table.key)} order by {', '.join(order)})"
    )


def _keep(con: duckdb.DuckDBPyConnection, table: Table, read) -> None:
    is_identical = "content_hash = kept_hash"
    is_superseded = "false"
    if table.changes:
        is_superseded = f"not ({is_identical}) and mapping = kept_mapping and source_file <> kept_file"
    beside = "rank, kept_hash, kept_file, kept_mapping"
    con.execute(
        f"create temp table {read.relation} as select * from mapped_{table.name} as m"
        f" anti join read_doubled as d on {same_key(table, 'm', 'd')}"
        f" union all by name select * exclude ({beside}) from read_contested where rank = 1"
    )
    con.execute(
        f"insert into read_rejected select '{table.name}', source_file, record_number, {literal(', '.join(table.key))},"
        f" concat_ws(', ', {columns(table.key)}), {literal(DUPLICATED)} from read_contested"
        f" where rank > 1 and not ({is_identical}) and not ({is_superseded})"
    )
    read.duplicates, read.superseded = con.execute(
        f"select count(*) filter (rank > 1 and {is_identical}), count(*) filter (rank > 1 and {is_superseded})"
        " from read_contested"
    ).fetchone()
    con.execute("drop table read_contested")
