import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import dagster as dg
import pytest

from ingest.settings import Settings
from orchestration.alerts.delivery import deliver
from orchestration.alerts.outbox import Finding, Outbox
from orchestration.alerts.targets import Target, TargetsError, read

NOW = datetime(2025, 3, 1, 8, tzinfo=UTC)


class Receiver:
    """A chat that takes JSON; `status` is what it answers."""

    def __init__(self):
        self.status, self.bodies = 200, []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if receiver.status == 200:
                    receiver.bodies.append((body["title"], body["message"]))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"json://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()


def finding(key="check/people/plausible", state="failed", **given):
    words = {
        "severity": "error",
        "team": None,
        "title": f"{key} failed",
        "detail": "3 of 9",
        "recovered": f"{key} is well",
    }
    return Finding(key, state, **(words | given))


def observe(outbox, target, *findings):
    outbox.observe(findings, NOW, {target.url: target.wants})


def test_a_failure_and_its_recovery_are_one_message_each_however_often_they_are_seen(tmp_path, receiver):
    outbox, target = Outbox(tmp_path / "a.sqlite"), Target(url=receiver.url)
    for state in ("ok", "failed", "failed", "ok", "ok"):
        observe(outbox, target, finding(state=state))
        deliver(outbox, [target], print, NOW)
    assert receiver.bodies == [
        ("Error: check/people/plausible failed", "3 of 9"),
        ("Recovered: check/people/plausible is well", "Recovered: check/people/plausible is well"),
    ]


def test_a_target_that_is_down_is_told_later_once_and_in_order(tmp_path, receiver):
    """F20."""
    outbox, target, log = Outbox(tmp_path / "a.sqlite"), Target(url=receiver.url), []
    receiver.status = 500
    observe(outbox, target, finding("one"), finding("two"))
    deliver(outbox, [target], log.append, NOW)
    assert receiver.bodies == [] and log == ["Alerts wait: json did not take the message."]
    receiver.status = 200
    deliver(outbox, [target], log.append, NOW)
    deliver(outbox, [target], log.append, NOW)
    assert [title for title, _ in receiver.bodies] == ["Error: one failed", "Error: two failed"]


def test_ten_thousand_failures_at_once_are_one_message_with_a_count(tmp_path, receiver):
    """F20."""
    outbox, target = Outbox(tmp_path / "a.sqlite"), Target(url=receiver.url)
    observe(outbox, target, *(finding(f"check/{number}") for number in range(10_000)))
    deliver(outbox, [target], print, NOW)
    ((title, body),) = receiver.bodies
    assert title == "OneFunnel: 10000 alerts" and len(body) <= 1500 and body.endswith("more")


def test_a_target_gets_only_its_teams_and_severities(tmp_path, receiver):
    outbox = Outbox(tmp_path / "a.sqlite")
    target = Target(url=receiver.url, teams=("sales_ops",), severities=("error",))
    observe(
        outbox,
        target,
        finding("mine", team="sales_ops"),
        finding("theirs", team="marketing_ops"),
        finding("everybodys"),
        finding("mild", team="sales_ops", severity="warn"),
    )
    deliver(outbox, [target], print, NOW)
    assert [title for title, _ in receiver.bodies] == ["Error: mine failed", "Error: everybodys failed"]


def test_no_e_mail_address_is_told(tmp_path, receiver):
    """F23."""
    outbox, target = Outbox(tmp_path / "a.sqlite"), Target(url=receiver.url)
    observe(outbox, target, finding("x", title="jane@acme.example is two people", detail="<jane@acme.example>, p17"))
    deliver(outbox, [target], print, NOW)
    assert receiver.bodies == [("Error: (e-mail) is two people", "<(e-mail)>, p17")]


def test_a_secret_comes_from_the_environment_and_never_reaches_the_log(tmp_path, monkeypatch, caplog, capfd):
    """F22."""
    outbox, log = Outbox(tmp_path / "a.sqlite"), []
    target = Target(url="json://user:${HOOK_SECRET}@127.0.0.1:1/hook")
    observe(outbox, target, finding())
    deliver(outbox, [target], log.append, NOW)
    monkeypatch.setenv("HOOK_SECRET", "canary-7316")
    with caplog.at_level("DEBUG"):
        deliver(outbox, [target], log.append, NOW)
    assert log == [
        "Alerts wait: alerts.yml uses ${HOOK_SECRET}, which is not set in the environment.",
        "Alerts wait: json did not take the message.",
    ]
    assert "canary-7316" not in caplog.text + "".join(capfd.readouterr())


def test_alerts_yml_says_what_is_wrong_with_it_without_repeating_a_url(tmp_path):
    file = tmp_path / "alerts.yml"
    file.write_text("- {url: 'json://canary-7316', severity: [error]}")
    with pytest.raises(TargetsError, match="severity: Extra inputs") as raised:
        read(file)
    assert "canary-7316" not in str(raised.value)


def test_without_alerts_yml_there_is_only_the_log(tmp_path):
    assert read(tmp_path / "alerts.yml") == []


@dg.asset
def people():
    pass


@pytest.fixture
def world(tmp_path, monkeypatch, receiver):
    """`world(results…)` evaluates checks in a run, tells, and gives the titles of what was told."""
    from orchestration.defs.alerts import tell

    (tmp_path / "alerts.yml").write_text(f"- url: {receiver.url}\n")
    monkeypatch.setenv("ONEFUNNEL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:

        def act(*results):
            seen = len(receiver.bodies)
            specs = [dg.AssetCheckSpec(result.check_name, asset="people") for result in results]

            @dg.multi_asset_check(specs=specs)
            def audit():
                yield from results

            dg.materialize([people, audit], instance=instance, raise_on_error=False)
            tell(instance, [spec.key for spec in specs], Settings(), print)
            return [title for title, _ in receiver.bodies[seen:]]

        yield act


def result(passed, severity=dg.AssetCheckSeverity.WARN, **metadata):
    return dg.AssetCheckResult(
        asset_key="people", check_name="plausible", passed=passed, severity=severity, metadata=metadata
    )


def test_a_failed_warning_is_told_though_the_run_is_green_and_so_is_its_recovery(world):
    assert world(result(False)) == ["Warning: people: the check plausible failed"]
    assert world(result(False)) == []
    assert world(result(True)) == ["Recovered: people: the check plausible passes again"]


def test_a_failed_error_is_told_once_though_the_step_fails_as_well(world):
    assert world(result(False, dg.AssetCheckSeverity.ERROR)) == ["Error: people: the check plausible failed"]


def test_checks_that_could_not_run_are_one_message_and_differ_from_failed_ones(world):
    """F19."""
    unasked = [
        dg.AssetCheckResult(asset_key="people", check_name=name, passed=False, metadata={"outcome": "could_not_run"})
        for name in ("plausible", "few")
    ]
    assert world(*unasked) == ["Error: people: 2 checks could not run"]
    assert world(result(True)) == ["Recovered: people: its checks run again"]


def test_a_held_and_a_released_report_are_told(world):
    assert world(result(False, report_status="held", owner="sales_ops")) == ["Warning: The report plausible is held"]
    assert world(result(True, report_status="fresh", owner="sales_ops")) == [
        "Recovered: The report plausible is released"
    ]
