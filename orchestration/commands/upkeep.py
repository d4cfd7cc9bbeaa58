"""`onefunnel backup`, `restore`, `service-units`: thin; what they do stands in `orchestration.upkeep`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from ingest.settings import Settings
from rich.console import Console
from rich.markup import escape

from orchestration.commands.explained import Verbose, explained


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, .tar.gz; it must not exist.")],
    without_runs: Annotated[
        bool, typer.Option("--without-runs", help="Leave out Dagster's history: runs, events, ticks.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Pack the data dir into one file, also while Dagster is running: it waits for the run that is going on."""
    from orchestration.upkeep import backups

    settings, console = Settings(), Console()
    with explained(console, verbose):
        about = backups.backup(settings, file, _step(console), _tell(console), runs=not without_runs)
        size = file.stat().st_size / 1e6
        _say(console, f"Backed up  {file}, {size:,.0f} MB: {about.files} files, {about.bytes / 1e6:,.0f} MB unpacked")
        _say(console, f"Left out   {', '.join(about.left_out) or 'nothing'}; sources.yml, the agreement and alerts.yml")
        _say(
            console,
            "           are not in the data dir: keep them, and the secrets that they name, where you keep code",
        )


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `onefunnel backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the data dir that is there, all of it.")] = False,
    verbose: Verbose = False,
) -> None:
    """Put a backup in the place of the data dir, whole or not at all. Stop Dagster's services before."""
    from orchestration.upkeep import backups

    settings, console = Settings(), Console()
    with explained(console, verbose):
        about = backups.restore(settings, file, _step(console), _tell(console), replace=replace)
        _say(console, f"Restored   {settings.data.absolute()}, as it was at {about.made_at}: {about.files} files")


def service_units(
    out: Annotated[Path, typer.Argument(help="The folder to write the units to; root copies them from there.")],
    verbose: Verbose = False,
) -> None:
    """Write systemd units for Dagster's three processes: for who you are, with the paths and settings of here."""
    from orchestration.terminal.running import home
    from orchestration.upkeep import services

    settings, console = Settings(), Console()
    with explained(console, verbose):
        for file in services.write(settings, home(settings), out):
            _say(console, str(file))


def _say(console: Console, text: str) -> None:
    console.print(escape(text), highlight=False, soft_wrap=True)


def _tell(console: Console) -> Callable[[str], None]:
    return lambda text: _say(console, text)


def _step(console: Console):
    """Shows one step with how far it is, where somebody watches."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    @contextmanager
    def step(what: str, size: int) -> Iterator[Callable[[int], None]]:
        columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task(what, total=size)
            yield lambda moved: progress.advance(task, moved)

    return step
