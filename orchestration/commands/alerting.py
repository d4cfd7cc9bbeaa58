"""`onefunnel alert-test`: thin; what it does stands in `orchestration.alerts.trial`."""

import typer
from ingest.settings import Settings
from rich.console import Console
from rich.markup import escape

from orchestration.commands.explained import FAILED, FRESH, Verbose, explained


def alert_test(verbose: Verbose = False) -> None:
    """Send a test message to every target of alerts.yml and say what came of it. Exit code: 1 if any failed."""
    from orchestration.alerts import targets
    from orchestration.alerts.trial import try_all

    settings, console = Settings(), Console()
    file = settings.sources.absolute().parent / "alerts.yml"
    with explained(console, verbose):
        known = targets.read(file)
        if not known:
            _say(
                console, f"[yellow]●[/] Nobody is told: {escape(str(file))} names no target. Alerts go to the log only."
            )
        trials = try_all(settings.data.absolute(), known)
        for trial in trials:
            sign, fate = ("[red]✗[/]", f"refused: {trial.refusal}") if trial.refusal else ("[green]✓[/]", "delivered")
            _say(console, f"{sign} {escape(trial.name)}: {escape(fate)}")
            _say(console, f"  is told: {escape(trial.told)}")
            _say(console, f"  {escape(trial.waiting)}")
        raise typer.Exit(FAILED if not trials or any(trial.refusal for trial in trials) else FRESH)


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)
