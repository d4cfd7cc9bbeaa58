"""All ids of an object at its source against those that are held: what is gone there, what was missed here.

Events and cursors give speed; this gives truth. A record counts as missed when the source has a version of it from
before the extraction began that neither raw nor this extraction holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from ingest.sources import System
from ingest.systems.connectors.gone import FLAGS
from ingest.systems.files.sql import identifier, literal
from ingest.systems.vendors.casting import cast
from ingest.systems.vendors.declaring import Table

SWEPT_AT = "swept_at"  # in the cursor of an object whose ids are compared now and then


@dataclass(frozen=True)
class Names:
    """What the chunks call the id and the moment of the last change; null where a source does not say it."""

    id: str
    stamp: str | None


def is_due(cursor: dict | None, now: datetime, days: int) -> bool:
    """Whether all ids are to be compared again; the first extraction has seen them all."""
    swept_at = (cursor or {}).get(SWEPT_AT)
    return swept_at is not None and now - datetime.fromisoformat(swept_at) >= timedelta(days=days)


def gone(con: duckdb.DuckDBPyConnection, system: System, table: Table, ids: list[Path], names: Names) -> str:
    """SELECT of (id, null): records that raw holds as living and the source does not have."""
    flag = next((column for column in FLAGS if column in table.columns), None)
    (key,) = table.key
    living = f"not coalesce({identifier(flag)}, false)" if flag else "true"
    return (
        f"select {identifier(key)}, null::varchar from ({_latest(system, table)}) as held where {living}"
        f" and {identifier(key)} not in (select {identifier(names.id)}::varchar from {_parquet(ids)})"
    )


def missed(
    con: duckdb.DuckDBPyConnection,
    system: System,
    table: Table,
    ids: list[Path],
    fresh: list[Path],
    names: Names,
    until: datetime,
) -> list[str]:
    """Ids of records that the source had before `until` in a version that is neither held nor among what is fresh."""
    (key,) = table.key
    moment = cast(table, table.stamp, identifier(names.stamp), "VARCHAR").value if names.stamp else "null::timestamp"
    source = f"select {identifier(names.id)}::varchar as id, {moment} as moment from"
    held = f"select {identifier(key)} as id, {identifier(table.stamp or key)} as moment from ({_latest(system, table)})"
    is_same = "known.moment is not distinct from at_source.moment" if names.stamp else "true"
    came = f"union all {source} {_parquet(fresh)}" if fresh else ""
    found = con.execute(
        f"select at_source.id from ({source} {_parquet(ids)}) as at_source"
        f" anti join ({held} {came}) as known on known.id = at_source.id and {is_same}"
        f" where at_source.moment is null or at_source.moment < timestamp '{until:%Y-%m-%d %H:%M:%S}' order by 1"
    )
    return [id for (id,) in found.fetchall()]


def _latest(system: System, table: Table) -> str:
    (key,) = table.key
    return (
        f"select * from raw_{system.kind}.{identifier(table.name)} where system = {literal(system.name)}"
        f" qualify row_number() over (partition by {identifier(key)} order by loaded_at desc) = 1"
    )


def _parquet(files: list[Path]) -> str:
    return f"read_parquet([{', '.join(literal(str(file)) for file in files)}])"
