"""What the exports add to a raw table: versions that differ from the latest, rows that never change once.

One call is part of its caller's transaction; it commits nothing.
"""

from datetime import datetime

import duckdb

from ingest.systems.files.sql import columns, identifier, literal
from ingest.systems.vendors.declaring import Table
from ingest.systems.vendors.settling import Settled, same_key


def land(
    con: duckdb.DuckDBPyConnection, schema: str, system: str, table: Table, settled: Settled, now: datetime
) -> tuple[int, int]:
    """Append what is new; returns how many rows, and how many known ones came with another payload and were left."""
    raw, moment = f"{schema}.{identifier(table.name)}", f"timestamp '{now:%Y-%m-%d %H:%M:%S.%f}'"
    payload = columns([*table.columns, "extra", "content_hash"])
    target = f"insert into {raw} (system, {payload}, loaded_at) select {literal(system)}, {payload}, {moment}"
    if not con.execute(f"select 1 from {raw} where system = ? limit 1", [system]).fetchone():
        return con.execute(f"{target} from ({settled.sql})").fetchone()[0], 0
    con.execute(
        f"create temp table vendor_new as select new.*, old.known is null as is_new from ({settled.sql}) as new"
        f" left join ({_latest(raw, system, table, moment)}) as old on {same_key(table, 'new', 'old')}"
        " where old.known is null or old.known <> new.content_hash"
    )
    where, conflicts = "", 0
    if table.is_once:
        where = "where is_new"
        conflicts = con.execute("select count(*) from vendor_new where not is_new").fetchone()[0]
    else:  # two loads of one moment: the later one stands, so that a key has one version a moment
        con.execute(
            f"delete from {raw} as raw using vendor_new as new"
            f" where raw.system = {literal(system)} and raw.loaded_at = {moment} and {same_key(table, 'raw', 'new')}"
        )
    landed = con.execute(f"{target} from vendor_new {where}").fetchone()[0]
    con.execute("drop table vendor_new")
    return landed, conflicts


def _latest(raw: str, system: str, table: Table, moment: str) -> str:
    """SELECT: key and `known`, the content_hash of its latest version."""
    key = columns(table.key)
    if table.is_once:
        return f"select {key}, content_hash as known from {raw} where system = {literal(system)}"
    return (
        f"select {key}, arg_max(content_hash, loaded_at) as known from {raw}"
        f" where system = {literal(system)} and loaded_at <= {moment} group by {key}"
    )
