"""What a replay built beside what the warehouse holds, in SQL on one connection that has paired.

The replay's tables are in the connection's own database, those of the last run in `warehouse`.
"""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb


@dataclass(frozen=True)
class Month:
    """How many reached a stage in a month (period basis, everybody), by the replay and by the warehouse."""

    unit: str
    month: date
    stage: str
    replayed: int
    standing: int | None  # null where the warehouse holds no funnel


def has_table(con: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> bool:
    """Whether a database holds a table."""
    query = "select 1 from duckdb_tables() where database_name = ? and schema_name = ? and table_name = ?"
    return con.execute(query, [database, schema, table]).fetchone() is not None


def months(con: duckdb.DuckDBPyConnection, until: datetime) -> list[Month]:
    """Every stage in every month that had begun by a moment, the stages in their order."""
    standing = "select null as unit, null as month, null as stage, null as reached where false"
    is_there = has_table(con, "warehouse", "reports", "funnel_by_month")
    if is_there:
        standing = _reached("warehouse.reports.funnel_by_month")
    rows = con.execute(
        f"""
        with replayed as ({_reached("reports.funnel_by_month")}),
        standing as ({standing}),
        paired as (
            select unit, month, stage, coalesce(replayed.reached, 0) as replayed,
                if($is_there, coalesce(standing.reached, 0), null) as standing
            from replayed full join standing using (unit, month, stage)
            where month <= $until
        )
        select paired.unit, paired.month, paired.stage, paired.replayed, paired.standing
        from paired left join marts.definitions as terms on terms.term = paired.stage and terms.kind = 'stage'
        order by paired.unit desc, paired.month, terms.position nulls last, paired.stage
        """,
        {"is_there": is_there, "until": until},
    ).fetchall()
    return [Month(*row) for row in rows]


def _reached(table: str) -> str:
    return f"select unit, month, stage, reached from {table} where basis = 'period' and segment = 'all'"
