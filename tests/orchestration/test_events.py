import shutil
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
import time_machine
import yaml
from dagster._core.events import JobFailureData, RunFailureReason
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from ingest.settings import REPOSITORY, Settings
from orchestration.turns import turn

SOURCES = """
systems:
  - name: crm
    kind: files
    role: crm
    path: exports
    tables:
      users: {file: users.csv, columns: {user_id: Id, name: Name}}
"""


@pytest.fixture
def look(data_dir, tmp_path, monkeypatch):
    """`look()` is one look of the sensor, with its cursor kept; gives the run keys that it requests."""
    from orchestration.defs.events import exports_arrived

    (tmp_path / "exports").mkdir()
    (tmp_path / "sources.yml").write_text(SOURCES)
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))
    export = tmp_path / "exports" / "users.csv"
    export.write_text("Id,Name\n1,Jane\n")
    with dg.DagsterInstance.local_temp(str(data_dir)) as instance:

        def once():
            with dg.build_sensor_context(instance, cursor=once.cursor) as context:
                result = exports_arrived(context)
            if isinstance(result, dg.SkipReason):
                once.skipped = result.skip_message
                return []
            once.cursor = result.cursor
            once.skipped = result.skip_reason.skip_message if result.skip_reason else None
            return [(request.run_key, request.tags) for request in result.run_requests or ()]

        once.cursor, once.skipped, once.instance, once.export = None, None, instance, export
        yield once


@dg.op
def nothing():
    pass


@dg.job
def idle():
    nothing()


@dg.job(name="whole_line")
def line():
    nothing()


ORIGIN = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "__repository__"), "idle")


def begin(instance, tags, status, job=idle):
    """A run with these tags and this status."""
    return instance.create_run_for_job(job, tags=tags, status=status, remote_job_origin=ORIGIN)


def test_new_and_changed_exports_request_one_load_each(look):
    assert [key for key, _ in look()] == ["exports-1-1"]
    assert look() == []
    look.export.write_text("Id,Name\n1,Jane\n2,Joe\n")
    assert [key for key, _ in look()] == ["exports-2-1"]
    assert look() == []


def test_a_failed_load_is_tried_again_and_not_for_ever(look):
    keys = []
    while requested := look():
        ((key, tags),) = requested
        keys.append(key)
        begin(look.instance, tags, dg.DagsterRunStatus.FAILURE)
    assert keys == ["exports-1-1", "exports-1-2", "exports-1-3"]
    assert "failed 3 times" in look.skipped


def test_what_arrives_while_a_run_goes_on_is_loaded_after_it(look):
    going_on = begin(look.instance, {}, dg.DagsterRunStatus.STARTED)
    assert look() == [] and "A run is going on" in look.skipped
    look.instance.report_run_canceled(going_on)
    assert [key for key, _ in look()] == ["exports-1-1"]


@pytest.mark.parametrize("status", ["NOT_STARTED", "STARTING", "STARTED", "CANCELING"])
def test_a_run_whose_process_was_killed_does_not_hold_the_queue_for_ever(look, data_dir, monkeypatch, status):
    from orchestration.defs import events

    dead = begin(look.instance, {}, dg.DagsterRunStatus[status])
    monkeypatch.setattr(events, "SILENT_SECONDS", -60)
    with turn(data_dir, 0):
        events.bury_the_dead(look.instance, Settings())
        assert look.instance.get_run_by_id(dead.run_id).status == dg.DagsterRunStatus[status]
    events.bury_the_dead(look.instance, Settings())
    assert look.instance.get_run_by_id(dead.run_id).status == dg.DagsterRunStatus.FAILURE


def test_a_run_that_only_waits_or_has_just_spoken_is_not_taken_for_dead(look):
    from orchestration.defs.events import bury_the_dead

    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=10)):
        waits = begin(look.instance, {}, dg.DagsterRunStatus.QUEUED)
        ends = begin(look.instance, {}, dg.DagsterRunStatus.STARTED)
        look.instance.report_engine_event("Its first step.", ends)
    look.instance.report_engine_event("Its last step has let go of the data dir.", ends)
    bury_the_dead(look.instance, Settings())
    assert look.instance.get_run_by_id(waits.run_id).status == dg.DagsterRunStatus.QUEUED
    assert look.instance.get_run_by_id(ends.run_id).status == dg.DagsterRunStatus.STARTED


