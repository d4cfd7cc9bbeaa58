"""Outside to raw: the agreement, what is connected, and the exports of every system, as assets; one step per kind."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from operator import or_

import dagster as dg
from ingest import agreement, warehouse
from ingest.agreement import AgreementError
from ingest.agreement.rows import COLUMNS as AGREEMENT_TABLES
from ingest.settings import Settings
from ingest.sources import SourcesError
from ingest.systems.connected import LOADS
from ingest.systems.kinds import KINDS
from ingest.systems.loads import LoadError, LoadResult, describe, note
from ingest.warehouse import RAW, WarehouseError

from orchestration.defs.resources import Warehouse
from orchestration.publishing import builds, evidence

SIGNED = "What both teams signed; every row carries its version."
CONNECTED = "Which systems are connected, from sources.yml; replaced whole."
PUBLISHED = "Which build of the models each published table was of, as the published file says."
EXPORTED = "As exported, brought to the exchange shape; every version of a row that was ever loaded."
IN_VENDORS_SHAPE = "As exported, in the vendor's own shape; every version of a row that was ever loaded."
EXTRACTED = {
    "raw_extracts.cursors": "Where the next extraction from each API begins; appended with the records that landed.",
    "raw_extracts.windows": "What each API counts beside what came of it; appended with the records that landed.",
}


def _tables(schema: str) -> list[str]:
    return [name for name in RAW if name.startswith(f"{schema}.")]


def _spec(table: str, description: str, **more) -> dg.AssetSpec:
    return dg.AssetSpec(table.split("."), group_name="raw", description=description, kinds={"duckdb"}, **more)


@dg.multi_asset(name="raw_agreement", specs=[_spec(f"raw_agreement.{table}", SIGNED) for table in AGREEMENT_TABLES])
def raw_agreement(context: dg.AssetExecutionContext, warehouse: Warehouse):
    """Every version of the agreement, validated whole, replaced whole."""
    loaded = _told(agreement.load, warehouse.settings, _tables("raw_agreement"))
    for version in loaded.edited_versions:
        context.log.warning(f"Version {version} of the agreement was edited after it came into force.")
    for table in AGREEMENT_TABLES:
        yield dg.MaterializeResult(
            asset_key=["raw_agreement", table], metadata={"dagster/row_count": loaded.rows.get(table, 0)}
        )


@dg.multi_asset(
    name="raw_sources",
    specs=[
        *(_spec(table, CONNECTED) for table in _tables("raw_sources")),
        *(_spec(table, PUBLISHED) for table in _tables("raw_published")),
    ],
)
def raw_sources(warehouse: Warehouse):
    """Which systems are connected, to what they link, which fields the agreement may read; what was published of it."""
    rows = _told(_describe, warehouse.settings, _tables("raw_sources"))
    yield dg.MaterializeResult(asset_key=["raw_published", "builds"])
    for table in _tables("raw_sources"):
        count = rows[table.split(".")[1]]
        yield dg.MaterializeResult(asset_key=table.split("."), metadata={"dagster/row_count": count})


def _step(kind: str) -> dg.AssetsDefinition:
    """The exports of every system of one kind."""
    tables, extracted = _tables(f"raw_{kind}"), EXTRACTED if kind in KINDS else {}
    about = EXPORTED if kind == "files" else IN_VENDORS_SHAPE

    @dg.multi_asset(name=f"raw_{kind}", specs=[_spec(table, about) for table in tables])
    def raw_systems(context: dg.AssetExecutionContext, warehouse: Warehouse):
        loaded = _told(LOADS[kind], warehouse.settings, [*tables, *extracted])
        for message in loaded.messages:
            context.log.info(message)
        for name, system in loaded.systems.items():
            if system.left_for_later:
                context.log.warning(f"{name}: its exports changed while they were read; they are left for later.")
            if rejected := {table: result.rejected for table, result in system.tables.items() if result.rejected}:
                context.log.warning(f"{name}: rows set aside: {rejected}")
        for table in tables:
            yield dg.MaterializeResult(asset_key=table.split("."), metadata=_counts(loaded, table.split(".")[1]))
        for table in extracted:
            context.log_event(dg.AssetMaterialization(table.split(".")))

    return raw_systems


STEPS = {kind: _step(kind) for kind in LOADS}
# The steps of all vendors' kinds write these, and an asset can be only one step's: they are none's, and each says so.
WRITTEN_BY_SEVERAL = [
    _spec(table, about, deps=[[f"raw_{kind}", "extractions"] for kind in KINDS]) for table, about in EXTRACTED.items()
]
ASSETS = [raw_agreement, raw_sources, *STEPS.values()]

# While a load goes on, nothing to its right starts: it would run once for every part that has already landed.
# A step reports its tables one after another, so the last one is in progress until all of it has landed.
_LAST = [f"raw_agreement.{list(AGREEMENT_TABLES)[-1]}"] + [
    _tables(schema)[-1] for schema in ("raw_sources", *(f"raw_{kind}" for kind in LOADS))
]
A_LOAD_IS_GOING_ON = reduce(
    or_,
    (
        dg.AutomationCondition.asset_matches(dg.AssetKey(table.split(".")), dg.AutomationCondition.in_progress())
        for table in _LAST
    ),
)


def _describe(settings: Settings) -> dict[str, int]:
    sources = settings.read_sources()
    with warehouse.connect(settings) as con:
        warehouse.prepare(con)
        note(con, settings, sources, settings.clock().astimezone(UTC).replace(tzinfo=None))
        builds.take_in(con, settings.data)
        return describe(con, sources)


def _counts(loaded: LoadResult, table: str) -> dict[str, int]:
    """Rows of one raw table over all systems; of rejected_rows: what was set aside from any table."""
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


def _told(load: Callable, settings: Settings, tables: list[str]):
    """A load whose own errors, already written for people, end the step without a stack of frames."""
    try:
        with warehouse.connect(settings) as con:
            evidence.record_load(con, tables, datetime.now(UTC).replace(tzinfo=None))
        return load(settings)
    except (AgreementError, SourcesError, LoadError, WarehouseError) as error:
        raise dg.Failure(str(error), allow_retries=False) from None
