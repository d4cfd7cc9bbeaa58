import dagster as dg
import pytest
from dagster._core.execution.api import create_execution_plan

import expectations
from ingest.systems.kinds import KINDS

RAW = ("raw_agreement", "raw_files", "raw_sources", "raw_published", "raw_extracts", *(f"raw_{kind}" for kind in KINDS))


@pytest.fixture(scope="module")
def definitions(manifest):
    from orchestration.definitions import defs

    return defs()


class Line:
    """Definitions on an empty instance: `arrive` materialises assets, `tick` is one look of the automation sensor."""

    def __init__(self, definitions, instance):
        self.definitions, self.instance = definitions, instance
        self.graph, self.cursor = definitions.resolve_asset_graph(), None
        self.tick()  # the sensor's first look, before anything has arrived
        self.raw = [key for key in self.graph.get_all_asset_keys() if key.path[0] in RAW]

    def arrive(self, *keys):
        for key in keys or self.raw:
            self.instance.report_runless_asset_event(dg.AssetMaterialization(key))

    def check(self, passed, *assets):
        """Evaluate every check of these assets, or of all."""
        for key in self.graph.asset_check_keys:
            if not assets or key.asset_key.to_user_string() in assets:
                self.instance.report_runless_asset_event(
                    dg.AssetCheckEvaluation(asset_key=key.asset_key, check_name=key.name, passed=passed)
                )

    def tick(self) -> set[str]:
        """What is requested; nothing of it is run."""
        result = dg.evaluate_automation_conditions(self.definitions, self.instance, cursor=self.cursor)
        self.cursor = result.cursor
        return {key.to_user_string() for key in self.graph.get_all_asset_keys() if result.get_num_requested(key)}

    def settle(self) -> set[str]:
        """Ticks in which all that is requested is built and passes its checks, until nothing more is; all that was."""
        everything = set()
        while requested := self.tick():
            everything |= requested
            self.arrive(*(dg.AssetKey.from_user_string(name) for name in requested))
            self.check(True, *requested)
        return everything


@pytest.fixture(scope="module")
def line(definitions, tmp_path_factory):
    """A line on which everything was built and published once, and on which nothing is left to do between tests."""
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("line"))) as instance:
        line = Line(definitions, instance)
        line.arrive()
        line.first = line.settle()
        yield line


def test_exports_flow_all_the_way_to_the_page(line):
    assert line.first == {key.to_user_string() for key in line.graph.get_all_asset_keys() - set(line.raw)}


def test_a_changed_table_flows_to_the_published_funnel(line):
    line.arrive(dg.AssetKey(["raw_files", "people"]))
    assert line.settle() >= {"stg_files__people", "people", "funnel_by_month", "published", "page"}


def test_nothing_is_requested_while_nothing_changes(line):
    assert line.tick() == set()


def test_after_a_failed_check_no_report_and_no_publication_is_requested_until_it_passes(line):
    line.arrive(dg.AssetKey("people"))
    line.check(False, "people")
    assert not line.settle() & {"funnel_by_month", "conversion_rates", "published", "page"}
    line.check(True, "people")
    line.arrive(dg.AssetKey("people"))
    assert line.settle() >= {"funnel_by_month", "published", "page"}


def test_every_mart_with_a_suite_has_its_checks_in_dagster(line):
    shown = {(key.asset_key.to_user_string(), key.name) for key in line.graph.asset_check_keys}
    expected = {(mart, check.name) for mart in expectations.suites() for check in expectations.expectations_of(mart)}
    assert expected and expected <= shown


def test_a_run_that_the_automation_requests_takes_every_check_along(line):
    """Dagster adds all checks of the requested assets only as long as it was asked for none by name."""
    for key in line.graph.get_all_asset_keys():
        together = line.graph.get_execution_set_asset_and_check_keys(key)
        assert not [one for one in together if isinstance(one, dg.AssetCheckKey)]
    assert not [key for key in line.graph.asset_check_keys if line.graph.get(key).automation_condition]


def test_the_reports_wait_for_the_audits_within_one_run(line):
    plan = create_execution_plan(line.definitions.resolve_job_def("whole_line"))
    assert {f"audit_{mart}" for mart in expectations.suites()} <= plan.get_step_by_key(
        "reports"
    ).get_execution_dependency_keys()
