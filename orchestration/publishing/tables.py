"""The tables of the published file: fresh from the warehouse, or carried over from the last publication.

Works on one connection with the databases `warehouse`, `new`, and `old` (empty when nothing was published yet).
"""

from datetime import datetime

import duckdb

from orchestration.publishing import builds
from orchestration.publishing.reports import Report, carried
from orchestration.triage import queue

PUBLIC_SCHEMAS = ("marts", "reports")
PERSONAL = {"person_details"}
WRITTEN_HERE = ("report_status", queue.TABLE)  # also where an earlier release has left a mart of that name
STATUS_COLUMNS = {
    "report": "VARCHAR",
    "status": "VARCHAR",
    "published_at": "TIMESTAMP",
    "held_since": "TIMESTAMP",
    "reason": "VARCHAR",
    "data_as_of": "TIMESTAMP",
    "agreement_version": "INTEGER",
}


def public(connection: duckdb.DuckDBPyConnection, *, personal_data: bool) -> dict[str, str]:
    """Table → schema of everything in the warehouse that may leave the house."""
    rows = connection.execute(
        """
        select table_name, table_schema from information_schema.tables
        where table_catalog = 'warehouse' and list_contains(?, table_schema) and not contains(table_name, '__dbt_')
            and not list_contains(?, table_name)
        order by all
        """,
        [list(PUBLIC_SCHEMAS), list(WRITTEN_HERE)],
    ).fetchall()
    return {table: schema for table, schema in rows if personal_data or table not in PERSONAL}


def write(
    connection: duckdb.DuckDBPyConnection, schemas: dict[str, str], reports: list[Report], moment: datetime
) -> dict[str, int]:
    """Fill `new` with every public table and `report_status`, rows in one fixed order; returns rows per table."""
    stays = carried(reports)
    for table, schema in schemas.items():
        columns = _columns(connection, "warehouse", schema, table)
        query = _carried(connection, table, columns) if table in stays else f'from warehouse.{schema}."{table}"'
        connection.execute(f'create table new.main."{table}" as {query} order by all')
    _write_status(connection, reports, moment)
    builds.note(connection, set(schemas) - stays, moment)
    return {
        table: connection.execute(f'select count(*) from new.main."{table}"').fetchone()[0]
        for table in [*schemas, "report_status"]
    }


def _columns(connection, database: str, schema: str, table: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns()"
            " where database_name = ? and schema_name = ? and table_name = ? order by column_index",
            [database, schema, table],
        ).fetchall()
    )


def _carried(connection, table: str, columns: dict[str, str]) -> str:
    """A query for the published rows in today's columns, by name; what was not published then is null."""
    known = _columns(connection, "old", "main", table)
    selected = ", ".join(
        f'try_cast("{column}" as {kind}) as "{column}"' if column in known else f'cast(null as {kind}) as "{column}"'
        for column, kind in columns.items()
    )
    return f'select {selected} from old.main."{table}"' if known else f"select {selected} where false"


def _write_status(connection, reports: list[Report], moment: datetime) -> None:
    """What stands in the file, per report: a report that is not fresh speaks of the tables that were carried over."""
    columns = ", ".join(f"{column} {kind}" for column, kind in STATUS_COLUMNS.items())
    connection.execute(f"create table new.main.report_status ({columns})")
    connection.execute(f"create temp table before as {_carried(connection, 'report_status', STATUS_COLUMNS)}")
    for report in reports:
        connection.execute(
            """
            insert into new.main.report_status
            select now.report, now.status,
                if(now.is_fresh, now.moment, before.published_at),
                if(now.is_fresh, null, coalesce(before.held_since, now.moment)),
                now.reason,
                if(now.is_fresh, now.data_as_of, before.data_as_of),
                if(now.is_fresh, now.agreement_version, coalesce(before.agreement_version, now.agreement_version))
            from (select $report as report, $status as status, $status = 'fresh' as is_fresh,
                $moment::timestamp as moment, $reason as reason, $data_as_of::timestamp as data_as_of,
                $version::integer as agreement_version) as now
            left join before using (report)
            """,
            {
                "report": report.name,
                "status": report.status,
                "moment": moment,
                "reason": report.reason,
                "data_as_of": report.data_as_of,
                "version": report.agreement_version,
            },
        )
    connection.execute("drop table before")
