"""`onefunnel`: run, what-if, check, world, truth. Thin: what each does, and what it prints, stands elsewhere."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from ingest.settings import Settings
from rich.console import Console
from rich.markup import escape

from orchestration.commands import alerting, publications, triage, upkeep
from orchestration.commands.explained import FAILED, FRESH, HELD, Verbose, explained


class Pair(StrEnum):
    """The systems that a simulated company can have; the words are those of `ingest.world`."""

    SALESFORCE_MARKETO = "salesforce-marketo"
    SALESFORCE_HUBSPOT = "salesforce-hubspot"
    HUBSPOT = "hubspot"


app = typer.Typer(
    help="One funnel that Sales and Marketing have both signed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def onefunnel() -> None:
    """Where things are: ONEFUNNEL_SOURCES, ONEFUNNEL_AGREEMENT, ONEFUNNEL_DATA."""


@app.command()
def run(
    verbose: Verbose = False,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Do nothing when all is as the last good run found it.")
    ] = False,
    known_at: Annotated[
        str | None,
        typer.Option(
            metavar="MOMENT",
            help="Load nothing; build, check and publish, beside the current publication, what was known at a moment:"
            " all that was loaded by then, as it was agreed then. A date is its first instant; dates and times are"
            " those of the agreement's zone (2026-04-01, 2026-04-01T09:30) unless they name one (2026-04-01T09:30Z).",
        ),
    ] = None,
) -> None:
    """Load, build, check and publish once. Exit code: 0 every report is fresh, 3 one is held, 1 it failed."""
    if known_at is not None:
        return _run_known(known_at, verbose, if_changed)
    from orchestration import changes
    from orchestration.alerts.catching_up import catch_up
    from orchestration.terminal import running, summary

    settings, console = Settings(), Console()
    published = settings.data.absolute() / "published"
    console.print(f"OneFunnel: {escape(str(settings.sources))} → {escape(str(published))}", soft_wrap=True)
    with explained(console, verbose):
        if if_changed and changes.unchanged(settings):
            console.print(changes.nothing_changed(settings), soft_wrap=True)
            outcome = running.Outcome(succeeded=True)
            catch_up(settings, outcome.alerts.append)
        else:
            seen = changes.seen_now(settings)
            outcome = running.run(settings, console, verbose=verbose)
            changes.remember(settings, seen if outcome.succeeded else None)
        console.print()
        summary.show(console, published)
        for alert in outcome.alerts:
            console.print(f"\nAlert. {escape(alert)}", highlight=False, soft_wrap=True)
        raise typer.Exit(_exit_code(console, settings, outcome))


@app.command(name="what-if")
def what_if(
    draft: Annotated[Path, typer.Argument(help="An agreement file that nobody has signed yet.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write the page; without it <data>/what-if/<draft>.html.")
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Replay all history under a draft of the agreement, beside what is signed. Nothing that stands is touched."""
    from orchestration.terminal.replaying import run_what_if

    settings, console = Settings(), Console()
    with explained(console, verbose):
        run_what_if(settings, console, draft, out or settings.data.absolute() / "what-if" / f"{draft.stem}.html")


@app.command()
def check(verbose: Verbose = False) -> None:
    """Hold sources.yml and the agreement against the connected data, without loading anything."""
    from ingest import preflight

    console = Console()
    with explained(console, verbose):
        found = preflight.check(Settings())
        for style, sentences in (("red", found.errors), ("yellow", found.warnings), ("dim", found.infos)):
            for sentence in sentences:
                console.print(f"[{style}]●[/] {escape(sentence)}", highlight=False, soft_wrap=True)
        if found.unmapped:
            console.print("\nValues that no stage source maps; to paste into the agreement:\n")
            console.print(escape(found.stub()), highlight=False, soft_wrap=True)
        if found.is_right:
            console.print("[green]✓[/] A load would succeed, and every value has a meaning.")
        raise typer.Exit(FRESH if found.is_right else FAILED)


@app.command()
def world(
    out: Annotated[Path, typer.Option(help="The folder to write the exports, sources.yml and the truth to.")],
    people: Annotated[int, typer.Option(min=1, help="How many people the company meets.")] = 600,
    seed: Annotated[int, typer.Option(help="The same seed writes the same company.")] = 1,
    pair: Annotated[Pair, typer.Option(help="Which systems the company has.")] = Pair.SALESFORCE_MARKETO,
) -> None:
    """Write what the systems of a simulated company hold, as they hold it, with the truth about every person."""
    from ingest import world as simulated

    written = simulated.write(out, people=people, seed=seed, pair=pair.value)
    typer.echo(f"{people} people, seed {seed}, {sum(written.rows.values())} rows: {out}")


@app.command()
def truth(
    seeds: Annotated[str, typer.Option(help="Which companies: a seed for each.")] = "1 2 3",
    pair: Annotated[list[Pair], typer.Option(help="Which systems they have; may be given more than once.")] = [  # noqa: B006
        Pair.SALESFORCE_MARKETO
    ],
    people: Annotated[int, typer.Option(min=1, help="How many people each of them meets.")] = 1000,
    faults: Annotated[
        str, typer.Option(help="What goes wrong: sample, none, one rate for all (0.01), or conflict=0.01 and so on.")
    ] = "sample",
    keep: Annotated[bool, typer.Option("--keep", help="Leave each company and its warehouse in truth/.")] = False,
    verbose: Verbose = False,
) -> None:
    """Hold what the line finds in simulated companies against what was planted in them; truth.json has every number.

    Exit code: 0 when each cause is told with a precision and a recall of at least 0.99 over all seeds, else 1.
    """
    from orchestration import truth as proof
    from orchestration.terminal import truth as shown

    data, console, scores = Settings().data.absolute(), Console(), []
    with explained(console, verbose):
        for one in pair:
            rates = proof.rates_of(one.value, faults)
            for seed in proof.seeds_of(seeds):
                with shown.company(console, one.value, seed, people) as found:
                    found += proof.seen_through(data, one.value, seed, people, rates, keep=keep)
                scores += found
        shown.show(console, scores)
        console.print(f"Every number  {escape(str(proof.written(scores, data / 'truth.json')))}", soft_wrap=True)
        raise typer.Exit(FRESH if proof.is_proven(scores) else FAILED)


def _run_known(known_at: str, verbose: bool, if_changed: bool) -> None:
    from orchestration.terminal import replaying

    if if_changed:
        raise typer.BadParameter("--if-changed is about what is known now, --known-at is not: choose one of them.")
    console = Console()
    with explained(console, verbose):
        raise typer.Exit(_code_of(set(replaying.run_known(Settings(), console, known_at))))


def _exit_code(console: Console, settings: Settings, outcome) -> int:
    from orchestration.publishing.reports import published_fates

    if not outcome.succeeded:
        for step, said in outcome.failures.items():
            console.print(f"[red]{escape(step)} failed.[/] {escape(said)}", highlight=False, soft_wrap=True)
        log = settings.data.absolute() / "logs" / "run.log"
        console.print(
            f"Nothing new was published; what was before still stands. The whole story: {log}", soft_wrap=True
        )
        return FAILED
    return _code_of({fate.status for fate in published_fates(settings.data)})


def _code_of(states: set[str]) -> int:
    return FAILED if "could_not_run" in states else HELD if "held" in states else FRESH


app.command()(upkeep.backup)
app.command()(upkeep.restore)
app.command()(publications.rollback)
app.add_typer(triage.app, name="triage")
app.command(name="alert-test")(alerting.alert_test)
app.command(name="service-units")(upkeep.service_units)
