"""What starts a run: exports that are new or changed, and the clock; everything to the right follows by itself.

Outside events and clocks enter here and nowhere else. Events give speed, the sweep by the clock gives truth. A run that
was killed is asked for again by Dagster itself (`run_retries` in dagster.yaml), once it is known to be dead.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.storage.tags import WILL_RETRY_TAG
from ingest.agreement import AgreementError, read
from ingest.settings import Settings
from ingest.sources import SourcesError
from ingest.systems import connected

from orchestration.defs.raw import ASSETS
from orchestration.turns import is_free

ATTEMPTS = 3
SILENT_SECONDS = 120  # a run that has said nothing for longer, while nobody holds the data dir, has died
NIGHTLY = "0 5 * * *"
RAW = dg.AssetSelection.assets(*ASSETS)
GOING_ON = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
BEGUN = [status for status in GOING_ON if status != dg.DagsterRunStatus.QUEUED]  # what only waits cannot have died
SEQUENCE, ATTEMPT, LOADED = "onefunnel/exports", "onefunnel/attempt", "onefunnel/loaded"


class ScheduleError(ValueError):
    """ONEFUNNEL_SCHEDULE cannot be used; the text says what would be right."""


whole_line = dg.define_asset_job(
    "whole_line", selection=dg.AssetSelection.all(), description="Everything once, from the exports to the page."
)


@dg.sensor(
    target=RAW,
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Loads when exports, their mapping or the agreement changed; a load that failed is tried again twice.",
)
def exports_arrived(context: dg.SensorEvaluationContext):
    """A load of what is new since the last one that was asked for, unless a run is going on."""
    settings = Settings()
    if _is_going_on(context.instance):
        return dg.SkipReason("A run is going on; what arrives meanwhile is loaded after it.")
    seen = json.loads(context.cursor) if context.cursor else {"sequence": 0, "fingerprint": None, "attempt": 0}
    now = fingerprint(settings)
    if now is None:
        return dg.SkipReason("No sources.yml that can be read: nothing is connected.")
    if now != seen["fingerprint"]:
        seen = {"sequence": seen["sequence"] + 1, "fingerprint": now, "attempt": 1}
        if _swept(context.instance, now):
            return dg.SensorResult(skip_reason="The sweep has loaded these exports.", cursor=json.dumps(seen))
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


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends runs whose process was killed, which Dagster then asks for again; starts none itself.",
)
def killed_runs(context: dg.SensorEvaluationContext):
    """Nothing but what `bury_the_dead` does."""
    bury_the_dead(context.instance, Settings())
    return dg.SkipReason("Looked at every run that has begun; this sensor starts none.")


def bury_the_dead(instance: dg.DagsterInstance, settings: Settings) -> None:
    """A run whose process was killed says nothing, and would keep its place in the queue for ever."""
    silent = datetime.now(UTC) - timedelta(seconds=SILENT_SECONDS)
    begun = instance.get_run_records(dg.RunsFilter(statuses=BEGUN))
    dead = [record.dagster_run for record in begun if _last_word(instance, record) < silent]
    if dead and is_free(settings.data.absolute()):
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


def _is_going_on(instance: dg.DagsterInstance) -> bool:
    return bool(instance.get_runs(dg.RunsFilter(statuses=GOING_ON), limit=1))


def _last_word(instance: dg.DagsterInstance, record: dg.RunRecord) -> datetime:
    """When a run last said anything: one that has just let go of the data dir is about to end well."""
    said = instance.get_records_for_run(record.dagster_run.run_id, limit=1, ascending=False).records
    return datetime.fromtimestamp(said[0].timestamp, UTC) if said else record.update_timestamp


def _failed(instance: dg.DagsterInstance, seen: dict) -> bool:
    """Whether the load failed for good: one that was killed is on its way again."""
    runs = instance.get_runs(dg.RunsFilter(tags=_tags(seen)), limit=1)
    return bool(runs) and runs[0].status == dg.DagsterRunStatus.FAILURE and runs[0].tags.get(WILL_RETRY_TAG) != "true"


def _swept(instance: dg.DagsterInstance, now: str) -> bool:
    """Whether the last sweep found the exports as they are now, and went well."""
    runs = instance.get_runs(dg.RunsFilter(job_name=whole_line.name, tags={LOADED: now}), limit=1)
    return bool(runs) and runs[0].status == dg.DagsterRunStatus.SUCCESS


def swept_at(cron: str | None, zone: str) -> dg.ScheduleDefinition:
    """The schedule `sweep` of a cron in a time zone; one that nobody asked for waits to be switched on in Dagster."""

    def sweep(context: dg.ScheduleEvaluationContext):
        if _is_going_on(context.instance):
            return dg.SkipReason("A run is going on; the next sweep is the next that is due.")
        return dg.RunRequest(tags={LOADED: fingerprint(Settings()) or ""})

    try:
        return dg.ScheduleDefinition(
            name="sweep",
            job=whole_line,
            cron_schedule=cron or NIGHTLY,
            execution_timezone=zone,
            execution_fn=sweep,
            default_status=dg.DefaultScheduleStatus.RUNNING if cron else dg.DefaultScheduleStatus.STOPPED,
            description="Everything once by the clock (ONEFUNNEL_SCHEDULE), whether or not anything seems to be new.",
        )
    except dg.DagsterInvalidDefinitionError:
        raise ScheduleError(
            f"ONEFUNNEL_SCHEDULE is {cron!r}, which is no cron expression:"
            f" five fields are (minute, hour, day, month, weekday), as in {NIGHTLY!r} for every night at five."
        ) from None


def zone(settings: Settings) -> str:
    """The time zone of the agreement; UTC while it cannot be read, which its own step will say."""
    try:
        return read(settings.agreement)[-1].timezone
    except (AgreementError, OSError):
        return "UTC"


sweep = swept_at(Settings().schedule, zone(Settings()))

everything_to_the_right = dg.AutomationConditionSensorDefinition(
    "everything_to_the_right",
    target=dg.AssetSelection.all() - RAW,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=15,
    description="Models, checks, reports, published and page, as soon as something that they read is new and good.",
)
