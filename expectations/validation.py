"""Where Great Expectations is spoken: a mart as its batch, our expectations as its own, its answers as numbers.

Importing this takes seconds and hundreds of megabytes: import it where an audit runs, never in a module that Dagster
loads.
"""

import os
import warnings
from functools import cache
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # read while Great Expectations is imported

import great_expectations as gx
import great_expectations.expectations as standard_expectations
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.expectations.expectation import BatchExpectation

from expectations.duckdb_dialect import URL
from expectations.suite import Expectation, Suite

SAMPLE_SIZE = 20


class CouldNotRun(Exception):
    """Great Expectations could not answer; the message says why."""


class FailingRow(NamedTuple):
    """One row that fails: what it is called, what is wrong with it, its id columns."""

    id: str
    detail: str | None
    columns: dict[str, str | None]


class Answer(NamedTuple):
    """What an expectation found: the rows asked, those that fail, and a few of them."""

    success: bool
    checked_count: int
    failed_count: int
    sample: tuple[FailingRow, ...]


class ExpectRowsToSatisfyRule(BatchExpectation):
    """Expect most rows of a query that returns one row: `checked`, `failed` and `sample`, to be sound."""

    query: str
    mostly: float = 1.0

    metric_dependencies = ("query.table",)
    domain_keys = ("batch_id",)
    success_keys = ("query", "mostly")

    def _validate(self, metrics, runtime_configuration=None, execution_engine=None):
        """Compare the share of sound rows with `mostly`; answer in the words of the standard expectations."""
        (counts,) = metrics["query.table"]
        checked, failed = counts["checked"], counts["failed"]
        return {
            "success": checked == 0 or (checked - failed) / checked >= self.mostly,
            "result": {
                "element_count": checked,
                "unexpected_count": failed,
                "partial_unexpected_index_list": counts["sample"],
            },
        }


def mart_as_batch(warehouse: Path, mart: str) -> Batch:
    """The mart's table, not copied; the file is opened read-only, once per statement."""
    source = _context().data_sources.add_or_update_sql(
        "warehouse",
        connection_string=URL,
        create_temp_table=False,
        kwargs={"connect_args": {"database": str(warehouse), "read_only": True}},
    )
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # `schema_name`: the suggested replacement is for other vendors
        asset = source.add_table_asset(mart, table_name=mart, schema_name="marts")
    return asset.add_batch_definition_whole_table("all").get_batch()


def validate(batch: Batch, suite: Suite, expectation: Expectation) -> Answer:
    """Ask one expectation of a mart. Raises CouldNotRun when it raised, or answered nothing."""
    result = batch.validate(
        _in_great_expectations(suite, expectation),
        result_format={
            "result_format": "SUMMARY",
            "unexpected_index_column_names": list(suite.id_columns),
            "partial_unexpected_count": SAMPLE_SIZE,
            "exclude_unexpected_values": True,
            "return_unexpected_index_query": False,
        },
    )
    if reason := _raised(result.exception_info):
        raise CouldNotRun(reason)
    found = result.result
    row_count = found.get("element_count")
    failed_count = 0 if row_count == 0 else found.get("unexpected_count")  # GX gives none for the sum over no row
    if result.success is None or row_count is None or failed_count is None:
        raise CouldNotRun("it answered nothing")
    return Answer(
        success=result.success,
        checked_count=row_count - found.get("missing_count", 0),
        failed_count=failed_count,
        sample=_failing_rows(suite, expectation, found.get("partial_unexpected_index_list") or []),
    )


@cache
def _context():
    """One context a process, in memory, without progress bars."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _in_great_expectations(suite, expectation):
    """Our declaration as an object of Great Expectations."""
    if expectation.kind != "rule":
        return getattr(standard_expectations, expectation.kind)(**expectation.arguments)
    arguments = dict(expectation.arguments)
    return ExpectRowsToSatisfyRule(mostly=arguments.pop("mostly"), query=_counting(suite, **arguments))


def _counting(suite, holds, among, rows, id_columns, detail):
    """One scan: how many rows are asked, how many fail, and the smallest ids that do, so that a sample never varies."""
    names = id_columns or suite.id_columns
    columns = ", ".join(f"{name} := cast({name} as varchar)" for name in names)
    row = (
        f"struct_pack(id := concat_ws('/', {', '.join(names)}), detail := cast({detail} as varchar),"
        f" columns := struct_pack({columns}))"
    )
    failing = "filter (where not is_sound)"
    return f"""
        select
            count(*) as checked,
            count(*) {failing} as failed,
            coalesce(min(failing_row, {SAMPLE_SIZE}) {failing}, []) as sample
        from (
            select is_sound, case when not is_sound then {row} end as failing_row
            from (select *, ({holds}) as is_sound from {rows} where {among})
        )
        where is_sound is not null"""


def _raised(exception_info):
    """The first exception's message: GX gives one, or one per metric, or none."""
    for info in (exception_info, *exception_info.values()):
        if isinstance(info, dict) and info.get("raised_exception"):
            return str(info.get("exception_message"))
    return None


def _failing_rows(suite, expectation, index_list):
    """A rule's sample, or GX's list of columns, each with its values; nulls are left out of an id."""
    if expectation.kind == "rule":
        return tuple(FailingRow(**row) for row in index_list)
    values = zip(*index_list[0].values(), strict=True) if index_list else ()
    rows = (dict(zip(suite.id_columns, map(_text, row), strict=True)) for row in values)
    return tuple(FailingRow("/".join(filter(None, row.values())), None, row) for row in rows)


def _text(value):
    """An id's part as text, as the rules have it."""
    return None if value is None else str(value)
