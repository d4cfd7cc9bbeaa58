"""Marts to trust: one step per mart that has a suite; what it finds, as asset checks that stand before the reports.

What is expected, and why, stands in `expectations/`; this module only shows it to Dagster and keeps it as evidence.
"""

import dagster as dg
import expectations
from expectations import CheckResult
from ingest.warehouse import connect

from orchestration import dbt as project
from orchestration.alerts.signs import CHECKED, FAILED, IDS, MEANING, ONLY_CHECKS, OUTCOME, OWNER
from orchestration.defs.models import MANIFEST
from orchestration.defs.resources import Warehouse
from orchestration.publishing import evidence


def audit_of(mart: str) -> dg.AssetChecksDefinition:
    """The suite of one mart as one step. A failed error blocks; so does any check that could not run."""

    @dg.multi_asset_check(
        name=f"audit_{mart}",
        specs=[_spec(mart, check) for check in expectations.expectations_of(mart)],
        can_subset=True,
    )
    def audit(context: dg.AssetCheckExecutionContext, warehouse: Warehouse):
        personal_data = warehouse.settings.read_sources().publish_personal_data
        result = expectations.audit(warehouse.settings.warehouse, mart, personal_data=personal_data)
        _keep(warehouse, mart, result)
        selected = {key.name for key in context.selected_asset_check_keys}
        yield from (_shown(check) for check in result.checks if check.name in selected)
        unasked = [check for check in result.checks if check.outcome == "could_not_run"]
        if unasked:
            text = f"{mart}: {len(unasked)} checks could not run. {unasked[0].message}"
            raise dg.Failure(text, metadata={ONLY_CHECKS: True}, allow_retries=False)

    return audit


def _spec(mart: str, check: expectations.Expectation) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.name,
        asset=mart,
        description=check.meaning,
        blocking=check.severity == "error",  # a warning that blocked would stop the automation to its right
        metadata={"severity": check.severity, OWNER: check.owner_team},
    )


def _shown(check: CheckResult) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=check.mart,
        check_name=check.name,
        passed=check.outcome == "passed",
        severity=dg.AssetCheckSeverity.ERROR if check.blocks else dg.AssetCheckSeverity.WARN,
        description=check.message,
        metadata={
            OUTCOME: check.outcome,
            FAILED: check.failed_count,
            CHECKED: check.checked_count,
            IDS: dg.MetadataValue.json(list(check.sample_ids)),
            OWNER: check.owner_team,
            MEANING: check.meaning,
        },
    )


def _keep(warehouse: Warehouse, mart: str, result: expectations.AuditResult) -> None:
    model = next(
        (node.id for node in project.nodes(MANIFEST).values() if node.kind == "model" and node.name == mart), ""
    )
    audits = [evidence.Audit(check.name, check.outcome, check.blocks) for check in result.checks]
    with connect(warehouse.settings) as connection:
        evidence.record_audits(connection, mart, model, audits)


@dg.definitions
def checks() -> dg.Definitions:
    """One audit per mart that has a suite and a model."""
    return dg.Definitions(asset_checks=[audit_of(mart) for mart in expectations.suites()])
