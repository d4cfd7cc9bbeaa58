"""What starts a run: exports that are new or changed; everything to the right follows by automation conditions.

Outside events enter here and nowhere else.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import dagster as dg
from ingest.settings import Settings
from ingest.sources import SourcesError
from ingest.systems import connected

from orchestration.defs.raw import ASSETS
from orchestration.turns import is_free

ATTEMPTS = 3
SILENT_SECONDS = 120  # a run that began longer ago and does not hold the data dir has died
RAW = dg.AssetSelection.assets(*ASSETS)
GOING_ON = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
SEQUENCE, ATTEMPT = "onefunnel/exports", "onefunnel/attempt"

whole_line = dg.define_asset_job(
    "whole_line", selection=dg.AssetSelection.all(), description="Everything once, from the exports to the page."
)


@dg.sensor(target=RAW, minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING)
def exports_arrived(context: dg.SensorEvaluationContext):
    """Loads when exports, their mapping or the agreement changed; a failed load is tried again, a few times."""
    settings = Settings()
    bury_the_dead(context.instance, settings)
    if context.instance.get_runs(dg.RunsFilter(statuses=GOING_ON), limit=1):
        return dg.SkipReason("A run is going on; what arrives meanwhile is loaded after it.")
    seen = json.loads(context.cursor) if context.cursor else {"sequence": 0, "fingerprint": None, "attempt": 0}
    now = fingerprint(settings)
    if now is None:
        return dg.SkipReason("No sources.yml that can be read: nothing is connected.")
    if now != seen["fingerprint"]:
        seen = {"sequence": seen["sequence"] + 1, "fingerprint": now, "attempt": 1}
    elif not _failed(context.instance, seen):
        return dg.SkipReason("No export has changed since the last load was asked for.")
    elif seen["attempt"] >= ATTEMPTS:
        return dg.SkipReason(f"This load failed {ATTEMPTS} times: mend it, or touch an export to try again.")
    else:
        seen["attempt"] += 1
    return dg.SensorResult(
        [dg.RunRequest(run_key=f"exports-{seen['sequence']}-{seen['attempt']}", tags=_tags(seen))],
        cursor=json.dumps(seen),
    )


def bury_the_dead(instance: dg.DagsterInstance, settings: Settings) -> None:
    """A run whose process was killed says nothing, and would keep its place in the queue for ever."""
    silent = datetime.now(UTC) - timedelta(seconds=SILENT_SECONDS)
    running = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED], updated_before=silent)
    if (dead := instance.get_runs(running)) and is_free(settings.data.absolute()):
        for run in dead:
            instance.report_run_failed(run, "The process of this run ended without a word: it was killed.")


def fingerprint(settings: Settings) -> str | None:
    """Changes whenever a load would find something else; null when nothing can be read."""
    try:
        agreed = [path.read_bytes() for path in sorted(settings.agreement.glob("*.yml"))]
        return hashlib.sha256(
            b"\0".join([repr(sorted(connected.fingerprint(settings).items())).encode(), *agreed])
        ).hexdigest()
    except (SourcesError, OSError):
        return None


def _tags(seen: dict) -> dict[str, str]:
    return {SEQUENCE: str(seen["sequence"]), ATTEMPT: str(seen["attempt"])}


def _failed(instance: dg.DagsterInstance, seen: dict) -> bool:
    runs = instance.get_runs(dg.RunsFilter(tags=_tags(seen)), limit=1)
    return bool(runs) and runs[0].status == dg.DagsterRunStatus.FAILURE


everything_to_the_right = dg.AutomationConditionSensorDefinition(
    "everything_to_the_right",
    target=dg.AssetSelection.all() - RAW,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=15,
)
