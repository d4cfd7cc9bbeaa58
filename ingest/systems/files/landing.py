"""What a read system adds to raw: versions that differ from the latest, rows that never change once.

One call is part of its caller's transaction; it commits nothing.
"""

from datetime import datetime

import duckdb

from ingest.exchange import Table
from ingest.systems.files.settling import same_key
from ingest.systems.files.sql import columns, identifier, literal
from ingest.systems.loads import records_held

OTHER_PAYLOAD = "same id, other content than was loaded before; the first stays"


def land(con: duckdb.DuckDBPyConnection, system: str, table: Table, now: datetime) -> tuple[int, int]:
    """Append the new rows of `read_<table>` to raw; returns how many are new, and how many of other payload."""
    raw, moment = f"raw_files.{table.name}", f"timestamp '{now:%Y-%m-%d %H:%M:%S.%f}'"
    has_own_time = "loaded_at" in table.columns
    _create_latest(con, system, table, "true" if has_own_time or not table.changes else f"loaded_at <= {moment}")
    conflicts = 0
    if not table.changes:
        conflicts = _reject_conflicts(con, table)
    differs = "and old.content_hash = new.content_hash" if table.changes else ""
    con.execute(
        f"create temp table read_new as select * from read_{table.name} as new anti join read_latest as old"
        f" on {same_key(table, 'old', 'new')} {differs}"
    )
    if table.changes:  # two loads of one moment: the later one stands, so that a key has one version a moment
        at_once = "true" if has_own_time else f"raw.loaded_at = {moment}"
        con.execute(
            f"delete from {raw} as raw using read_new as new"
            f" where raw.system = {literal(system)} and {at_once} and {same_key(table, 'raw', 'new')}"
        )
    stamp = "landed_at" if has_own_time else "loaded_at"
    own = [name for name in table.raw_columns if name not in ("system", stamp, "rows_held")]
    target = columns(["system", *own, stamp])
    con.execute(f"insert into {raw} ({target}) select {literal(system)}, {columns(own)}, {moment} from read_new")
    landed = con.execute("select count(*) from read_new").fetchone()[0]
    con.execute("drop table read_new; drop table read_latest")
    return landed, conflicts


def note_held(con: duckdb.DuckDBPyConnection, system: str, table: Table) -> None:
    """Beside the latest extraction of a table: how many records of it raw holds now."""
    held = records_held(con, f"raw_files.{table.name}", system, table.key, not table.changes)
    of_table = f"system = {literal(system)} and object = {literal(table.name)}"
    con.execute(
        f"update raw_files.extractions set rows_held = {held}"
        f" where {of_table} and loaded_at = (select max(loaded_at) from raw_files.extractions where {of_table})"
    )


def land_rejected(con: duckdb.DuckDBPyConnection, system: str, now: datetime) -> None:
    """Append what was set aside and is not known yet."""
    known = ["table_name", "source_file", "record_number", "column_name", "value", "reason"]
    same = " and ".join(f"old.{name} is not distinct from new.{name}" for name in known)
    con.execute(
        f"insert into raw_files.rejected_rows (system, {columns(known)}, loaded_at)"
        f" select {literal(system)}, *, timestamp '{now:%Y-%m-%d %H:%M:%S.%f}'"
        f" from (select distinct {columns(known)} from read_rejected) as new"
        f" anti join (select * from raw_files.rejected_rows where system = {literal(system)}) as old on {same}"
    )


def _create_latest(con: duckdb.DuckDBPyConnection, system: str, table: Table, when: str) -> None:
    """`read_latest`: key → content_hash of its latest version in raw, of the keys that were read."""
    key = columns(table.key)
    raw_key = ", ".join(f"raw.{identifier(part)}" for part in table.key)
    con.execute(
        f"create temp table read_latest as select {raw_key}, arg_max(raw.content_hash, raw.loaded_at) as content_hash"
        f" from raw_files.{table.name} as raw semi join (select distinct {key} from read_{table.name}) as new"
        f" on {same_key(table, 'raw', 'new')} where raw.system = {literal(system)} and {when} group by all"
    )


def _reject_conflicts(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    return con.execute(
        f"insert into read_rejected select '{table.name}', new.source_file, new.record_number,"
        f" {literal(', '.join(table.key))}, concat_ws(', ', {', '.join(f'new.{identifier(k)}' for k in table.key)}),"
        f" {literal(OTHER_PAYLOAD)} from read_{table.name} as new join read_latest as old"
        f" on {same_key(table, 'old', 'new')} where old.content_hash <> new.content_hash"
    ).fetchone()[0]
