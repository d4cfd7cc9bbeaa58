"""What does not happen says nothing by itself: exports have changed, and nothing was published."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
from ingest.settings import Settings
from ingest.sources import SourcesError

from orchestration.alerts.findings import Finding
from orchestration.alerts.heartbeat import words

PUBLISHED = dg.AssetKey("published")
PATIENCE = timedelta(hours=6)  # from a change of the exports to its publication
TODO = "See whether `dagster dev` is running and what the last run said; `onefunnel run` loads and publishes by hand."


def freshness_findings(instance: dg.DagsterInstance, settings: Settings, moment: datetime) -> Iterator[Finding]:
    """Whether what has changed was published in time; nothing where nothing was ever published."""
    event = instance.get_latest_materialization_event(PUBLISHED)
    if event is None:
        return
    published = datetime.fromtimestamp(event.timestamp, UTC)
    changed = _changed(settings)
    is_late = changed is not None and changed > published and moment - changed > PATIENCE
    yield Finding(
        key="freshness",
        condition="late" if is_late else "ok",
        severity="error",
        team=None,
        title=f"Nothing was published since {words(published)}",
        recovered="What has changed is published again",
        detail=f"Exports have changed on {words(changed)}." if changed else "",
        todo=TODO,
    )


def _changed(settings: Settings) -> datetime | None:
    """When the newest of the connected exports was written."""
    try:
        folders = [system.path for system in settings.read_sources().systems if system.path]
        written = [file.stat().st_mtime for folder in folders for file in folder.rglob("*") if file.is_file()]
    except (SourcesError, OSError):
        return None  # the load says so
    return datetime.fromtimestamp(max(written), UTC) if written else None
