"""A test message to every receiver, and what each would be told; what waits for it stays as it is."""

import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.alerts import sendings
from orchestration.alerts.channels import Channel, Refused
from orchestration.alerts.heartbeat import words as at
from orchestration.alerts.targets import Target
from orchestration.alerts.words import Text

SECONDS = 30
SILENT = f"it did not answer within {SECONDS} s."
NAMES = {"error": "errors", "warn": "warnings"}


@dataclass(frozen=True)
class Trial:
    """What came of one receiver: why the test message was refused, if it was; what it is told; what waits for it."""

    name: str
    refusal: str | None
    told: str
    waiting: str


def try_all(data: Path, targets: list[Target]) -> list[Trial]:
    """Send a test message to each, all at once; one that takes it is tried again at the next look with what waits."""
    refusals: dict[str, str | None] = {}
    threads = [threading.Thread(target=_try, args=(data, target, refusals), daemon=True) for target in targets]
    for thread in threads:
        thread.start()
    end = time.monotonic() + SECONDS
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return [
        Trial(target.name, refusals.get(target.id, SILENT), told(target), _waiting(data, target)) for target in targets
    ]


def told(target: Target) -> str:
    """What a receiver is told, and when."""
    what = " and ".join(NAMES[severity] for severity in target.severities)
    parts = [f"{what} of {', '.join(target.teams)} and of no team" if target.teams else f"{what} of every team"]
    if hours := target.quiet_hours:
        now = ", which is now" if target.is_quiet(datetime.now(UTC)) else ""
        parts.append(f"warnings wait from {hours.begin:%H:%M} to {hours.until:%H:%M} {target.timezone}{now}")
    parts.append(f"a digest at {target.digest_at:%H:%M} {target.timezone}" if target.digest_at else "no digest")
    parts.append(f"e-mails and phones {'as they are' if target.personal_data else 'taken out'}")
    return "; ".join(parts)


def _try(data: Path, target: Target, refusals: dict[str, str | None]) -> None:
    try:
        channel = Channel(target)
        text = Text("OneFunnel: a test", ("If you read this, alerts arrive here.", f"Told here: {told(target)}."))
        channel.send(uuid.uuid4().hex, "info", *text.fitted(*channel.room()))
        sendings.is_up(data, target.id)
        refusals[target.id] = None
    except Refused as refusal:
        refusals[target.id] = str(refusal)
    except Exception as error:
        refusals[target.id] = f"{type(error).__name__}."


def _waiting(data: Path, target: Target) -> str:
    count, since = sendings.waiting(data, target.id)
    if not count:
        return "nothing waits for it"
    return f"{count:,} {'message waits' if count == 1 else 'messages wait'} for it, since {at(since)}"
