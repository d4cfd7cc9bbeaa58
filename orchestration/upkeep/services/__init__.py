"""The three processes of an installation as systemd units, with the paths of this very installation filled in.

The code server has the code and the runs, the daemon its sensors, schedules and queue, the web server Dagster's pages.
"""

import getpass
import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from ingest.settings import Settings
from jinja2 import Environment, PackageLoader, StrictUndefined

CODE_PORT, WEB_PORT = 4266, 3000


@dataclass(frozen=True)
class Service:
    """One process: what it is, how it is started, and the command that ends when it is ready for the others."""

    name: str
    what: str
    command: list[str]
    is_ready: list[str] | None = None

    @property
    def unit(self) -> str:
        """The file's name."""
        return f"onefunnel-{self.name}.service"


def write(settings: Settings, home: Path, out: Path) -> list[Path]:
    """Write the units into a folder, for who runs this, and the workspace into DAGSTER_HOME; gives back the files."""
    templates = Environment(
        loader=PackageLoader("orchestration.upkeep", "services"), undefined=StrictUndefined, keep_trailing_newline=True
    )
    templates.filters["quoted"] = _quoted
    workspace = home / "workspace.yaml"
    workspace.write_text(templates.get_template("workspace.yaml.j2").render(code_port=CODE_PORT))
    out.mkdir(parents=True, exist_ok=True)
    written, services = [workspace], _services(workspace)
    for service in services:
        text = templates.get_template("unit.service.j2").render(
            unit=service.unit,
            service=service,
            first=[other.unit for other in services if other.is_ready and other != service],
            user=getpass.getuser(),
            data=settings.data.absolute(),
            environment=_environment(settings),
        )
        written.append(out.absolute() / service.unit)
        written[-1].write_text(text)
    return written


def _services(workspace: Path) -> list[Service]:
    programs, file = Path(sys.executable).parent, str(workspace)
    where = ["-h", "127.0.0.1", "-p", str(CODE_PORT)]
    serve = [f"{programs}/dagster", "code-server", "start", *where, "-m", "orchestration.definitions"]
    # A daemon that finds no code server asks for no run again that was ended by the stop before.
    asked = shlex.join([f"{programs}/dagster", "api", "grpc-health-check", *where])
    answers = f"until {asked} >/dev/null 2>&1; do sleep 1; done"
    work = [f"{programs}/dagster-daemon", "run", "-w", file]
    show = [f"{programs}/dagster-webserver", "-h", "127.0.0.1", "-p", str(WEB_PORT), "-w", file]
    return [
        Service("code", "its code, and the runs", serve, is_ready=["/bin/sh", "-c", answers]),
        Service("daemon", "sensors, schedules, queue", work),
        Service("web", "Dagster's pages", show),
    ]


def _environment(settings: Settings) -> dict[str, str]:
    """What the processes are told: the settings that are set here, every path absolute."""
    names = {f"ONEFUNNEL_{name.upper()}" for name in Settings.model_fields}
    told = {name: os.environ[name] for name in sorted(names & os.environ.keys())}
    return told | {
        "ONEFUNNEL_DATA": str(settings.data.absolute()),
        "ONEFUNNEL_SOURCES": str(settings.sources.absolute()),
        "ONEFUNNEL_AGREEMENT": str(settings.agreement.absolute()),
        "DAGSTER_HOME": str(settings.data.absolute() / "dagster"),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DO_NOT_TRACK": "1",
    }


def _quoted(text: object) -> str:
    """One word of a unit file, whatever is in it."""
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'
