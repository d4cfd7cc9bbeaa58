import dagster as dg
import pytest

from ingest.settings import Settings
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
            return [(request.run_key, request.tags) for request in result.run_requests]

        once.cursor, once.skipped, once.instance, once.export = None, None, instance, export
        yield once


@dg.op
def nothing():
    pass


@dg.job
def idle():
    nothing()


def begin(instance, tags, status):
    """A run with these tags and this status."""
    return instance.create_run_for_job(idle, tags=tags, status=status)


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


def test_a_run_whose_process_was_killed_does_not_hold_the_queue_for_ever(look, data_dir, monkeypatch):
    from orchestration.defs import events

    dead = begin(look.instance, {}, dg.DagsterRunStatus.STARTED)
    monkeypatch.setattr(events, "SILENT_SECONDS", -60)
    with turn(data_dir, 0):
        events.bury_the_dead(look.instance, Settings())
        assert look.instance.get_run_by_id(dead.run_id).status == dg.DagsterRunStatus.STARTED
    events.bury_the_dead(look.instance, Settings())
    assert look.instance.get_run_by_id(dead.run_id).status == dg.DagsterRunStatus.FAILURE


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
