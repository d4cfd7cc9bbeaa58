"""The published file, asked read-only, and the shape of the funnel in it: its unit, stages in order, months, report.

Stage names come from the definitions; which stage is the hand-over follows from who owns which. No wording here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import duckdb

from orchestration.publishing.page.words import local


class Published:
    """One published file; every answer is a list of dicts."""

    def __init__(self, path: Path) -> None:
        self.connection = duckdb.connect(str(path), read_only=True)

    def rows(self, sql: str, **values) -> list[dict]:
        """The answer to one query with its $names filled in."""
        answer = self.connection.execute(sql, values)
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def value(self, sql: str, **values):
        """The single value of a query that gives one row."""
        return self.connection.execute(sql, values).fetchone()[0]

    def has(self, table: str) -> bool:
        """Whether the file holds this table; a file of an earlier release may not."""
        return self.value("select exists (from duckdb_tables() where table_name = $table)", table=table)

    @cached_property
    def definitions(self) -> list[dict]:
        """The terms of the latest agreement, the stages in order."""
        return self.rows(
            """
            select term, kind, meaning, owner, agreement_version from definitions
            where agreement_version is not distinct from (select max(agreement_version) from definitions)
            order by position nulls last, kind, term
            """
        )

    @cached_property
    def zone(self) -> str:
        """The zone whose months are meant; UTC if the definitions name none."""
        return self.value(
            "select coalesce(arg_max(term, agreement_version), 'UTC') from definitions where kind = 'timezone'"
        )

    @cached_property
    def compared(self) -> int:
        """How many people both systems could be compared on; 0 with one system connected."""
        return self.value("select count(*) from people where agrees is not null and not coalesce(is_excluded, false)")

    @cached_property
    def has_funnel(self) -> bool:
        """Whether the funnel's table holds anything; that of a report never published does not."""
        return self.value("select exists (from funnel_by_month)")

    def cohorts(self, unit: str, start: str, end: str) -> list[dict]:
        """A pair's conversions, the latest month first; closed opportunities are counted in the month of closing."""
        return self.rows(
            """
            select month, basis, entered, converted, rate, ci_low, ci_high, is_mature from conversion_rates
            where unit = $unit and from_stage = $start and to_stage = $end and segment = 'all' and entered > 0
            qualify basis = min(basis) over ()
            order by month desc
            """,
            unit=unit,
            start=start,
            end=end,
        )


@dataclass(frozen=True)
class Funnel:
    """What the numbers are about; `latest` is the last complete month with entries, null if there is none."""

    unit: str
    stages: tuple[str, ...]
    handed_over: str | None
    is_handed_over_by_marketing: bool
    report: dict
    as_of: datetime | None
    latest: date | None

    @property
    def last(self) -> str | None:
        """The stage that counts as won."""
        return self.stages[-1] if self.stages else None

    @property
    def accepted(self) -> str | None:
        """The stage that follows the hand-over."""
        after = self.stages[self.stages.index(self.handed_over) + 1 :] if self.handed_over else ()
        return after[0] if after else None

    @property
    def is_held(self) -> bool:
        """Whether its tables are those of an earlier publication, or empty."""
        return self.report.get("status", "fresh") != "fresh"


def read(published: Published) -> Funnel:
    """The shape of the funnel in a published file."""
    has_people = published.value(
        """
        select exists (from funnel_by_month where unit = 'person')
            or exists (from people where not coalesce(is_deleted, false))
        """
    )
    unit = "person" if has_people else "opportunity"
    stages = stages_in_order(published, unit)
    owners = {row["term"]: row["owner"] for row in published.definitions if row["kind"] == "stage"}
    marketing = [stage for stage in stages if owners.get(stage) == "marketing"]
    report = report_of(published, "funnel_by_month")
    as_of = published.value("select max(data_as_of) from report_status")
    return Funnel(
        unit=unit,
        stages=stages,
        handed_over=marketing[-1] if marketing else (stages[0] if stages else None),
        is_handed_over_by_marketing=bool(marketing),
        report=report,
        as_of=report.get("data_as_of") or as_of,
        latest=latest_month(published, unit, report.get("data_as_of") or as_of),
    )


def stages_in_order(published: Published, unit: str) -> tuple[str, ...]:
    """The agreement's stages that the funnel counts in this unit."""
    seen = published.rows("select distinct stage from funnel_by_month where unit = $unit", unit=unit)
    counted = {row["stage"] for row in seen}
    names = [row["term"] for row in published.definitions if row["kind"] == "stage"]
    return tuple(name for name in names if not counted or name in counted)


def report_of(published: Published, table: str) -> dict:
    """The status of the report that owns a table; empty if no report does."""
    owners = published.rows(
        """
        select report_status.* from report_status
        where
            report in (select effects.report from mismatch_effects as effects where split_part(metric, '/', 1) = $table)
            or report in (select term from definitions where kind = 'report' and contains(meaning, $table))
        limit 1
        """,
        table=table,
    )
    return owners[0] if owners else {}


def latest_month(published: Published, unit: str, as_of: datetime | None) -> date | None:
    """The last month with entries that was over at `as_of`; of a funnel never published, the last with an effect."""
    return published.value(
        """
        with months as (
            select month, 1 as choice from funnel_by_month
            where unit = $unit and basis = 'period' and segment = 'all' and reached > 0
            union all
            select month, 2 from mismatch_effects
            where unit = $unit and metric like 'funnel_by_month/period/%' and segment = 'all'
        )
        select first(month order by choice, month desc) from months
        where $as_of is null or month + interval 1 month <= $as_of
        """,
        unit=unit,
        as_of=as_of and local(as_of, published.zone),
    )
