"""Marts to trust: one step per mart that has a suite; what it finds, as asset checks that stand before the reports.

What is expected, and why, stands in `expectations/`; this module only shows it to Dagster and keeps it as evidence.
"""

from datetime import UTC, datetime
from urllib.parse import quote

import dagster as dg
import expectations
from expectations import CheckResult, docs
from ingest.warehouse import connect

from orchestration import dbt as project
from orchestration.alerts.signs import CHECKED, DOCS, FAILED, IDS, LINKS, MEANING, ONLY_CHECKS, OUTCOME, OWNER
from orchestration.defs.models import MANIFEST
from orchestration.defs.resources import Warehouse
from orchestration.publishing import evidence
from orchestration.publishing.publication import published_folder

SEVERITY, NO_DOCS = "severity", "docs could not be drawn"
IN_AN_ADDRESS = "%/:=&?~#+!$,;'@()*[]"  # as it is; an angle bracket would end it


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
        built_at = _keep(warehouse, mart, result)
        shown = _draw(context, warehouse, result, built_at)
        selected = {key.name for key in context.selected_asset_check_keys}
        yield from (_shown(check, shown) for check in result.checks if check.name in selected)
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
        metadata={SEVERITY: check.severity, OWNER: check.owner_team},
    )


def _draw(context, warehouse: Warehouse, result: expectations.AuditResult, built_at: datetime | None) -> dict:
    """The suite's page, as metadata. A page that cannot be drawn changes no verdict; the checks and the log say so."""
    settings = warehouse.settings
    moment = settings.clock().astimezone(UTC).replace(tzinfo=None)
    try:
        page = docs.write(published_folder(settings.data) / "checks", result, audited_at=moment, built_at=built_at)
    except Exception as error:
        trouble = f"The data docs of {result.mart} could not be drawn, and show an earlier audit: {error}"
        context.log.error(trouble)
        return {NO_DOCS: trouble}
    return {DOCS: dg.MetadataValue.path(str(page))}


def _shown(check: CheckResult, docs: dict) -> dg.AssetCheckResult:
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
            LINKS: dg.MetadataValue.json(check.links),
            OWNER: check.owner_team,
            SEVERITY: check.severity,
            MEANING: check.meaning,
            **docs,
            **({"rows": dg.MetadataValue.md(_table(check))} if check.sample else {}),
        },
    )


def _table(check: CheckResult) -> str:
    """The sample for people: id, what is wrong with it, where to look at it; nothing in it is read as markup."""
    lines = [
        f"| {_plain(row.id)} | {_plain(row.detail or '')} | {' '.join(map(_link, row.links))} |" for row in check.sample
    ]
    return "\n".join(["| id | what is wrong | in its system |", "|---|---|---|", *lines])


def _link(url: str) -> str:
    return f"<{quote(url, safe=IN_AN_ADDRESS)}>"


def _plain(text: str) -> str:
    """Text of a system in Markdown: whatever might be markup, as a reference to its character."""
    return "".join(
        character if character.isalnum() or character in " /-_.,%" else f"&#{ord(character)};" for character in text
    )


def _keep(warehouse: Warehouse, mart: str, result: expectations.AuditResult) -> datetime | None:
    """Remember the verdicts; when the mart that they are about was built."""
    model = next(
        (node.id for node in project.nodes(MANIFEST).values() if node.kind == "model" and node.name == mart), ""
    )
    audits = [evidence.Audit(check.name, check.outcome, check.blocks) for check in result.checks]
    with connect(warehouse.settings) as connection:
        evidence.record_audits(connection, mart, model, audits)
        return connection.execute("select max(audited_build) from evidence.audits where mart = ?", [mart]).fetchone()[0]


@dg.definitions
def checks() -> dg.Definitions:
    """One audit per mart that has a suite and a model."""
    return dg.Definitions(asset_checks=[audit_of(mart) for mart in expectations.suites()])
