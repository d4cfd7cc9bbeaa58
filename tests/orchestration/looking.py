"""A look at what a test says is wrong, and the delivery after it, as the sensor does them."""

from datetime import UTC, datetime
from pathlib import Path

from orchestration.alerts import outbox
from orchestration.alerts.delivery import deliver
from orchestration.alerts.findings import Finding
from orchestration.alerts.targets import Target


def finding(key: str = "check/people/plausible", condition: str = "failed", **given) -> Finding:
    words = {
        "severity": "error",
        "team": None,
        "title": f"{key} failed",
        "recovered": f"{key} is well",
        "meaning": "It matters.",
    }
    return Finding(key, condition, **(words | given))


def look(data: Path, targets: list[Target] | None, *findings: Finding, by="sensor", **given) -> list[str]:
    """Take the findings now; what is said to the log."""
    return outbox.take(data, outbox.Look(by, datetime.now(UTC), findings, **given), targets)


def tell(data: Path, targets: list[Target], *findings: Finding, by="sensor") -> list[str]:
    """Take the findings now and deliver; what is said to the log about receivers."""
    said = look(data, targets, *findings, by=by)
    deliver(data, targets, said.append)
    return said
