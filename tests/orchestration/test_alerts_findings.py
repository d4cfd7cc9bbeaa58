import os
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
import time_machine

from ingest.settings import Settings
from orchestration.alerts import heartbeat, outbox, runs


@dg.asset
def people():
    pass


class World:
    """An instance, a chat that is told, and runs of checks and steps at the test's word."""

    def __init__(self, folder, chat, instance):
        self.folder, self.chat, self.instance, self.log, self.specs = folder, chat, instance, [], []

    def checks(self, *results, **given):
        """A run in which these checks are made, then a look; the titles of what was told."""
        self.specs = [dg.AssetCheckSpec(result.check_name, asset="people") for result in results]

        @dg.multi_asset_check(specs=self.specs)
        def audit():
            yield from results

        dg.materialize([people, audit], instance=self.instance, raise_on_error=False)
        return self.look(**given)

    def step(self, error=None, name="load"):
        """A run of one step, which may fail; nobody looks yet."""

        @dg.op(name=name)
        def step():
            if error:
                raise error

        @dg.job(name="line")
        def job():
            step()

        job.execute_in_process(instance=self.instance, raise_on_error=False)

    def look(self, by="run"):
        from orchestration.defs.alerts import tell

        seen = len(self.chat.came)
        tell(self.instance, [spec.key for spec in self.specs], Settings(), self.log.append, by)
        return [told.title for told in self.chat.came[seen:]]


