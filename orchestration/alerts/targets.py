"""`alerts.yml`, beside sources.yml: who is told, by which apprise URL; ${NAME} is a secret of the environment."""

import os
import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

Severity = Literal["error", "warn"]


class TargetsError(Exception):
    """alerts.yml cannot be used; the text says what would be right, without any secret."""


class Target(BaseModel):
    """One receiver: everything, or only some teams' incidents and some severities."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    teams: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ("error", "warn")

    @property
    def name(self) -> str:
        """What may stand in a log: the kind of service, never the URL."""
        return self.url.split(":", 1)[0]

    def wants(self, severity: str, team: str | None) -> bool:
        """Whether this receiver is told; an incident that belongs to no team is everybody's."""
        return severity in self.severities and (not self.teams or not team or team in self.teams)

    def address(self) -> str:
        """The URL with its secrets; raises TargetsError for one that the environment does not have."""
        return re.sub(r"\$\{(\w+)\}", _secret, self.url)


def read(file: Path) -> list[Target]:
    """The receivers; none when there is no such file."""
    if not file.exists():
        return []
    try:
        return TypeAdapter(list[Target]).validate_python(yaml.safe_load(file.read_text()) or [])
    except yaml.YAMLError:
        raise TargetsError(f"{file} is not YAML.") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors())
        raise TargetsError(f"{file}: expected a list of {{url, teams, severities}}: {faults}") from None


def _secret(match: re.Match) -> str:
    if match[1] not in os.environ:
        raise TargetsError(f"alerts.yml uses ${{{match[1]}}}, which is not set in the environment.")
    return os.environ[match[1]]
