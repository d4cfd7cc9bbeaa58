"""Raw to marts to reports: one dbt project in two steps, so that checks can stand between them."""

import json
from collections.abc import Iterator, Mapping
from subprocess import Popen
from typing import Any

import dagster as dg
import expectations
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets
from ingest.warehouse import connect

from orchestration import dbt as project
from orchestration.alerts.signs import ONLY_CHECKS
from orchestration.defs.raw import A_LOAD_IS_GOING_ON
from orchestration.defs.resources import Warehouse
from orchestration.publishing import builds, evidence

MANIFEST = project.prepare_manifest()
WHEN_ITS_INPUTS_ARE_NEW_AND_GOOD = (
    dg.AutomationCondition.eager() & dg.AutomationCondition.all_deps_blocking_checks_passed()
)


class ByLayer(DagsterDbtTranslator):
    """Assets named as their models, grouped by the folder they stand in."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`people` for a model, `raw_files/people` for a source."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """staging, intermediate, marts or reports."""
        return dbt_resource_props["fqn"][1]

    def get_automation_condition(self, dbt_resource_props: Mapping[str, Any]) -> dg.AutomationCondition:
        """Once all is loaded, if something that it reads is new; within one build dbt itself stops at a failed test."""
        return dg.AutomationCondition.eager() & ~A_LOAD_IS_GOING_ON


class BehindTheChecks(ByLayer):
    """The same, for what waits until every mart that has a suite was audited, whether it reads that mart or not."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        """The model with the audited marts among what it depends on."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        known = {dep.asset_key for dep in spec.deps}
        audited = [dg.AssetKey(mart) for mart in expectations.suites()]
        if spec.group_name != "reports":
            return spec  # a source, or a model of the step before, as one of its reports reads it
        return spec.replace_attributes(deps=[*spec.deps, *(key for key in audited if key not in known)])

    def get_automation_condition(self, dbt_resource_props: Mapping[str, Any]) -> dg.AutomationCondition:
        """As soon as something that it reads is new, never on top of a failed check."""
        return WHEN_ITS_INPUTS_ARE_NEW_AND_GOOD


@dbt_assets(
    manifest=MANIFEST, project=project.PROJECT, name="marts", exclude="tag:report", dagster_dbt_translator=ByLayer()
)
def marts(context: dg.AssetExecutionContext, dbt: DbtCliResource, warehouse: Warehouse):
    """Staging, intermediate and marts, which know what was published before them."""
    with connect(warehouse.settings) as connection:  # a run that the automation requests may have loaded nothing
        builds.take_in(connection, warehouse.settings.data)
    yield from build(context, dbt, warehouse)


@dbt_assets(
    manifest=MANIFEST,
    project=project.PROJECT,
    name="reports",
    select="tag:report",
    dagster_dbt_translator=BehindTheChecks(),
)
def reports(context: dg.AssetExecutionContext, dbt: DbtCliResource, warehouse: Warehouse):
    """The tables that a report owns, built after the marts were audited."""
    yield from build(context, dbt, warehouse)


def build(context: dg.AssetExecutionContext, dbt: DbtCliResource, warehouse: Warehouse) -> Iterator:
    """One dbt build of what was selected; how each node ended is kept as evidence, also when the build fails."""
    with connect(warehouse.settings) as connection:
        project.drop_what_has_no_model(connection, MANIFEST)
        evidence.forget(connection, _touched(context))
    target = project.workplace(warehouse.settings.data, context.op.name)
    # Other variables than those that the project was parsed with cost a whole parse: the default is not said.
    is_personal = warehouse.settings.read_sources().publish_personal_data
    variables = ["--vars", json.dumps({"publish_personal_data": True})] if is_personal else []
    command = ["build", "--exclude-resource-type", "unit_test", "--log-level-file", "info", *variables]
    invocation = dbt.cli(command, context=context, target_path=target, raise_on_error=False)
    try:
        yield from invocation.stream()
    finally:
        _end(invocation.process)
    results = project.run_results(target)
    with connect(warehouse.settings) as connection:
        evidence.record_builds(connection, project.builds(results))
    if failed := project.failures(results):
        told = {ONLY_CHECKS: True} if all(node.startswith("test.") for node in failed) else {}
        text = f"dbt: {len(failed)} failed. " + "; ".join(failed.values())
        raise dg.Failure(text, metadata=told, allow_retries=False)
    if error := invocation.get_error():
        raise dg.Failure(f"dbt stopped. {error}", allow_retries=False)


def _end(process: Popen) -> None:
    """A step that is interrupted must not leave a dbt behind that still writes."""
    if process.poll() is None:
        process.terminate()
        process.wait()


def _touched(context: dg.AssetExecutionContext) -> list[str]:
    """The nodes that this build may change: the selected models, and the tests that read them."""
    nodes = project.nodes(MANIFEST)
    names = {key.path[-1] for key in context.selected_asset_keys}
    models = {node.id for node in nodes.values() if node.kind == "model" and node.name in names}
    return [*models, *(node.id for node in nodes.values() if node.kind == "test" and models & set(node.parents))]
