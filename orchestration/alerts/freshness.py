"""What does not happen says nothing by itself: exports have changed or a sweep was due, and nothing was published."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._utils.schedules import get_latest_completed_cron_tick
from ingest.settings import Settings
from ingest.sources import SourcesError

from orchestration.alerts.findings import Finding
from orchestration.alerts.heartbeat import words

PUBLISHED = dg.AssetKey("published")
PATIENCE = timedelta(hours=6)  # from a change of the exports, or the schedule's hour, to a publication
TODO = "See whether `dagster dev` is running and what the last run said; `onefunnel run` loads and publishes by hand."


def freshness_findings(
    instance: dg.DagsterInstance, settings: Settings, zone: str, moment: datetime
) -> Iterator[Finding]:
    """Whether what has changed, or was scheduled, was published in time; nothing where nothing was ever published.

    `zone` is that of the schedule.
    """
    event = instance.get_latest_materialization_event(PUBLISHED)
    if event is None:
        return
    published = datetime.fromtimestamp(event.timestamp, UTC)
    due = [(_changed(settings), "Exports have changed on"), (_scheduled(settings, zone, moment), "A sweep was due on")]
    late = [f"{said} {words(when)}." for when, said in due if when and published < when < moment - PATIENCE]
    yield Finding(
        key="freshness",
        condition="late" if late else "ok",
        severity="error",
        team=None,
        title=f"Nothing was published since {words(published)}",
        recovered="What has changed or was due is published again",
        detail=" ".join(late),
        todo=TODO,
    )


def _scheduled(settings: Settings, zone: str, moment: datetime) -> datetime | None:
    """The last hour of the schedule that is old enough to be judged."""
    if not settings.schedule:
        return None
    return get_latest_completed_cron_tick(settings.schedule, moment - PATIENCE, zone).astimezone(UTC)


def _changed(settings: Settings) -> datetime | None:
    """When the newest of the connected exports was written."""
    try:
        folders = [system.path for system in settings.read_sources().systems if system.path]
        written = [file.stat().st_mtime for folder in folders for file in folder.rglob("*") if file.is_file()]
    except (SourcesError, OSError):
        return None  # the load says so
    return datetime.fromtimestamp(max(written), UTC) if written else None
