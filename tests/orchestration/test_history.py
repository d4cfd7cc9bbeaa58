"""Dagster's memory of its runs does not grow for ever."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test

from orchestration.defs.upkeep import old_history
from orchestration.upkeep import history

NOW = datetime(2026, 4, 2, 6)


@dg.asset
def nightly():
    """What each run makes."""
    print("some words on the screen")


@pytest.fixture
def instance(tmp_path):
    """An instance in which five runs ended today."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        for _ in range(5):
            dg.materialize([nightly], instance=instance)
        yield instance


def runs(instance: dg.DagsterInstance) -> list[str]:
    """Every run that is remembered, the newest first."""
    return [run.run_id for run in instance.get_runs()]


def files(instance: dg.DagsterInstance) -> set[str]:
    """Of which runs there is anything on disk."""
    home = Path(instance.root_directory)
    return {path.stem for path in (home / "history" / "runs").glob("*-*.db")} | {
        path.name for path in (home / "storage").glob("*-*")
    }


def test_runs_that_are_old_go_with_their_files_but_the_last_ones_stay(instance, monkeypatch):
    monkeypatch.setattr(history, "KEPT_RUNS", 2)
    before = runs(instance)
    assert files(instance) == set(before)
    assert history.forget(instance, datetime.now(UTC) + timedelta(days=91)) == 3
    assert runs(instance) == before[:2]
    assert files(instance) == set(before[:2])
    assert instance.get_latest_materialization_event(nightly.key).run_id == before[0]


def test_runs_that_are_young_stay(instance, monkeypatch):
    monkeypatch.setattr(history, "KEPT_RUNS", 2)
    assert history.forget(instance, datetime.now(UTC) + timedelta(days=89)) == 0
    assert len(runs(instance)) == 5


def test_a_run_that_is_going_on_stays_however_old_it_is(instance, monkeypatch):
    monkeypatch.setattr(history, "KEPT_RUNS", 1)
    going_on = create_run_for_test(instance, job_name="whole_line", status=dg.DagsterRunStatus.STARTED)
    dg.materialize([nightly], instance=instance)
    history.forget(instance, datetime.now(UTC) + timedelta(days=91))
    assert runs(instance)[1:] == [going_on.run_id]


def test_dagster_does_it_once_an_hour_by_itself(instance):
    assert old_history.default_status == dg.DefaultSensorStatus.RUNNING
    assert old_history.minimum_interval_seconds == 3600
    context = dg.build_sensor_context(instance=instance)
    assert old_history(context).skip_message == "0 runs were older than 90 days: deleted."


def test_why_the_automation_asked_for_something_is_kept_for_a_day(instance):
    home = Path(instance.root_directory)
    instance.schedule_storage.purge_asset_evaluations(0.0)  # now the file is there
    with closing(sqlite3.connect(home / "schedules" / "schedules.db")) as con, con:
        con.executemany(
            "insert into asset_daemon_asset_evaluations (asset_key, create_timestamp) values (?, ?)",
            [("of today", str(NOW)), ("of yesterday", str(NOW - timedelta(hours=25)))],
        )
    history.forget(instance, NOW.replace(tzinfo=UTC))
    with closing(sqlite3.connect(home / "schedules" / "schedules.db")) as con:
        assert con.execute("select asset_key from asset_daemon_asset_evaluations").fetchall() == [("of today",)]