@pytest.fixture
def world(tmp_path, monkeypatch, chat):
    (tmp_path / "alerts.yml").write_text(f"- url: {chat.url}\n  digest_at: null\n")
    monkeypatch.setenv("ONEFUNNEL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))
    monkeypatch.setenv("ONEFUNNEL_PAGE_URL", "https://bi.acme.example/onefunnel/")
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
        yield World(tmp_path, chat, instance)


def result(passed, severity=dg.AssetCheckSeverity.WARN, name="plausible", description=None, **metadata):
    return dg.AssetCheckResult(
        asset_key="people",
        check_name=name,
        passed=passed,
        severity=severity,
        description=description,
        metadata=metadata,
    )


ERROR = dg.AssetCheckSeverity.ERROR


def test_a_failed_warning_is_told_though_the_run_is_green_and_so_is_its_recovery(world):
    assert world.checks(result(False)) == ["Warning: people: the check plausible failed"]
    assert world.checks(result(False)) == []
    assert world.checks(result(True)) == ["Recovered: people: the check plausible passes again"]


def test_a_failed_error_is_told_once_though_the_step_fails_as_well(world):
    assert world.checks(result(False, ERROR)) == ["Error: people: the check plausible failed"]


def test_a_check_is_told_with_count_owner_meaning_ids_links_and_the_page_of_its_suite(world, chat):
    docs = str(world.folder / "data" / "published" / "checks" / "people.html")
    world.checks(
        result(
            False,
            ERROR,
            description="37 people have no country.",
            owner="sales_ops",
            meaning="They count in no region.",
            failed=37,
            checked=9120,
            ids=dg.MetadataValue.json([f"p{number}" for number in range(20)]),
            links=dg.MetadataValue.json({"p0": ["https://crm.example/p0"]}),
            docs=dg.MetadataValue.path(docs),
        )
    )
    ((title, body),) = chat.shown
    assert title == "Error: people: the check plausible failed, 37 of 9,120 (sales_ops)"
    lines = body.splitlines()
    assert lines[:2] == ["They count in no region.", "37 people have no country."]
    assert lines[2].startswith("Job of sales_ops. Since ")
    assert lines[3].startswith("To do: Nothing is published until it passes")
    assert lines[4] == "Look at: https://bi.acme.example/onefunnel/checks/people.html"
    assert lines[6:8] == ["p0 https://crm.example/p0", "p1"] and lines[-1] == "… and 27 more"


def test_without_an_address_of_the_page_the_path_is_told(world, chat, monkeypatch):
    monkeypatch.delenv("ONEFUNNEL_PAGE_URL")
    world.checks(result(False))
    assert f"Look at: {world.folder / 'data' / 'published' / 'index.html'}" in chat.shown[0][1]


def test_checks_that_could_not_run_are_one_message_and_differ_from_failed_ones(world):
    """F19."""
    unasked = [result(False, name=name, outcome="could_not_run") for name in ("plausible", "few")]
    assert world.checks(*unasked) == ["Error: people: 2 checks could not run"]
    assert world.checks(result(True)) == ["Recovered: people: its checks run again"]


def test_a_held_report_one_that_can_no_longer_be_judged_and_its_release_are_told(world, chat):
    def report(status):
        return result(status == "fresh", report_status=status, owner="sales_ops", reason="8 of 40 are disputed.")

    assert world.checks(report("held")) == ["Warning: The report plausible is held (sales_ops)"]
    assert chat.came[0].body.splitlines()[0] == "8 of 40 are disputed."
    assert world.checks(report("could_not_run")) == ["Worse: The report plausible could not be judged (sales_ops)"]
    assert world.checks(report("fresh")) == ["Recovered: The report plausible is released"]


def test_the_failure_of_a_check_that_there_is_no_more_ends(world):
    world.checks(result(False))
    assert world.checks(result(True, name="another")) == ["Recovered: people/plausible is no longer checked"]


def test_a_step_that_broke_is_told_with_its_cause_and_so_is_that_it_runs_again(world, chat):
    world.step(dg.Failure("The disk is full."))
    assert world.look() == ["Error: The step load failed"]
    assert chat.came[0].body.splitlines()[0] == "The disk is full."
    assert world.look() == []
    world.step()
    assert world.look() == ["Recovered: The step load runs again"]


def test_a_run_that_was_killed_is_told_although_no_step_has_failed(world, chat):
    run = world.instance.create_run_for_job(_job())
    world.instance.report_run_failed(run, "The process of this run ended without a word: it was killed.")
    assert world.look() == ["Error: A run died before its end"]
    assert "it was killed" in chat.came[0].body
    world.step()
    assert world.look() == ["Recovered: Runs come to their end again"]


def test_a_killed_run_that_dagster_makes_again_speaks_for_itself(world):
    run = world.instance.create_run_for_job(_job(), tags={"dagster/will_retry": "true"})
    world.instance.report_run_failed(run, "The process of this run ended without a word: it was killed.")
    assert world.look() == []


def _job():
    @dg.op
    def load():
        pass

    @dg.job(name="line")
    def line():
        load()

    return line


def test_after_two_days_of_nobody_looking_the_runs_are_read_oldest_first_some_at_each_look(world, monkeypatch):
    """F21."""
    monkeypatch.setattr(runs, "AT_A_LOOK", 4)
    world.step()
    world.look()
    read = []
    of_run = runs._of_run
    monkeypatch.setattr(runs, "_of_run", lambda instance, end: read.append(end.run_id) or of_run(instance, end))
    for number in range(10):
        world.step(dg.Failure(f"broken {number}") if number % 2 == 0 else None, name=f"step_{number}")
    looks = []
    while True:
        before = len(read)
        world.look()
        looks.append(len(read) - before)
        if not looks[-1]:
            break
    assert looks == [4, 4, 2, 0]
    in_order = [record.dagster_run.run_id for record in world.instance.get_run_records(ascending=True)]
    assert read == in_order[1:]  # each once, the oldest first
    assert outbox.open_keys(world.folder / "data") == {f"step/step_{number}" for number in range(0, 10, 2)}


def test_a_look_that_was_killed_reads_the_same_runs_again(world, chat, monkeypatch):
    world.step(dg.Failure("broken"))
    with monkeypatch.context() as killed:
        killed.setattr(outbox._Writer, "forget", _dies)
        with pytest.raises(KeyboardInterrupt):
            world.look()
    assert outbox.position(world.folder / "data") is None and chat.came == []
    assert world.look() == ["Error: The step load failed"]


def _dies(writer):
    raise KeyboardInterrupt


def test_exports_that_have_changed_and_were_not_published_for_hours_are_told_until_they_are(world, monkeypatch):
    (world.folder / "exports").mkdir()
    export = world.folder / "exports" / "Lead.csv"
    export.write_text("Id\n1\n")
    (world.folder / "sources.yml").write_text(
        "systems:\n  - {name: salesforce, kind: salesforce, role: crm, path: exports, timezone: UTC}\n"
    )

    @dg.asset
    def published():
        pass

    now = datetime.now(UTC)
    dg.materialize([published], instance=world.instance)
    os.utime(export, (now.timestamp() - 7 * 3600,) * 2)
    assert world.look() == []  # published since
    monkeypatch.setattr("orchestration.alerts.freshness.PATIENCE", timedelta(hours=-2))
    os.utime(export, (now.timestamp() + 3600,) * 2)
    (title,) = world.look()
    assert title.startswith("Error: Nothing was published since 20")
    os.utime(export, (now.timestamp() - 7 * 3600,) * 2)
    assert world.look() == ["Recovered: What has changed or was due is published again"]


def test_a_sweep_that_was_due_and_has_published_nothing_is_told(world, monkeypatch, chat):
    @dg.asset
    def published():
        pass

    with time_machine.travel(datetime(2026, 3, 1, 4, tzinfo=UTC)):
        dg.materialize([published], instance=world.instance)
    monkeypatch.setenv("ONEFUNNEL_SCHEDULE", "0 5 * * *")
    monkeypatch.setenv("ONEFUNNEL_AGREEMENT", str(world.folder))  # none: UTC
    titles = []
    for moment in (datetime(2026, 3, 1, 10, 50, tzinfo=UTC), datetime(2026, 3, 1, 11, 10, tzinfo=UTC)):
        with time_machine.travel(moment):
            titles.append(world.look())
    assert titles == [[], ["Error: Nothing was published since 2026-03-01 04:00 UTC"]]
    assert chat.came[-1].body.splitlines()[0] == "A sweep was due on 2026-03-01 05:00 UTC."


def test_a_secret_is_nowhere_in_what_dagster_keeps(world, monkeypatch, chat, capfd, caplog):
    """F22: runs, events, ticks and their logs, the outbox, what is printed."""
    from orchestration.defs.alerts import alerts

    monkeypatch.setenv("HOOK_SECRET", "canary-7316-secret")
    chat.status = 500
    (world.folder / "alerts.yml").write_text(
        f"- url: {chat.url}/${{HOOK_SECRET}}\n- url: json://u:${{HOOK_SECRET}}@127.0.0.1:1/\n- url: slack://${{HOOK_SECRET}}\n"
    )
    world.step(dg.Failure("https://u:secret@host answered 401", metadata={"url": "json://${HOOK_SECRET}"}))

    @dg.asset_check(asset=people)
    def plausible():
        return dg.AssetCheckResult(passed=False)

    repository = dg.Definitions([people], asset_checks=[plausible]).get_repository_def()
    with caplog.at_level("DEBUG"), dg.build_sensor_context(world.instance, repository_def=repository) as context:
        alerts(context)
    kept = [path for path in world.folder.rglob("*") if path.is_file()]
    assert len(kept) > 5 and chat.tried
    for path in kept:
        assert b"canary-7316-secret" not in path.read_bytes(), path
    assert "canary-7316-secret" not in caplog.text + "".join(capfd.readouterr())


def test_an_alerts_yml_that_cannot_be_read_is_said_in_the_log_and_on_the_page(world, chat):
    (world.folder / "alerts.yml").write_text("- url: json://canary-7316\n  severity: [error]\n")
    world.checks(result(False))
    said = heartbeat.problems(world.folder / "data", datetime.now(UTC))
    assert len(said) == 1 and "Nobody is told anything: " in said[0] and "entry 1 severity" in said[0]
    assert any("entry 1 severity" in line for line in world.log) and "canary-7316" not in "".join(world.log + said)
    (world.folder / "alerts.yml").write_text(f"- url: {chat.url}\n")
    assert world.look() == ["OneFunnel: 1 alert open"]
    assert heartbeat.problems(world.folder / "data", datetime.now(UTC)) == []
