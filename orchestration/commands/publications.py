"""`onefunnel rollback`: back to a publication that is kept. What that means stands in `publishing.rollback`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from ingest.settings import Settings
from ingest.sources import SourcesError
from rich.console import Console
from rich.markup import escape

from orchestration.commands.explained import FAILED, FRESH, Verbose, explained


def rollback(
    to: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER|MOMENT",
            help="Which publication: its number, or a moment at which it was the newest (2026-04-01T09:30, in the"
            " agreement's zone unless it names one). Without it: the one that readers saw before the current one.",
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Only show which publications are kept.")] = False,
    verbose: Verbose = False,
) -> None:
    """Give readers an earlier publication again, byte for byte. The next good run publishes anew."""
    settings, console = Settings(), Console()
    with explained(console, verbose):
        if show:
            return _show(console, settings.data)
        raise typer.Exit(_roll_back(settings, console, to, verbose))


def _show(console: Console, data: Path) -> None:
    from orchestration.publishing.kept import publications
    from orchestration.terminal.summary import grid

    listed = publications(data)
    if not listed:
        console.print("No publication is kept yet.")
        return
    table = grid("Publications", ["", "published at, UTC", "reports"], ["number", "MB"])
    for one in listed:
        size = one.file.stat().st_size / 1e6
        current = "current" if one.is_current else ""
        table.add_row(
            current, f"{one.published_at:%Y-%m-%d %H:%M:%S}", _fates(one.file), str(one.number), f"{size:.1f}"
        )
    console.print(table)


def _fates(file: Path) -> str:
    import duckdb

    from orchestration.publishing.reports import fates_in

    try:
        return escape(", ".join(f"{fate.report} {fate.status.replace('_', ' ')}" for fate in fates_in(file)))
    except duckdb.Error:
        return "[red]cannot be read[/]"


def _roll_back(settings: Settings, console: Console, to: str | None, verbose: bool) -> int:
    from orchestration.publishing.kept import current
    from orchestration.publishing.rollback import roll_back
    from orchestration.terminal import rolling_back
    from orchestration.turns import turn

    data = settings.data.absolute()
    with turn(data, settings.lock_wait_seconds, lambda text: console.print(escape(text), soft_wrap=True)):
        left = current(data)
        chosen = roll_back(data, _wanted(settings, to), personal_data=_is_personal_data_allowed(settings))
    left_behind = f", from {left.number} of {left.published_at:%Y-%m-%d %H:%M} UTC" if left else ""
    console.print(
        f"Rolled back to publication {chosen.number} of {chosen.published_at:%Y-%m-%d %H:%M} UTC{left_behind}:"
        f" {_fates(chosen.file)}.\nThe next good run publishes anew.",
        highlight=False,
        soft_wrap=True,
    )
    failure = rolling_back.tell(settings, console, chosen, verbose=verbose)
    if failure:
        console.print(f"[red]The page still shows what was before.[/] {escape(failure)}", soft_wrap=True)
    return FAILED if failure else FRESH


def _wanted(settings: Settings, to: str | None) -> int | datetime | None:
    from orchestration.replays.moments import moment_of

    if to is None or to.isdecimal():
        return to and int(to)
    return moment_of(to, _zone(settings.data), settings.clock())


def _zone(data: Path) -> str:
    """The zone of the agreement, as the newest publication explains it."""
    from orchestration.publishing.files import opened
    from orchestration.publishing.kept import publications

    for newest in publications(data)[:1]:
        with opened(newest.file) as connection:
            return connection.execute(
                "select coalesce(arg_max(term, agreement_version), 'UTC') from definitions where kind = 'timezone'"
            ).fetchone()[0]
    return "UTC"


def _is_personal_data_allowed(settings: Settings) -> bool:
    try:
        return settings.read_sources().publish_personal_data
    except SourcesError:
        return False
