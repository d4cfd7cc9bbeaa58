"""Records that their source no longer has → tombstones: the last version that is held, once more, marked as deleted."""

from datetime import datetime
from pathlib import Path

import duckdb

from ingest.systems.files.sql import columns, identifier, literal
from ingest.systems.vendors.casting import cast
from ingest.systems.vendors.declaring import Table
from ingest.systems.vendors.landing import land
from ingest.systems.vendors.settling import Settled

FLAGS = ("is_deleted", "archived")


def bury(
    con: duckdb.DuckDBPyConnection, schema: str, system: str, table: Table, chunks: list[Path], now: datetime
) -> int:
    """Append a tombstone for each record of some chunks that raw holds as living; how many. Part of a transaction."""
    flag = next(column for column in FLAGS if column in table.columns)
    files = ", ".join(literal(str(chunk)) for chunk in chunks)
    (key,) = table.key
    moment = cast(table, table.stamp, "gone_at", "VARCHAR").value if table.stamp else "null"
    flagged, stamped = identifier(flag), identifier(table.stamp or flag)
    replaced = f"true as {flagged}" + (f", coalesce({moment}, {stamped}) as {stamped}" if table.stamp else "")
    payload = columns([*table.columns, "extra"])
    con.execute(
        f"""
        create or replace temp table vendor_gone as
        with gone as (

            select id as gone_id, max(gone_at) as gone_at from read_parquet([{files}]) group by id

        ),

        latest as (

            select held.*, gone.gone_at
            from {schema}.{identifier(table.name)} as held
            join gone on held.{identifier(key)} = gone.gone_id
            where held.system = {literal(system)}
            qualify row_number() over (partition by held.{identifier(key)} order by held.loaded_at desc) = 1

        ),

        buried as (

            select * replace ({replaced}) from latest where not coalesce({flagged}, false)

        )

        select {payload}, hash({payload}) as content_hash from buried
        """
    )
    rows = con.execute("select count(*) from vendor_gone").fetchone()[0]
    landed, _ = land(con, schema, system, table, Settled("select * from vendor_gone", rows), now)
    con.execute("drop table vendor_gone")
    return landed
