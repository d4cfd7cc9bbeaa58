"""The asset `published`, materialised by itself: it asks the evidence, whatever else ran or did not."""

import hashlib
from datetime import UTC, datetime

import dagster as dg
import pytest
from warehouses import make_warehouse, rows

import expectations
from ingest.settings import Settings
from ingest.warehouse import connect
from orchestration.publishing import evidence

BUILT = datetime(2025, 3, 1, 8, tzinfo=UTC).replace(tzinfo=None)


@pytest.fixture
def line(data_dir, tmp_path, monkeypatch):
    """`line(outcome, **warehouse)` makes a warehouse, says that all was built and audited so, and publishes."""
    from orchestration.defs.published import fates, needed, published
    from orchestration.defs.resources import Warehouse

    (tmp_path / "sources.yml").write_text("systems: []\n")
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))

    def publish(outcome="passed", *, blocks=False, known=True, **warehouse):
        make_warehouse(data_dir / "warehouse.duckdb", **warehouse)
        wanted = needed()
        with connect(Settings()) as connection:
            if known:
                builds = [evidence.Build(id, "success", BUILT, BUILT) for id in wanted.nodes]
                evidence.record_builds(connection, builds)
                for mart in expectations.suites():
                    audit = evidence.Audit("plausible", outcome, blocks)
                    evidence.record_audits(connection, mart, f"model.onefunnel.{mart}", [audit])
        return dg.materialize([published, fates], resources={"warehouse": Warehouse()}, raise_on_error=False)

    publish.file = data_dir / "published" / "onefunnel.duckdb"
    return publish


def said(result) -> str:
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    return failure.step_failure_data.user_failure_data.description


def test_what_was_built_and_audited_is_published(line):
    assert line().success
    assert rows(line.file, "select status from report_status") == [("fresh",)]


@pytest.mark.parametrize(("outcome", "words"), [("failed", "plausible failed"), ("could_not_run", "could not run")])
def test_a_failed_check_and_one_that_could_not_run_leave_every_byte_until_the_data_is_mended(line, outcome, words):
    line(reached=10)
    before = hashlib.sha256(line.file.read_bytes()).hexdigest()
    broken = line(outcome, blocks=True, reached=99)
    assert not broken.success and "Nothing is published" in said(broken) and words in said(broken)
    assert hashlib.sha256(line.file.read_bytes()).hexdigest() == before
    assert line(reached=98).success
    assert rows(line.file, "select reached from funnel_by_month") == [(98,)]


def test_a_warehouse_of_which_nothing_is_known_is_not_published(line):
    assert "was not built since it last had to be" in said(line(known=False))
    assert not line.file.exists()


def test_a_held_report_is_shown_as_a_warning_that_blocks_nothing(line):
    line()
    held = line(held=True, reason="mql 2025-02", mismatches=7)
    shown = {check.check_name: check for check in held.get_asset_check_evaluations()}
    assert held.success
    assert not shown["funnel"].passed
    assert all(check.passed for name, check in shown.items() if name != "funnel")
    assert shown["funnel"].severity == dg.AssetCheckSeverity.WARN
    assert shown["funnel"].description == "mql 2025-02"
