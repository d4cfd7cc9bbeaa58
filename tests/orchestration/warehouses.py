"""Warehouses made by hand, as small as publishing needs them."""

from pathlib import Path

import duckdb


def make_warehouse(
    path: Path,
    *,
    held: bool | None = False,
    reason: str | None = None,
    reached: int = 10,
    mismatches: int = 1,
    as_of: str = "2025-03-01 08:00:00",
    funnel_columns: str = "month date, stage varchar, reached bigint",
    report_tables: tuple[str, ...] = ("funnel_by_month", "conversion_rates"),
) -> Path:
    """Two marts, two report tables and one report `funnel`, judged as told (`held=None`: not judged)."""
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        for schema in ("staging", "intermediate", "marts", "reports", "raw_agreement"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table staging.stg_files__people as select 'secret' as email")
        connection.execute("create table marts.people as select 'p' || i as person_id from range(3) t(i)")
        connection.execute("create table marts.person_details as select 'p1' as person_id, 'a@b.example' as email")
        connection.execute("create table marts.people__dbt_backup as select 1 as leftover")
        connection.execute(
            "create table marts.stage_mismatches as select 'm' || i as mismatch_id, 'p' || i as person_id,"
            " 'crm' as crm_system, 'map' as map_system, 'MQL' as crm_value, 'SQL' as map_value, 'conflict' as cause,"
            " 'low' as severity, 'sales_ops' as owner_team, 'w1' as work_item_id, timestamp '2025-02-01' as parted_at,"
            f" timestamp '2025-02-02' as first_seen_at from range({mismatches}) t(i)"
        )
        connection.execute(
            "create table marts.person_id_changes (previous_person_id varchar, person_id varchar, system varchar,"
            " record_id varchar, changed_at timestamp)"
        )
        connection.execute(f"create table reports.funnel_by_month ({funnel_columns})")
        connection.execute(
            "insert into reports.funnel_by_month by name"
            " select date '2025-02-01' as month, 'mql' as stage, ? as reached",
            [reached],
        )
        connection.execute("create table reports.conversion_rates as select 0.5 as rate")
        connection.execute("create table intermediate.int_clock as select ?::timestamp as data_as_of", [as_of])
        connection.execute(
            "create table raw_agreement.reports as select 1 as version, 'funnel' as report, 'sales_ops' as owner"
        )
        connection.execute("create table raw_agreement.report_tables (version int, report varchar, table_name varchar)")
        connection.executemany(
            "insert into raw_agreement.report_tables values (1, 'funnel', ?)", [[table] for table in report_tables]
        )
        connection.execute(
            "create table intermediate.int_reports_judged as select 'funnel' as report, 'sales_ops' as owner,"
            " ?::boolean as is_held, ? as reason, ?::timestamp as data_as_of, 1 as agreement_version",
            [held, reason, as_of],
        )
    return path


def rows(file: Path, query: str) -> list[tuple]:
    """What a reader of the published file sees."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()
