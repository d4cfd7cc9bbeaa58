"""`dagster dev` as people start it, on a data dir of its own: started, clicked as its page does, killed.

Everything it starts carries a mark in its environment; a kill finds all of it by that mark, and nothing else.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path

import dagster as dg

REPOSITORY = Path(__file__).resolve().parents[2]
MARK = "ONEFUNNEL_TEST_DAEMON"
LIVES_SECONDS = 3600  # whatever becomes of the test, nothing outlives this
LOCATION = {"repositoryLocationName": "orchestration.definitions", "repositoryName": "__repository__"}
_ASSETS = {"jobName": "__ASSET_JOB"}
ENDED = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED}
SENSORS = ("exports_arrived", "everything_to_the_right", "alerts")


class Daemon:
    """One `dagster dev`: `start`, `kill` and `start` again; in between whatever a person does on its page."""

    def __init__(self, data: Path, sources: Path, agreement: Path, **environment: str):
        self.data, self.home = data, data / "dagster"
        self.mark = uuid.uuid4().hex
        self.environment = environment | {
            "ONEFUNNEL_DATA": str(data),
            "ONEFUNNEL_SOURCES": str(sources),
            "ONEFUNNEL_AGREEMENT": str(agreement),
            "DAGSTER_HOME": str(self.home),
            "DAGSTER_DISABLE_TELEMETRY": "yes",
            MARK: self.mark,
        }
        self.home.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / "orchestration" / "dagster.yaml", self.home)
        self.port, self.process, self.starts = None, None, []

    def __enter__(self) -> "Daemon":
        return self.start()

    def __exit__(self, *_) -> None:
        self.kill()

    def start(self, patience_seconds: float = 300, **environment: str) -> "Daemon":
        """Start all of it and wait until its page answers and every daemon has had a look."""
        began, self.port = time.time(), _free_port()
        self.environment |= environment
        command = [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions"]
        self.log = self.data / "logs" / f"dagster-dev-{len(self.starts)}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            ["timeout", "--signal=KILL", str(LIVES_SECONDS), *command, "-h", "127.0.0.1", "-p", str(self.port)],
            cwd=REPOSITORY,
            env=os.environ | self.environment,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        until(lambda: self._is_up(began), patience_seconds, "dagster dev is up", self._last_words)
        self.starts.append(time.time() - began)
        return self

    def kill(self) -> None:
        """kill -9 of every process that carries the mark, again until there is none."""
        while pids := self.processes():
            for pid in pids:
                _kill(pid)
            time.sleep(0.05)
        if self.process:
            self.process.wait()

    def processes(self, *words: str) -> list[int]:
        """The processes of this daemon, those whose command line has all of these words."""
        return [pid for pid in _marked(self.mark) if all(word in _command(pid) for word in words)]

    def materialize(self, *assets: str, checks: bool = True) -> str:
        """Select these assets on the page, click Materialize, or launch whole_line; gives the run's id."""
        if not assets:
            return self._launch({"jobName": "whole_line"})
        selected = {"assetSelection": [_path(asset) for asset in assets]}
        return self._launch(_ASSETS | selected | ({} if checks else {"assetCheckSelection": []}))

    def check(self, *assets: str) -> dg.DagsterRunStatus:
        """Click Execute all on the checks of these assets; waits for the end."""
        query = "query($k: [AssetKeyInput!]) {assetNodes(assetKeys: $k) {assetKey {path} assetChecksOrError"
        query += " {... on AssetChecks {checks {name canExecuteIndividually}}}}}"
        nodes = self.ask(query, k=[_path(asset) for asset in assets])["assetNodes"]
        checks = [
            {"assetKey": node["assetKey"], "name": check["name"]}
            for node in nodes
            for check in node["assetChecksOrError"]["checks"]
            if check["canExecuteIndividually"] == "CAN_EXECUTE"
        ]
        return self.ended(self._launch(_ASSETS | {"assetSelection": [], "assetCheckSelection": checks}))

    def _launch(self, what: dict) -> str:
        return self.ask(
            "mutation($p: ExecutionParams!) {launchRun(executionParams: $p)"
            " {... on LaunchRunSuccess {run {id}} ... on Error {message}}}",
            p={"selector": LOCATION | what, "runConfigData": {}, "mode": "default"},
        )["launchRun"]["run"]["id"]

    def backfill(self, *assets: str) -> str:
        """Launch a backfill of these assets; gives its id."""
        selected = [{"assetKey": _path(asset)} for asset in assets]
        return self.ask(
            "mutation($p: LaunchBackfillParams!) {launchPartitionBackfill(backfillParams: $p)"
            " {... on LaunchBackfillSuccess {backfillId} ... on Error {message}}}",
            p={"partitionsByAssets": selected, "title": "All of it again"},
        )["launchPartitionBackfill"]["backfillId"]

    def switch(self, *names: str, on: bool, kind: str = "Sensor") -> None:
        """Turn sensors on or off, or schedules."""
        one, stop = kind.lower(), {"Sensor": "stopSensor", "Schedule": "stopRunningSchedule"}[kind]
        for name in names:
            selector = LOCATION | {f"{one}Name": name}
            if on:
                told = self.ask(
                    f"mutation($s: {kind}Selector!) {{told: start{kind}({one}Selector: $s) {{__typename}}}}", s=selector
                )
            else:
                state = self.ask(
                    f"query($s: {kind}Selector!) {{{one}OrError({one}Selector: $s)"
                    f" {{... on {kind} {{{one}State {{id}}}}}}}}",
                    s=selector,
                )[f"{one}OrError"][f"{one}State"]
                told = self.ask(f"mutation($id: String) {{told: {stop}(id: $id) {{__typename}}}}", id=state["id"])
            assert told["told"]["__typename"] in ("Sensor", "StopSensorMutationResult", "ScheduleStateResult"), told

    def ask(self, query: str, **variables) -> dict:
        """One GraphQL request; its data, or an AssertionError with what the server said."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                said = json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from None
        assert not said.get("errors"), said["errors"]
        return said["data"]

    def instance(self) -> dg.DagsterInstance:
        """Its runs and events, read beside it."""
        return dg.DagsterInstance.from_config(str(self.home))

    def ended(self, run_id: str, patience_seconds: float = 600) -> dg.DagsterRunStatus:
        """Wait until a run has ended; how it did."""
        with self.instance() as instance:
            until(
                lambda: instance.get_run_by_id(run_id).status in ENDED, patience_seconds, f"{run_id} has ended",
                self._last_words,
            )  # fmt: skip
            return instance.get_run_by_id(run_id).status

    def run(self, *assets: str, checks: bool = True) -> dg.DagsterRunStatus:
        """Materialise by hand and wait for the end."""
        return self.ended(self.materialize(*assets, checks=checks))

    def quiet(self, seconds: float, patience_seconds: float = 900) -> list[dg.DagsterRun]:
        """Wait until no run has been going on for so long; gives all runs there ever were, oldest first."""
        since = [time.time()]

        def is_quiet(instance):
            if any(run.status not in ENDED for run in instance.get_runs()):
                since[0] = time.time()
            return time.time() - since[0] >= seconds

        with self.instance() as instance:
            until(lambda: is_quiet(instance), patience_seconds, "no run is going on", self._last_words)
            return list(reversed(instance.get_runs()))

    def said(self) -> str:
        """All that every start has written."""
        return "".join(path.read_text() for path in sorted(self.data.glob("logs/dagster-dev-*.log")))

    def _is_up(self, began: float) -> bool:
        assert self.process.poll() is None, f"dagster dev ended with {self.process.returncode}.\n{self._last_words()}"
        try:
            health = self.ask("{instance {daemonHealth {allDaemonStatuses {daemonType required lastHeartbeatTime}}}}")
        except OSError:
            return False
        required = [one for one in health["instance"]["daemonHealth"]["allDaemonStatuses"] if one["required"]]
        return bool(required) and all((one["lastHeartbeatTime"] or 0) > began for one in required)

    def _last_words(self) -> str:
        return self.log.read_text()[-3000:]


def until(holds: Callable[[], bool], patience_seconds: float, what: str, more: Callable[[], str] = str) -> None:
    """Wait until it holds; an AssertionError says what did not come."""
    ends = time.monotonic() + patience_seconds
    while not holds():
        assert time.monotonic() < ends, f"Not within {patience_seconds:g} s: {what}. {more()}"
        time.sleep(0.2)


def _path(asset: str) -> dict[str, list[str]]:
    return {"path": asset.split("/")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _marked(mark: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{MARK}={mark}".encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # gone, or not ours
            continue
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
