"""The same key several times in one export: identical rows collapse, else the latest by its stamp stands."""

from dataclasses import dataclass, field

import duckdb

from ingest.systems.files.sql import columns, identifier
from ingest.systems.vendors.columns import Meaning, select
from ingest.systems.vendors.declaring import Table


@dataclass
class Settled:
    """`sql` selects the declared columns, extra and content_hash, one row a key."""

    sql: str
    rows: int
    identical: int = 0
    superseded: int = 0
    notes: list[str] = field(default_factory=list)


def settle(con: duckdb.DuckDBPyConnection, table: Table, meanings: list[Meaning], rows: int) -> Settled:
    """One row a key out of all that the exports say of a table."""
    typed = _hashed(table, meanings)
    # 64 bits of the key are enough to see that nothing is doubled; when something seems to be, the keys themselves say.
    distinct = con.execute(f"select count(distinct hash({columns(table.key)})) from ({typed})").fetchone()[0]
    if distinct == rows:
        return Settled(typed, rows)
    doubled, contested = f"vendor_doubled_{table.name}", f"vendor_contested_{table.name}"
    key, same = columns(table.key), same_key(table, "typed", "doubled")
    con.execute(f"create temp table {doubled} as select {key} from ({typed}) group by {key} having count(*) > 1")
    order = ["coalesce(is_current, true) desc"]
    order += [f"{identifier(table.stamp)} desc nulls last"] if table.stamp else []
    order += ["since desc nulls last"]
    order += [] if table.is_once else ["from_file desc"]  # a later daily export
    order += ["content_hash desc"]
    con.execute(
        f"create temp table {contested} as select *, row_number() over survivor as rank,"
        f" first_value(content_hash) over survivor as kept_hash"
        f" from ({_hashed(table, meanings, to_choose=True)}) as typed"
        f" semi join {doubled} as doubled on {same}"
        f" window survivor as (partition by {key} order by {', '.join(order)})"
    )
    identical, superseded = con.execute(
        "select count(*) filter (rank > 1 and content_hash = kept_hash), count(*) filter (content_hash <> kept_hash)"
        f" from {contested}"
    ).fetchone()
    single = (
        f"select typed.* from ({typed}) as typed anti join {doubled} as doubled on {same}"
        f" union all by name select * exclude (rank, kept_hash, from_file, is_current, since) from {contested}"
        " where rank = 1"
    )
    return Settled(single, rows - identical - superseded, identical, superseded)


def same_key(table: Table, left: str, right: str) -> str:
    """The condition that two relations' rows have one key; a null part equals a null."""
    equals = {part: "=" if part in table.required else "is not distinct from" for part in table.key}
    return " and ".join(f"{left}.{identifier(part)} {equals[part]} {right}.{identifier(part)}" for part in table.key)


def _hashed(table: Table, meanings: list[Meaning], to_choose: bool = False) -> str:
    content = columns([*table.columns, "extra"])
    parts = (select(table, meant, _beside(meant) if to_choose else "") for meant in meanings)
    return f"select *, hash({content}) as content_hash from ({' union all '.join(parts)})"


def _beside(meant: Meaning) -> str:
    is_current, since = meant.version
    return f", {meant.relation.file} as from_file, {is_current} as is_current, {since} as since"