def test_dagster_asks_again_for_a_run_that_was_killed_and_not_for_one_whose_step_failed(tmp_path):
    """F2: else what was on its way to the right when it was killed would wait for the next export."""
    shutil.copy(REPOSITORY / "orchestration" / "dagster.yaml", tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        killed, broken = (begin(instance, {}, dg.DagsterRunStatus.STARTED) for _ in range(2))
        instance.report_run_failed(killed, "It was killed.")
        failure = JobFailureData(error=None, failure_reason=RunFailureReason.STEP_FAILURE)
        instance.report_run_failed(broken, "A step failed.", failure)
        assert instance.run_retries_enabled
        assert instance.get_run_by_id(killed.run_id).tags["dagster/will_retry"] == "true"
        assert instance.get_run_by_id(broken.run_id).tags["dagster/will_retry"] == "false"


def test_a_load_that_was_killed_is_left_to_dagster_which_asks_for_it_again(look):
    ((_, tags),) = look()
    begin(look.instance, tags | {"dagster/will_retry": "true"}, dg.DagsterRunStatus.FAILURE)
    assert look() == []
    begin(look.instance, tags | {"dagster/will_retry": "false"}, dg.DagsterRunStatus.FAILURE)
    assert [key for key, _ in look()] == ["exports-1-2"]


def test_f21_after_two_days_the_exports_as_they_are_now_are_loaded_once_after_what_had_waited(look):
    from orchestration.defs.events import killed_runs

    ((_, tags),) = look()
    with time_machine.travel(datetime.now(UTC) - timedelta(days=2)):
        killed = begin(look.instance, tags, dg.DagsterRunStatus.STARTED)
        look.instance.report_engine_event("Its last word, before the daemon was killed too.", killed)
        waiting = [begin(look.instance, {}, dg.DagsterRunStatus.QUEUED) for _ in range(3)]
    for day in (1, 2):
        look.export.write_text(f"Id,Name\n1,Jane of day {day}\n")
    with dg.build_sensor_context(look.instance) as context:
        killed_runs(context)
    assert look() == [] and "A run is going on" in look.skipped
    queue = look.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED]), ascending=True)
    assert [run.run_id for run in queue] == [run.run_id for run in waiting]
    for run in waiting:
        look.instance.report_run_canceled(run)
    assert look.instance.get_run_by_id(killed.run_id).status == dg.DagsterRunStatus.FAILURE
    assert [key for key, _ in look()] == ["exports-2-1"]
    assert look() == []


def sweep(instance, cron=None):
    """What the schedule asks for when it is due: run requests, or why there are none."""
    from orchestration.defs.events import swept_at

    with dg.build_schedule_context(instance, scheduled_execution_time=datetime(2026, 3, 1, 5, tzinfo=UTC)) as context:
        found = swept_at(cron, "Europe/Berlin").evaluate_tick(context)
    return found.run_requests or found.skip_message


def test_the_clock_asks_for_the_whole_line_unless_a_run_is_going_on(look):
    (request,) = sweep(look.instance)
    assert request.run_key is None
    going_on = begin(look.instance, {}, dg.DagsterRunStatus.STARTED)
    assert "A run is going on" in sweep(look.instance)
    look.instance.report_run_canceled(going_on)
    assert len(sweep(look.instance)) == 1


def test_what_the_sweep_has_loaded_is_not_loaded_again_unless_the_sweep_failed(look):
    def swept(status):
        (request,) = sweep(look.instance)
        begin(look.instance, request.tags, status, line)

    swept(dg.DagsterRunStatus.SUCCESS)
    assert look() == [] and "The sweep has loaded" in look.skipped
    look.export.write_text("Id,Name\n1,Jane\n2,Joe\n")
    swept(dg.DagsterRunStatus.FAILURE)
    assert [key for key, _ in look()] == ["exports-2-1"]


def test_the_sweep_waits_to_be_switched_on_until_somebody_names_its_times(look):
    from orchestration.defs.events import ScheduleError, swept_at

    assert swept_at(None, "UTC").default_status == dg.DefaultScheduleStatus.STOPPED
    named = swept_at("15 6 * * 1-5", "Europe/Berlin")
    assert named.default_status == dg.DefaultScheduleStatus.RUNNING
    assert (named.cron_schedule, named.execution_timezone) == ("15 6 * * 1-5", "Europe/Berlin")
    with pytest.raises(ScheduleError, match="ONEFUNNEL_SCHEDULE is 'every night', which is no cron expression"):
        swept_at("every night", "UTC")


def test_the_sweep_keeps_the_time_zone_of_the_agreement(look, tmp_path, monkeypatch):
    from orchestration.defs.events import zone

    examples = Settings().agreement
    assert zone(Settings()) == yaml.safe_load((examples / "v1.yml").read_text())["timezone"]
    monkeypatch.setenv("ONEFUNNEL_AGREEMENT", str(tmp_path / "nothing"))
    assert zone(Settings()) == "UTC"


def test_the_exports_of_a_vendor_are_looked_at_too(look, tmp_path):
    (tmp_path / "sources.yml").write_text(
        "systems: [{name: sf, kind: salesforce, role: crm, path: sf}, {name: hs, kind: hubspot, role: map}]"
    )
    (tmp_path / "sf").mkdir()
    assert [key for key, _ in look()] == ["exports-1-1"]
    assert look() == []
    (tmp_path / "sf" / "Lead-0001.csv").write_text("Id\n1\n")
    assert [key for key, _ in look()] == ["exports-2-1"]


def test_without_sources_nothing_is_requested(look, tmp_path):
    (tmp_path / "sources.yml").unlink()
    assert look() == [] and "nothing is connected" in look.skipped
