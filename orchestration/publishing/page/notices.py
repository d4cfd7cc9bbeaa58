"""What a reader must know before any number: nothing was published, nobody looks for alerts, this is an earlier file.

Sentences for the top of the pages, from what is the case now; whether a run has published is told to this module.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.alerts import heartbeat
from orchestration.publishing import kept, stamps
from orchestration.publishing.files import FILE, published_folder
from orchestration.publishing.page.funnel import Published
from orchestration.publishing.page.words import instant


@dataclass(frozen=True)
class Unpublished:
    """A run that ended without publishing: when (aware UTC), and why, as a sentence without its full stop."""

    ended_at: datetime
    why: str


def gather(data: Path, unpublished: Unpublished | None) -> list[str]:
    """The sentences, the gravest first; none while all is well, and none where nothing was ever published."""
    file = published_folder(data) / FILE
    if not file.exists():
        return []
    zone, shown = _zone(file), stamps.read(file).published_at
    said = []
    if unpublished:
        said.append(
            f"The run of {instant(_naive(unpublished.ended_at), zone)} did not publish: {unpublished.why}."
            f" What you see is of {instant(shown, zone)}."
        )
    if newer := kept.rolled_back_from(data):
        said.append(
            f"Rolled back: what you see is the publication of {instant(shown, zone)}, not the newest, of"
            f" {instant(newer.published_at, zone)}. The next good run publishes again."
        )
    return said + heartbeat.problems(data.absolute(), datetime.now(UTC))


def _zone(file: Path) -> str:
    published = Published(file)
    try:
        return published.zone
    finally:
        published.connection.close()


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
