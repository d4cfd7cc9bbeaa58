"""What to tell: checks that failed, could not run or recovered, held and released reports, steps that broke.

A run-failure sensor never sees a failed warning, and the event records of checks cannot be read after a cursor on the
default storage: so the latest evaluation of every check is looked at, and the outbox knows what was told about it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import dagster as dg
from dagster import DagsterEventType, DagsterRunStatus
from ingest.settings import Settings

from orchestration.alerts import heartbeat
from orchestration.alerts import targets as receivers
from orchestration.alerts.delivery import LOG, deliver
from orchestration.alerts.outbox import Finding, Outbox
from orchestration.alerts.signs import ONLY_CHECKS, OUTCOME, OWNER, REPORT_STATUS

RUNS_LOOKED_AT = 20


@dg.sensor(minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def alerts(context: dg.SensorEvaluationContext):
    """One message for each failure and each recovery, to the log and to the targets of alerts.yml."""
    keys = context.repository_def.asset_graph.asset_check_keys
    tell(context.instance, keys, Settings(), context.log.warning)
    return dg.SkipReason("Looked at every check; this sensor starts no runs.")


def tell(
    instance: dg.DagsterInstance,
    keys: Iterable[dg.AssetCheckKey],
    settings: Settings,
    log: Callable[[str], None],
    by: heartbeat.By = "sensor",
) -> None:
    """Notice what opened or recovered since the last look, and deliver what is still to be told."""
    outbox, unreadable = Outbox(settings.data.absolute() / "alerts.sqlite"), {}
    try:
        known = receivers.read(settings.sources.absolute().parent / "alerts.yml")
    except receivers.TargetsError as error:
        log(str(error))
        known, unreadable = [], {"alerts.yml": f"Nobody is told anything: {error}"}
    wants = {LOG: lambda severity, team: True} | {target.url: target.wants for target in known}
    outbox.observe([*check_findings(instance, keys), *step_findings(instance)], settings.clock(), wants)
    deliver(outbox, known, log, settings.clock())
    heartbeat.note_look(settings.data.absolute(), by, datetime.now(UTC), unreadable)


def check_findings(instance: dg.DagsterInstance, keys: Iterable[dg.AssetCheckKey]) -> Iterator[Finding]:
    """How every check that was ever evaluated stands; those of one asset that could not run are one finding."""
    unasked: dict[str, list] = defaultdict(list)
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(keys))
    for key, record in latest.items():
        event = record.event and record.event.dagster_event
        if not event or event.event_type != DagsterEventType.ASSET_CHECK_EVALUATION:
            continue  # planned, but the run stopped before: the step that stopped it is told
        evaluation = event.asset_check_evaluation_data
        values = {name: value.value for name, value in evaluation.metadata.items()}
        if values.get(OUTCOME) == "could_not_run":
            unasked[key.asset_key.to_user_string()].append((key, evaluation, values))
            continue
        unasked[key.asset_key.to_user_string()] += []
        yield (
            _report_finding(key, evaluation, values)
            if REPORT_STATUS in values
            else _check_finding(key, evaluation, values)
        )
    for asset, checks in unasked.items():
        yield _unasked_finding(asset, checks)


def step_findings(instance: dg.DagsterInstance) -> Iterator[Finding]:
    """How every step of the latest runs stands; a step that failed because of checks only is told by those."""
    seen = set()
    finished = dg.RunsFilter(statuses=[DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE])
    for run in instance.get_runs(finished, limit=RUNS_LOOKED_AT):
        failures = {
            event.step_key: event for event in instance.all_logs(run.run_id, of_type=DagsterEventType.STEP_FAILURE)
        }
        passed = {event.step_key for event in instance.all_logs(run.run_id, of_type=DagsterEventType.STEP_SUCCESS)}
        for step in sorted((failures.keys() | passed) - seen):
            seen.add(step)
            said = why(failures[step].dagster_event) if step in failures else ""
            yield Finding(
                key=f"step/{step}",
                state="failed" if said else "ok",
                severity="error",
                team=None,
                title=f"The step {step} failed",
                detail=said,
                recovered=f"The step {step} runs again",
            )


def why(event: dg.DagsterEvent) -> str:
    """What a step's failure says to people; empty when it says only that checks failed."""
    failure = event.step_failure_data
    if failure.user_failure_data:
        metadata = failure.user_failure_data.metadata or {}
        return "" if ONLY_CHECKS in metadata else failure.user_failure_data.description or ""
    error = failure.error
    while error and error.cause:
        error = error.cause
    if error is None or error.cls_name == "DagsterAssetCheckFailedError":
        return ""
    return error.message.strip()


def _check_finding(key: dg.AssetCheckKey, evaluation: dg.AssetCheckEvaluation, values: dict) -> Finding:
    name, asset = key.name, key.asset_key.to_user_string()
    return Finding(
        key=f"check/{asset}/{name}",
        state="ok" if evaluation.passed else "failed",
        severity="error" if evaluation.severity == dg.AssetCheckSeverity.ERROR else "warn",
        team=values.get(OWNER) or None,
        title=f"{asset}: the check {name} failed",
        detail=evaluation.description or "",
        recovered=f"{asset}: the check {name} passes again",
    )


def _report_finding(key: dg.AssetCheckKey, evaluation: dg.AssetCheckEvaluation, values: dict) -> Finding:
    status = values[REPORT_STATUS]
    return Finding(
        key=f"report/{key.name}",
        state="ok" if status == "fresh" else status,
        severity="warn" if status != "could_not_run" else "error",
        team=values.get(OWNER) or None,
        title=f"The report {key.name} is held" if status == "held" else f"The report {key.name} could not be judged",
        detail=values.get("reason", ""),
        recovered=f"The report {key.name} is released",
    )


def _unasked_finding(asset: str, checks: list) -> Finding:
    first = checks[0][1].description if checks else ""
    return Finding(
        key=f"could_not_run/{asset}",
        state="could_not_run" if checks else "ok",
        severity="error",
        team=checks[0][2].get(OWNER) or None if checks else None,
        title=f"{asset}: {len(checks)} checks could not run",
        detail=first or "",
        recovered=f"{asset}: its checks run again",
    )
