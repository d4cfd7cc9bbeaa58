"""When something is told: opened, worse, come back, recovered. Decides; writes nothing.

- A failure is told once, however often it is seen. It is worse when its severity has risen above what was told, or
  its count has doubled since.
- It has recovered when it has been well for a while. A check that fails again before that was wrong all along, and
  nothing is said. Each time that it comes back within a day, the wait becomes longer.
- What stays open is in one digest a day.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from orchestration.alerts import words
from orchestration.alerts.findings import Finding
from orchestration.alerts.targets import RANK

WELL_FOR = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1))  # by how often it has come back
COMES_BACK_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Incident:
    """One thing that is, or lately was, wrong; moments are UTC."""

    key: str
    state: str  # open; settling: well, but not for long enough to say so; closed: kept, for it may come back
    opened_at: datetime
    severity: str | None = None  # unknown of one that an earlier release has opened, until it is seen again
    team: str | None = None
    title: str | None = None
    recovered: str | None = None
    told_severity: str | None = None
    told_failed: int | None = None
    returned: int = 0
    well_since: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class News:
    """Something to tell about an incident."""

    kind: str
    severity: str
    text: words.Text


def seen(finding: Finding, known: Incident | None, moment: datetime) -> tuple[Incident | None, News | None]:
    """What a finding makes of an incident, and what is to be told of it."""
    if finding.is_ok:
        if known is None or known.state != "open":
            return known, None
        return replace(known, state="settling", well_since=moment, recovered=finding.recovered), None
    if known is None or known.state == "closed":
        return _opened(finding, known, moment)
    return _still(finding, known)


def settled(known: Incident, moment: datetime, *, is_watched: bool) -> tuple[Incident, News | None]:
    """The recovery of what has been well for long enough.

    What a run finds well is told at once, for nobody looks again before the next run; unless it comes and goes.
    """
    wait = WELL_FOR[min(known.returned, len(WELL_FOR) - 1)] if known.returned or is_watched else timedelta()
    if known.state != "settling" or moment - known.well_since < wait:
        return known, None
    text = words.recovered(known.recovered, known.opened_at, known.well_since)
    return replace(known, state="closed", closed_at=moment), News("recovered", known.told_severity or "error", text)


def _opened(finding: Finding, before: Incident | None, moment: datetime) -> tuple[Incident, News]:
    returned = before.returned + 1 if before and moment - before.closed_at <= COMES_BACK_WITHIN else 0
    incident = Incident(finding.key, "open", moment, returned=returned)
    incident = _told(_shown(incident, finding), finding)
    return incident, News("opened", finding.severity, words.opened(finding, moment, again=returned))


def _still(finding: Finding, known: Incident) -> tuple[Incident, News | None]:
    told, shown = known.told_failed, _shown(known, finding)
    if known.told_severity is None:
        return _told(shown, finding), None
    risen = RANK[finding.severity] > RANK[known.told_severity]
    doubled = bool(told and finding.failed and finding.failed >= 2 * told)
    if not risen and not doubled:
        return shown, None
    was = f"{told:,}" if doubled else f"a {words.SIGNS[known.told_severity].lower()}"
    return _told(shown, finding), News("worse", finding.severity, words.worse(finding, was, known.opened_at))


def _shown(incident: Incident, finding: Finding) -> Incident:
    return replace(
        incident,
        state="open",
        severity=finding.severity,
        team=finding.team,
        title=words.headline(finding),
        recovered=finding.recovered,
        well_since=None,
    )


def _told(incident: Incident, finding: Finding) -> Incident:
    worst = max(finding.severity, incident.told_severity or finding.severity, key=RANK.__getitem__)
    return replace(incident, told_severity=worst, told_failed=finding.failed)
