"""What becomes of each report: fresh, held or could_not_run, and which tables are therefore carried over.

The judgement itself is made in SQL (`intermediate.int_reports_judged`); this module only reads it.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.publishing.files import FILE, opened, published_folder


@dataclass(frozen=True)
class Report:
    """One report of the agreement in force, as judged in the warehouse that is about to be published."""

    name: str
    owner: str | None
    status: str  # fresh, held or could_not_run
    reason: str | None
    data_as_of: datetime | None
    agreement_version: int | None
    tables: tuple[str, ...]


def judged(connection: duckdb.DuckDBPyConnection, tables: set[str]) -> list[Report]:
    """The reports of the attached `warehouse`, in order of name; one that nobody judged could not run."""
    rows = connection.execute("""
        with in_force as (
            select coalesce(
                (select max(agreement_version) from warehouse.intermediate.int_reports_judged),
                (select max(version) from warehouse.raw_agreement.reports)
            ) as version
        ),
        listed as (
            select reports.report, reports.owner, reports.version,
                (select coalesce(list(report_tables.table_name order by report_tables.table_name), [])
                 from warehouse.raw_agreement.report_tables
                 where report_tables.version = reports.version and report_tables.report = reports.report) as table_names
            from warehouse.raw_agreement.reports
            where reports.version = (select version from in_force)
        )
        select listed.report, listed.owner, judged.is_held, judged.reason, judged.data_as_of, listed.version,
            listed.table_names
        from listed
        left join warehouse.intermediate.int_reports_judged as judged using (report)
        order by listed.report
    """).fetchall()
    return [_report(*row, tables) for row in rows]


@dataclass(frozen=True)
class Fate:
    """How a report stands in the published file."""

    report: str
    status: str
    reason: str | None


def published_fates(data: Path) -> list[Fate]:
    """Every report of the current publication; none where nothing was published yet."""
    file = published_folder(data) / FILE
    return fates_in(file) if file.exists() else []


def fates_in(file: Path) -> list[Fate]:
    """Every report of a published file."""
    with opened(file) as connection:
        rows = connection.execute("select report, status, reason from report_status order by report").fetchall()
    return [Fate(*row) for row in rows]


def carried(reports: list[Report]) -> set[str]:
    """The tables that must stay as they were last published."""
    return {table for report in reports if report.status != "fresh" for table in report.tables}


def _report(name, owner, is_held, reason, data_as_of, version, listed, tables) -> Report:
    status = {True: "held", False: "fresh", None: "could_not_run"}[is_held]
    absent = [table for table in listed if table not in tables]
    notes = [reason if status != "fresh" else None]
    if status == "could_not_run" and not reason:
        notes = ["The report could not be judged."]
    if absent:
        notes.append(f"The agreement gives it {', '.join(absent)}, which does not exist.")
    present = tuple(table for table in listed if table in tables)
    return Report(name, owner, status, " ".join(filter(None, notes)) or None, data_as_of, version, present)
