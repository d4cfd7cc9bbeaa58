"""Known then: everything as it was known at an earlier moment, checked and published beside what is known now.

Nothing is loaded, nobody is alerted, and the current publication is not touched.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import expectations
from ingest.agreement.rows import rows
from ingest.settings import Settings

from orchestration.publishing.page.words import instant
from orchestration.publishing.publication import publish
from orchestration.publishing.reports import Report
from orchestration.replays import building, comparing
from orchestration.replays.building import ReplayError, Scratch
from orchestration.replays.comparing import Month
from orchestration.replays.moments import loads, moment_of, zone_of

Step = Callable[[str], AbstractContextManager[Callable[[], None]]]


@dataclass(frozen=True)
class Known:
    """What was known at a moment (naive UTC): where it is published, each report's fate, what has changed since."""

    moment: datetime
    zone: str
    last_load: datetime
    remembered_since: datetime | None  # of the definitions, where that is after the moment
    folder: Path
    reports: list[Report]
    months: list[Month]


def replay(settings: Settings, text: str, step: Step) -> Known:
    """Build, check and publish what was known at the moment that `text` names; raises ReplayError.

    `step` shows one step while it runs, and gives a function to call for each thing done. The caller holds the turn.
    """
    with building.scratch(settings, "known") as place:
        moment, zone, last_load = _asked(settings, text)
        with step("replay_reading"):
            agreed, connected, since = building.remembered(place, moment)
            building.prepare(place, rows(agreed), connected, moment)
        with step("replay_building") as moved:
            words = ["build", "--exclude-resource-type", "unit_test"]
            building.explained(building.build(place, words, moment, moved), place)
        with step("replay_checking") as moved:
            _audit(place, moved)
        with step("published"):
            personal_data = settings.read_sources().publish_personal_data
            published = publish(
                place.file, settings.data, settings.clock(), personal_data=personal_data, beside=beside(moment)
            )
        with step("page"):
            _draw(published.file, moment)
        with place.opened(read_only=True) as con:
            months = comparing.months(con, moment)
    return Known(moment, zone, last_load, since, published.file.parent, published.reports, months)


def beside(moment: datetime) -> str:
    """Where what was known at a moment is published, below the current publication."""
    return f"known/{moment.isoformat().replace(':', '-')}Z"


def _asked(settings: Settings, text: str) -> tuple[datetime, str, datetime]:
    """The moment, the zone that it was understood in, and the last load by then."""
    with duckdb.connect() as con:
        building.attach(con, settings)
        zone = zone_of(con)
        moment = moment_of(text, zone, settings.clock())
        first, last = loads(con, moment)
    if first is None:
        raise ReplayError("Nothing was ever loaded: there is nothing that was known.")
    if last is None:
        raise ReplayError(f"Nothing was known yet at {instant(moment)}: the first load was at {instant(first)}.")
    return moment, zone, last


def _audit(place: Scratch, moved: Callable[[], None]) -> None:
    """Every suite of every mart: what would stop a publication of today stops this one."""
    personal_data = place.settings.read_sources().publish_personal_data
    against = []
    for mart in expectations.suites():
        result = expectations.audit(place.file, mart, personal_data=personal_data)
        against += [f"{mart}: {check.name}: {check.message}" for check in result.checks if check.blocks]
        moved()
    if against:
        raise ReplayError(f"Nothing is published of that moment, for checks fail. {'; '.join(against[:5])}")


def _draw(file: Path, moment: datetime) -> None:
    from orchestration.publishing import page  # Altair is heavy: only where it draws

    page.write(file, file.with_name("index.html"), known_at=moment)
