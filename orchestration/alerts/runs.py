"""What broke in the runs: steps that failed, runs that died; read oldest first, some at each look, from where the last
look ended.

The position is kept with what was found: a look that is killed is made again.
"""

from collections.abc import Iterator

import dagster as dg
from dagster import DagsterEventType
from dagster._core.storage.tags import WILL_RETRY_TAG

from orchestration.alerts.findings import Finding
from orchestration.alerts.signs import ONLY_CHECKS

AT_A_LOOK = 20
ENDED = (DagsterEventType.RUN_SUCCESS, DagsterEventType.RUN_FAILURE)
STEP_TODO = "Nothing new is published until it runs; what was published before still stands. Mend its cause, run again."
RUN_TODO = "Run again; if it dies again, look at the machine's memory and disk."


def run_findings(instance: dg.DagsterInstance, position: str | None) -> tuple[list[Finding], str | None]:
    """What the next runs say in the order in which they ended, and the position after them.

    A step that failed because of checks only is told by those; a run that is made again speaks for itself. A first look
    begins with the latest runs.
    """
    ends = [event for kind in ENDED for event in _ends(instance, kind, position)]
    ends.sort(key=lambda record: record.storage_id)
    ends = ends[:AT_A_LOOK] if position is not None else ends[-AT_A_LOOK:]
    found = [finding for record in ends for finding in _of_run(instance, record.event_log_entry)]
    return found, str(ends[-1].storage_id) if ends else position


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
    return "It was interrupted." if error.cls_name == "DagsterExecutionInterruptedError" else error.message.strip()


def _ends(instance: dg.DagsterInstance, kind: DagsterEventType, position: str | None) -> list:
    return instance.fetch_run_status_changes(
        dg.RunStatusChangeRecordsFilter(kind, after_storage_id=int(position)) if position is not None else kind,
        ascending=position is not None,
        limit=AT_A_LOOK,
    ).records


def _of_run(instance: dg.DagsterInstance, end: dg.EventLogEntry) -> Iterator[Finding]:
    failures = {event.step_key: event for event in instance.all_logs(end.run_id, of_type=DagsterEventType.STEP_FAILURE)}
    passed = {event.step_key for event in instance.all_logs(end.run_id, of_type=DagsterEventType.STEP_SUCCESS)}
    for step in sorted(failures.keys() | passed):
        yield _step_finding(step, why(failures[step].dagster_event) if step in failures else "", end.run_id)
    died = end.dagster_event.event_type == DagsterEventType.RUN_FAILURE
    if not failures and not (died and _is_made_again(instance, end.run_id)):
        yield _run_finding(end, died=died)


def _is_made_again(instance: dg.DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)
    return run is not None and run.tags.get(WILL_RETRY_TAG) == "true"


def _step_finding(step: str, said: str, run_id: str) -> Finding:
    return Finding(
        key=f"step/{step}",
        condition="failed" if said else "ok",
        severity="error",
        team=None,
        title=f"The step {step} failed",
        recovered=f"The step {step} runs again",
        detail=said,
        todo=STEP_TODO,
        look=f"run {run_id} in Dagster",
    )


def _run_finding(end: dg.EventLogEntry, *, died: bool) -> Finding:
    return Finding(
        key="run",
        condition="died" if died else "ok",
        severity="error",
        team=None,
        title="A run died before its end",
        recovered="Runs come to their end again",
        detail=(end.dagster_event.message or "").strip() if died else "",
        todo=RUN_TODO,
        look=f"run {end.run_id} in Dagster",
    )
