"""Marts and reports to what leaves the house: the published file, and what becomes of each report in it."""

import dagster as dg
import expectations
from ingest.agreement import AgreementError, read
from ingest.settings import Settings
from ingest.sources import SourcesError
from ingest.warehouse import WarehouseError

from orchestration import dbt as project
from orchestration.alerts.signs import OWNER, REPORT_STATUS
from orchestration.defs.models import MANIFEST, WHEN_ITS_INPUTS_ARE_NEW_AND_GOOD, marts, reports
from orchestration.defs.resources import Warehouse
from orchestration.publishing import evidence, gate
from orchestration.publishing.failures import PublishingError
from orchestration.publishing.publication import Publication
from orchestration.publishing.reports import Fate, published_fates


def owners() -> dict[str, str]:
    """The newest version's reports with their owners; none while it cannot be read, which its own step will say."""
    try:
        return {report.name: report.owner for report in read(Settings().agreement)[-1].reports}
    except (AgreementError, OSError):
        return {}


def public(step: dg.AssetsDefinition) -> list[dg.AssetKey]:
    """The assets of a dbt step that readers see."""
    return [key for key in step.keys if step.group_names_by_key[key] in ("marts", "reports")]


@dg.asset(
    group_name="published",
    deps=[*public(marts), *public(reports)],
    kinds={"duckdb", "parquet"},
    automation_condition=WHEN_ITS_INPUTS_ARE_NEW_AND_GOOD,
)
def published(warehouse: Warehouse) -> dg.MaterializeResult:
    """The file that BI reads, replaced whole; a held report keeps its last tables, a failed check keeps everything."""
    publication = _publish(warehouse.settings)
    return dg.MaterializeResult(
        metadata={
            "file": dg.MetadataValue.path(str(publication.file)),
            **{
                report.name: f"{report.status}{f': {report.reason}' if report.reason else ''}"
                for report in publication.reports
            },
            **{f"rows in {table}": rows for table, rows in publication.rows.items()},
        }
    )


# A step of its own: a check that is part of the asset `published` would, in a run that the automation requests,
# be the only check of that run.
@dg.multi_asset_check(
    name="fates",
    specs=[
        dg.AssetCheckSpec(name, asset="published", description=f"The report {name} is fresh.", metadata={OWNER: owner})
        for name, owner in owners().items()
    ],
    can_subset=True,
)
def fates(context: dg.AssetCheckExecutionContext, warehouse: Warehouse):
    """Whether each report is fresh, held or could not be judged, as it stands in the published file."""
    fates = {fate.report: fate for fate in published_fates(warehouse.settings.data)}
    for key in context.selected_asset_check_keys:
        yield _shown(key.name, fates.get(key.name))


def needed() -> evidence.Needed:
    """What must be good before anything is published: every model and test of the dbt project, every mart's suite."""
    return evidence.Needed(project.nodes(MANIFEST), tuple(expectations.suites()))


def _publish(settings: Settings) -> Publication:
    try:
        return gate.pass_through(settings, needed())
    except (PublishingError, SourcesError, WarehouseError) as error:
        raise dg.Failure(str(error), allow_retries=False) from None


def _shown(name: str, fate: Fate | None) -> dg.AssetCheckResult:
    """A report's fate as a check that blocks nothing: publishing has acted on it already."""
    status, reason = (
        (fate.status, fate.reason or "") if fate else ("fresh", "The agreement in force has no such report.")
    )
    return dg.AssetCheckResult(
        asset_key="published",
        check_name=name,
        passed=status == "fresh",
        severity=dg.AssetCheckSeverity.WARN,
        description=reason,
        metadata={REPORT_STATUS: status, OWNER: owners().get(name, ""), "reason": reason},
    )
