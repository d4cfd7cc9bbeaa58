"""The whole line once, in this process, through the same Dagster definitions as `dagster dev`."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingest.settings import Settings
from ingest.sources import SourcesError
from ingest.systems.connected import LOADS
from rich.console import Console

from orchestration.terminal.progress import Progress, doing

INSTANCE = Path(__file__).parents[1] / "dagster.yaml"


@dataclass
class Outcome:
    """How a run ended: whether every step did, what each failed step says, what was told as an alert."""

    succeeded: bool
    failures: dict[str, str] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)


def home(settings: Settings) -> Path:
    """DAGSTER_HOME, under the data dir, with its settings."""
    folder = settings.data.absolute() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "dagster.yaml").exists():
        shutil.copyfile(INSTANCE, folder / "dagster.yaml")
    return folder


def run(settings: Settings, console: Console, *, verbose: bool) -> Outcome:
    """Run everything; Dagster's and dbt's own words go to <data>/logs/run.log unless `verbose`."""
    os.environ["DAGSTER_HOME"] = str(home(settings))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    log = settings.data.absolute() / "logs" / "run.log"
    with quiet(log, console) if not verbose else as_it_is(console) as shown:
        return _execute(settings, Progress(shown, _idle(settings)))


def _idle(settings: Settings) -> set[str]:
    """The loads of kinds of which no system is connected; none while sources.yml cannot be read."""
    try:
        connected = {system.kind for system in settings.read_sources().systems}
    except SourcesError:
        return set()
    return {f"raw_{kind}" for kind in LOADS if kind not in connected}


def _execute(settings: Settings, progress: Progress) -> Outcome:
    import dagster as dg
    from dagster._core.events.log import construct_event_logger

    from orchestration.alerts.runs import why
    from orchestration.definitions import defs
    from orchestration.defs.alerts import tell
    from orchestration.defs.events import bury_the_dead
    from orchestration.defs.page import draw_what_has_changed

    shown = dg.Definitions(loggers={"progress": construct_event_logger(progress.event)})
    definitions = dg.Definitions.merge(defs(), shown)
    with dg.DagsterInstance.get() as instance:
        bury_the_dead(instance, settings)
        try:
            result = definitions.resolve_job_def("whole_line").execute_in_process(
                instance=instance, raise_on_error=False, run_config={"loggers": {"progress": {}}}
            )
        finally:
            progress.close()
        failed = [event for event in result.all_events if event.is_step_failure]
        outcome = Outcome(result.success, {doing(event.step_key): why(event) for event in failed})
        try:
            checks = definitions.resolve_asset_graph().asset_check_keys
            tell(instance, checks, settings, outcome.alerts.append, by="run")
        except Exception as error:  # what was published stands, whatever becomes of the news about it
            outcome.alerts.append(f"The alerts could not be told: {error}")
        try:
            draw_what_has_changed(instance, settings)
        except Exception as error:  # nor does the page, which says more than it did, or as much
            outcome.alerts.append(f"The page could not be drawn anew: {error}")
    return outcome


@contextmanager
def as_it_is(console: Console) -> Iterator[Console]:
    """Let everybody print to the terminal."""
    yield console


@contextmanager
def quiet(log: Path, console: Console) -> Iterator[Console]:
    """Send all that this process and its children print to a file; what is for people still goes to the terminal."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    out, err = os.dup(1), os.dup(2)
    with open(log, "w") as file, os.fdopen(os.dup(out), "w") as terminal:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield Console(file=terminal, width=console.width, force_terminal=console.is_terminal)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(out, 1)
            os.dup2(err, 2)
            os.close(out)
            os.close(err)
