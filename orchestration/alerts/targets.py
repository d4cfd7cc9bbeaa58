"""`alerts.yml`, beside sources.yml: who is told, by which apprise URL, of what and when; ${NAME} is of the environment.

What is wrong with it is said by entry and key: never with a URL, which may hold a secret.
"""

import os
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
)

from orchestration.alerts import store

Severity = Literal["error", "warn"]
RANK = {"warn": 1, "error": 2}
SECRET = re.compile(r"\$\{(\w+)\}")


class TargetsError(Exception):
    """alerts.yml cannot be used; the text says what would be right, without any secret."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("expected a time zone such as Europe/Berlin") from None
    return name


def _clock_time(value: object) -> object:
    """YAML reads 22:00 without quotes as the number of its minutes."""
    if not isinstance(value, int):
        return value
    if not 0 <= value < 24 * 60:
        raise ValueError("expected a time such as 22:00")
    return time(*divmod(value, 60))


ClockTime = Annotated[time, BeforeValidator(_clock_time)]


class QuietHours(BaseModel):
    """When warnings wait, by the target's clock; `from` later than `until` goes across midnight."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    begin: ClockTime = Field(alias="from")
    until: ClockTime


class Target(BaseModel):
    """One receiver: everything, or only some teams' incidents and some severities."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(min_length=1)
    teams: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ("error", "warn")
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    quiet_hours: QuietHours | None = None
    digest_at: ClockTime | None = time(8)
    personal_data: bool = False
    _entry: int = PrivateAttr(0)

    @property
    def id(self) -> str:
        """What stands for this receiver in the store: another URL is another receiver."""
        return store.target_id(self.url)

    @property
    def name(self) -> str:
        """What may stand in a log: the kind of service and the place in alerts.yml, never the URL."""
        service = store.target_name(SECRET.sub("apprise", self.url)) if ":" in self.url else "apprise"
        return f"{service} (entry {self._entry} of alerts.yml)" if self._entry else service

    def address(self) -> str:
        """The URL with its secrets; raises TargetsError for one that the environment does not have."""
        return SECRET.sub(_secret, self.url)

    def is_quiet(self, moment: datetime) -> bool:
        """Whether warnings wait now."""
        if self.quiet_hours is None:
            return False
        now, (begin, until) = self._local(moment).time(), (self.quiet_hours.begin, self.quiet_hours.until)
        return begin <= now < until if begin <= until else now >= begin or now < until

    def digest_due(self, moment: datetime) -> datetime | None:
        """The latest moment (UTC) at which a digest was due; None for a receiver that wants none."""
        if self.digest_at is None:
            return None
        local = self._local(moment)
        for day in (local.date(), local.date() - timedelta(days=1)):
            due = datetime.combine(day, self.digest_at, local.tzinfo).astimezone(UTC)
            if due <= moment:
                break
        return due

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.timezone))


def wants(teams: tuple[str, ...], severities: tuple[str, ...], team: str | None, *of: str | None) -> bool:
    """Whether a receiver is told of an incident of any of these severities; one of no team is everybody's."""
    return bool({*of} & {*severities}) and (not teams or not team or team in teams)


def read(file: Path) -> list[Target]:
    """The receivers; none when there is no such file."""
    if not file.exists():
        return []
    try:
        targets = TypeAdapter(list[Target]).validate_python(yaml.safe_load(file.read_text()) or [])
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        place = getattr(error, "problem_mark", None)
        where = f": look at line {place.line + 1}" if place else ""
        raise TargetsError(f"{file} is not YAML that can be read{where}.") from None
    except ValidationError as error:
        faults = "; ".join(f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise TargetsError(f"{file}: expected a list of {{url, teams, severities}}: {faults}.") from None
    for number, target in enumerate(targets, 1):
        target._entry = number
    by_url = {}
    for target in targets:
        if (first := by_url.setdefault(target.url, target)) is not target:
            raise TargetsError(
                f"{file}: entries {first._entry} and {target._entry} have the same url:"
                " name the teams and severities of both in one of them."
            )
    return targets


def secrets(file: Path) -> set[str]:
    """What must never be written: all that alerts.yml takes from the environment, also while it is not valid."""
    try:
        text = file.read_text(errors="replace")
    except OSError:
        return set()
    return {os.environ[name] for name in SECRET.findall(text) if os.environ.get(name)}


def _place(location: tuple) -> str:
    number, *keys = location or ("file",)
    entry = f"entry {number + 1}" if isinstance(number, int) else str(number)
    return " ".join([entry, ".".join(map(str, keys))]).strip()


def _secret(match: re.Match) -> str:
    if not os.environ.get(match[1]):
        raise TargetsError(f"alerts.yml uses ${{{match[1]}}}, which is not set in the environment.")
    return os.environ[match[1]]
