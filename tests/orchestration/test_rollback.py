"""`onefunnel rollback`, as a person runs it."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import duckdb
import pytest
from typer.testing import CliRunner
from warehouses import make_warehouse, rows

from ingest import world
from ingest.settings import Settings
from orchestration import changes
from orchestration.cli import app
from orchestration.publishing import page
from orchestration.publishing.publication import publish
from orchestration.terminal import rolling_back
from orchestration.turns import turn

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
TELL = rolling_back.tell


@pytest.fixture
def onefunnel(data_dir, tmp_path, monkeypatch):
    """`onefunnel(*words)` where three publications are kept, of Monday to Wednesday; the last is held."""
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    drawn = []
    monkeypatch.setattr(page, "write", lambda file, out, *_, **__: drawn.append(stands(file)) or out)
    monkeypatch.setattr(page, "write_triage", lambda file, out, *_, **__: out)
    monkeypatch.setattr(rolling_back, "tell", lambda *_, **__: "")
    for day, warehouse in enumerate([{}, {"reached": 11}, {"held": True, "reason": "mql 2025-02", "mismatches": 5}]):
        file = make_warehouse(data_dir / "warehouse.duckdb", **warehouse)
        with duckdb.connect(str(file)) as connection:
            connection.execute(
                "create table marts.definitions as"
                " select 'Europe/Berlin' as term, 'timezone' as kind, 1 as agreement_version"
            )
        publish(file, data_dir, MONDAY + timedelta(days=day))

    def call(*words):
        return CliRunner().invoke(app, ["rollback", *words], env={"COLUMNS": "200"})

    call.published, call.drawn = data_dir / "published" / "onefunnel.duckdb", drawn
    return call


def stands(file) -> int:
    """The number of the publication that a file is."""
    return rows(file, "select number from evidence.publication")[0][0]


def test_a_rollback_says_what_it_did_and_that_the_next_good_run_publishes_anew(onefunnel):
    done = onefunnel()
    assert done.exit_code == 0, done.output
    assert "Rolled back to publication 2 of 2025-03-04 09:00 UTC, from 3 of 2025-03-05 09:00 UTC" in done.output
    assert "funnel fresh" in done.output and "The next good run publishes anew." in done.output
    assert stands(onefunnel.published) == 2


def test_the_page_is_drawn_anew_and_dagster_knows_what_stands(onefunnel, data_dir, monkeypatch):
    monkeypatch.setattr(rolling_back, "tell", TELL)
    done = onefunnel("--to", "2")
    assert (done.exit_code, onefunnel.drawn) == (0, [2]), done.output
    monkeypatch.setenv("DAGSTER_HOME", str(data_dir / "dagster"))
    with dg.DagsterInstance.get() as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("published"))
        assert event.asset_materialization.metadata["publication"].value == 2
        key = dg.AssetCheckKey(dg.AssetKey("published"), "funnel")
        (checked,) = instance.event_log_storage.get_latest_asset_check_execution_by_key([key]).values()
        assert checked.event.dagster_event.asset_check_evaluation_data.passed
        assert instance.get_latest_materialization_event(dg.AssetKey("page"))


@pytest.mark.parametrize(
    ("to", "number"), [("1", 1), ("2025-03-05", 2), ("2025-03-04T10:00", 2), ("2025-03-04T08:59Z", 1)]
)
def test_a_rollback_goes_to_a_number_or_to_a_moment_in_the_agreements_zone(onefunnel, to, number):
    assert onefunnel("--to", to).exit_code == 0
    assert stands(onefunnel.published) == number


@pytest.mark.parametrize(("to", "words"), [("9", "Kept are 3, 2, 1"), ("soon", "neither"), ("2025-03-01", "UTC")])
def test_what_cannot_be_gone_back_to_is_said_in_one_line_with_exit_code_1(onefunnel, to, words):
    done = onefunnel("--to", to)
    assert done.exit_code == 1 and words in done.output and "Traceback" not in done.output
    assert stands(onefunnel.published) == 3


def test_the_list_shows_what_is_kept_with_the_fate_of_each_report_and_changes_nothing(onefunnel):
    lines = onefunnel("--list").output.splitlines()
    assert ["funnel held" in line for line in lines if "2025-03" in line] == [True, False, False]
    assert [line for line in lines if "current" in line and "2025-03-05 09:00:00" in line and " 3 " in line]
    assert stands(onefunnel.published) == 3


def test_a_rollback_waits_for_a_run_and_then_says_who_it_is(onefunnel, data_dir, monkeypatch):
    """F28."""
    monkeypatch.setenv("ONEFUNNEL_LOCK_WAIT_SECONDS", "0.3")
    with turn(data_dir, 0):
        done = onefunnel()
    assert done.exit_code == 1 and "Waiting for process" in done.output and "has had" in done.output
    assert stands(onefunnel.published) == 3


def test_a_rollback_works_where_the_definitions_cannot_be_read_and_says_what_is_not_drawn(onefunnel, monkeypatch):
    def broken(publication):
        raise RuntimeError("dbt cannot read the project")

    monkeypatch.setattr(rolling_back, "tell", TELL)
    monkeypatch.setattr(rolling_back, "_noted", broken)
    done = onefunnel()
    assert done.exit_code == 1 and "still shows what was before" in done.output and "dbt cannot read" in done.output
    assert stands(onefunnel.published) == 2


def test_when_nothing_has_changed_a_run_leaves_a_rollback_and_says_so(onefunnel, tmp_path, monkeypatch):
    """What was rolled back would come again from the same exports: only a plain run asks for that."""
    world.write(tmp_path, people=20, seed=1)
    settings = Settings()
    changes.remember(settings, changes.seen_now(settings))
    assert "rolled back" not in changes.nothing_changed(settings)
    onefunnel()
    assert changes.unchanged(settings)
    assert "What it published (3) was rolled back to 2" in changes.nothing_changed(settings)
