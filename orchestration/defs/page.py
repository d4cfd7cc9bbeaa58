"""The pages: drawn from what was published, and drawn anew when what must stand on top of them has changed.

A static page cannot tell by itself that nothing was published today, so whoever still runs looks and says it there.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from dagster import DagsterEventType
from ingest.settings import Settings

from orchestration.alerts.runs import why
from orchestration.alerts.scrubbing import without_personal_data
from orchestration.defs.events import GOING_ON
from orchestration.defs.published import published
from orchestration.defs.resources import Warehouse
from orchestration.publishing import page as drawing
from orchestration.publishing.page.notices import Unpublished, gather
from orchestration.terminal.progress import doing

LOOKED_AT = 20  # runs
LONGEST = 240  # letters of a reason
BEHIND = {"page", "fates"}  # steps that follow publishing
ENDED_BADLY = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED])


@dg.asset(group_name="published", deps=[published], kinds={"html"}, automation_condition=dg.AutomationCondition.eager())
def page(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """What people look at, drawn from the published file: the page, and beside it the one to work from."""
    return dg.MaterializeResult(
        metadata={"page": dg.MetadataValue.path(str(_draw(context.instance, warehouse.settings)))}
    )


@dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def notices(context: dg.SensorEvaluationContext):
    """Draws the pages anew when nothing was published, alerts are silent, or a publication was taken back."""
    if context.instance.get_runs(dg.RunsFilter(statuses=GOING_ON), limit=1):
        return dg.SkipReason("A run is going on; what becomes of it is told after it.")
    is_drawn = draw_what_has_changed(context.instance, Settings())
    return dg.SkipReason("Drew the pages with new notices." if is_drawn else "The pages say how things are.")


def draw_what_has_changed(instance: dg.DagsterInstance, settings: Settings) -> bool:
    """Draw the pages of the file that is published if their notices are not those of now; whether it had to."""
    drawn = settings.data.absolute() / "published" / "index.html"
    if not drawn.exists() or drawing.says(drawn, _now(instance, settings)):
        return False
    _draw(instance, settings)
    return True


def unpublished(instance: dg.DagsterInstance) -> Unpublished | None:
    """The latest run that failed or was cancelled before it published, if nothing was published since."""
    done = instance.get_latest_materialization_event(published.key)
    for record in instance.get_run_records(ENDED_BADLY, limit=LOOKED_AT):
        run = record.dagster_run
        if done and (record.end_time <= done.timestamp or run.run_id == done.run_id):
            continue
        if reason := next(_reasons(instance, run), None):
            return Unpublished(datetime.fromtimestamp(record.end_time, UTC), _short(reason))
    return None


def _reasons(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[str]:
    """Why it did not publish, what says most first; nothing where only a step behind publishing failed."""
    all_failures = instance.all_logs(run.run_id, of_type=DagsterEventType.STEP_FAILURE)
    failures = [event for event in all_failures if event.step_key not in BEHIND]
    if all_failures and not failures:
        return
    for event in failures:
        if said := why(event.dagster_event):
            yield f"{doing(event.step_key)} failed. {said}"
    evaluations = [
        event.dagster_event.asset_check_evaluation_data
        for event in instance.all_logs(run.run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION)
    ]
    failed = [one for one in evaluations if not one.passed and one.severity == dg.AssetCheckSeverity.ERROR]
    if failed:
        more = f", and {len(failed) - 1} more" if len(failed) > 1 else ""
        yield f"the check {failed[0].check_name} of {failed[0].asset_key.to_user_string()} failed{more}"
    yield "it was cancelled" if run.status == dg.DagsterRunStatus.CANCELED else "it ended before its end"


def _short(reason: str) -> str:
    line = without_personal_data(" ".join(reason.split())).rstrip(".")
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} …"


def _now(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    return gather(settings.data, unpublished(instance))


def _draw(instance: dg.DagsterInstance, settings: Settings) -> Path:
    folder, said = settings.data.absolute() / "published", _now(instance, settings)
    drawing.write_triage(folder / "onefunnel.duckdb", folder / drawing.TRIAGE, said)
    return drawing.write(folder / "onefunnel.duckdb", folder / "index.html", notices=said)
