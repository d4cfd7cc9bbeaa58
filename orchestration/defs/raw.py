"""Outside to raw: the agreement, and the exports of every connected system of kind files, as assets."""

from collections.abc import Callable

import dagster as dg
from ingest import agreement
from ingest.agreement import AgreementError
from ingest.agreement.rows import COLUMNS as AGREEMENT_TABLES
from ingest.settings import Settings
from ingest.sources import SourcesError
from ingest.systems import files
from ingest.systems.files import FilesError, LoadResult
from ingest.warehouse import RAW, WarehouseError

from orchestration.defs.resources import Warehouse

SIGNED = "What both teams signed; every row carries its version."
EXPORTED = "As exported, brought to the exchange shape; every version of a row that was ever loaded."


def _last(tables: list[str]) -> dg.AssetKey:
    """The table whose materialisation a step reports last."""
    return dg.AssetKey(tables[-1].split("."))


# While a load goes on, nothing to its right starts: it would run once for every part that has already landed.
A_LOAD_IS_GOING_ON = dg.AutomationCondition.asset_matches(
    _last([f"raw_agreement.{table}" for table in AGREEMENT_TABLES]), dg.AutomationCondition.in_progress()
) | dg.AutomationCondition.asset_matches(_last(list(RAW)), dg.AutomationCondition.in_progress())


def _spec(table: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(table.split("."), group_name="raw", description=description, kinds={"duckdb"})


@dg.multi_asset(name="raw_agreement", specs=[_spec(f"raw_agreement.{table}", SIGNED) for table in AGREEMENT_TABLES])
def raw_agreement(context: dg.AssetExecutionContext, warehouse: Warehouse):
    """Every version of the agreement, validated whole, replaced whole."""
    loaded = _told(agreement.load, warehouse.settings)
    for version in loaded.edited_versions:
        context.log.warning(f"Version {version} of the agreement was edited after it came into force.")
    for table in AGREEMENT_TABLES:
        yield dg.MaterializeResult(
            asset_key=["raw_agreement", table], metadata={"dagster/row_count": loaded.rows.get(table, 0)}
        )


@dg.multi_asset(name="raw_files", specs=[_spec(table, EXPORTED) for table in RAW])
def raw_files(context: dg.AssetExecutionContext, warehouse: Warehouse):
    """The exports of every system of kind files; good rows land, bad ones are set aside with their reason."""
    loaded = _told(files.load, warehouse.settings)
    for message in loaded.messages:
        context.log.info(message)
    for name, system in loaded.systems.items():
        if system.left_for_later:
            context.log.warning(f"{name}: its exports changed while they were read; they are left for later.")
        if rejected := {table: result.rejected for table, result in system.tables.items() if result.rejected}:
            context.log.warning(f"{name}: rows set aside in raw_files.rejected_rows: {rejected}")
    for table in RAW:
        yield dg.MaterializeResult(asset_key=table.split("."), metadata=_counts(loaded, table.split(".")[1]))


def _counts(loaded: LoadResult, table: str) -> dict[str, int]:
    """Rows of one exchange table over all systems; of rejected_rows: what was set aside from any table."""
    tables = [result for system in loaded.systems.values() for result in system.tables.items()]
    if table == "rejected_rows":
        return {"landed": sum(result.rejected for _, result in tables)}
    mine = [result for name, result in tables if name == table]
    return {
        "read": sum(result.rows_read for result in mine),
        "landed": sum(result.landed for result in mine),
        "unchanged": sum(result.unchanged for result in mine),
        "rejected": sum(result.rejected for result in mine),
    }


def _told(load: Callable, settings: Settings):
    """A load whose own errors, already written for people, end the step without a stack of frames."""
    try:
        return load(settings)
    except (AgreementError, SourcesError, FilesError, WarehouseError) as error:
        raise dg.Failure(str(error), allow_retries=False) from None
