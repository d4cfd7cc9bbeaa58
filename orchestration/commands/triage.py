"""`onefunnel triage`: the queue of mismatches. Reads what was published; changes the queue, never a system."""

import getpass
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from ingest.settings import Settings
from rich.console import Console

from orchestration.commands.explained import explained

UNASKED = 20  # so many are changed without --yes
SHOWN = 20
UNITS = {"h": "hours", "d": "days", "w": "weeks"}

app = typer.Typer(help="Work the mismatches: what is open, why, and who has it.", no_args_is_help=True)


class State(StrEnum):
    """States of a mismatch; the words are those of `orchestration.triage`."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Severity(StrEnum):
    """How much a mismatch matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Import(StrEnum):
    """Kinds of system whose import tools are known."""

    SALESFORCE = "salesforce"
    HUBSPOT = "hubspot"


def duration(text: str) -> timedelta:
    """30d, 2w, 12h; at most ten years."""
    found = re.fullmatch(r"(\d{1,5})\s*([hdw])", text.strip().lower())
    length = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not timedelta() < length <= timedelta(days=3653):
        raise typer.BadParameter(f"{text!r} is no span of time such as 12h, 30d or 2w.")
    return length


Ids = Annotated[list[str] | None, typer.Argument(help="Mismatches by id, or by its beginning; a person's id will do.")]
Owner = Annotated[str | None, typer.Option(help="Only those of this team.")]
Cause = Annotated[str | None, typer.Option(help="Only those of this cause.")]
OfSeverity = Annotated[Severity | None, typer.Option(help="Only those that are so severe.")]
States = Annotated[
    list[State] | None, typer.Option("--state", help="Only those in this state; more than once for more.")
]
OlderThan = Annotated[timedelta | None, typer.Option(parser=duration, metavar="SPAN", help="Parted so long ago: 30d.")]
WorkItem = Annotated[str | None, typer.Option(help="Only those of this work item; the beginning of its id will do.")]
Note = Annotated[str | None, typer.Option(help="Why, for whoever looks next.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=f"Do not stop at more than {UNASKED}.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


@app.command(name="list")
def list_(
    owner: Owner = None,
    cause: Cause = None,
    severity: OfSeverity = None,
    state: States = None,
    older_than: OlderThan = None,
    work_item: WorkItem = None,
    limit: Annotated[int | None, typer.Option(min=0, help=f"So many; {SHOWN} on a terminal, all in a file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, all of each.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV that a spreadsheet computes nothing of.")] = False,
) -> None:
    """What is open, the most pressing first: new ones before those that somebody has, then by severity."""
    from orchestration.terminal import triage as shown
    from orchestration.triage import files, reading

    settings, console = Settings(), Console()
    with explained(console, False), reading.opened(settings.data, _now(settings)) as connection:
        filters = _filters(settings, owner, cause, severity, state, older_than, work_item)
        is_file = as_json or as_csv
        rows, fitting = reading.listed(connection, filters, (0 if is_file else SHOWN) if limit is None else limit)
        if is_file:
            typer.echo(files.as_json(rows) if as_json else files.as_csv(rows), nl=as_json)
        else:
            counts = reading.counts(connection, _now(settings) - timedelta(days=7))
            shown.show_list(console, rows, fitting, counts)


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="A mismatch by id, or by its beginning; a person's id will do.")],
) -> None:
    """One mismatch: both systems next to each other, why they differ, what to do, what has become of it."""
    from orchestration.terminal import triage as shown
    from orchestration.triage import reading

    settings, console = Settings(), Console()
    with explained(console, False), reading.opened(settings.data, _now(settings)) as connection:
        (row,) = reading.found(connection, [id])
        shown.show_one(
            console,
            row,
            reading.addresses(connection, row["person_id"]),
            reading.entries(connection, row["person_id"], row["parted_at"]) if row["parted_at"] else [],
            reading.history(connection, row["fingerprint"]),
        )


@app.command()
def acknowledge(
    ids: Ids = None,
    owner: Owner = None,
    cause: Cause = None,
    severity: OfSeverity = None,
    state: States = None,
    older_than: OlderThan = None,
    work_item: WorkItem = None,
    note: Note = None,
    mended: Annotated[
        bool, typer.Option("--mended", help="It is corrected in the system: if a later load still shows it, it is new.")
    ] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Somebody has it. It is new again when the data changes: the cause, a value, when they parted, more severe."""
    filters = (owner, cause, severity, state, older_than, work_item)
    _decide(ids, filters, yes, dry_run, state="acknowledged", note=note, is_mended=mended)


@app.command()
def snooze(
    ids: Ids = None,
    owner: Owner = None,
    cause: Cause = None,
    severity: OfSeverity = None,
    state: States = None,
    older_than: OlderThan = None,
    work_item: WorkItem = None,
    until: Annotated[str | None, typer.Option(metavar="MOMENT", help="2026-04-01 or 2026-04-01T09:30Z, UTC.")] = None,
    for_: Annotated[
        timedelta | None, typer.Option("--for", parser=duration, metavar="SPAN", help="12h, 30d, 2w")
    ] = None,
    note: Note = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Not now. It is new again when the time is over."""
    filters = (owner, cause, severity, state, older_than, work_item)
    with explained(Console(), False):
        end = _end(_now(Settings()), until, for_)
    _decide(ids, filters, yes, dry_run, state="snoozed", note=note, snoozed_until=end)


@app.command()
def reopen(
    ids: Ids = None,
    owner: Owner = None,
    cause: Cause = None,
    severity: OfSeverity = None,
    state: States = None,
    older_than: OlderThan = None,
    work_item: WorkItem = None,
    note: Note = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Nobody has it after all, or it must not wait: new again."""
    _decide(ids, (owner, cause, severity, state, older_than, work_item), yes, dry_run, state="new", note=note)


@app.command()
def export(
    for_: Annotated[Import, typer.Option("--for", help="Whose import: Data Loader's or HubSpot's.")],
    owner: Owner = None,
    cause: Cause = None,
    severity: OfSeverity = None,
    state: States = None,
    older_than: OlderThan = None,
    work_item: WorkItem = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder that is new or empty; without it <data>/exports/….")
    ] = None,
) -> None:
    """Proposed fixes as files to import, each value beside the one that it replaces. No system is ever written to."""
    from orchestration.terminal import triage as shown
    from orchestration.triage import exports, files, reading

    settings, console = Settings(), Console()
    with explained(console, False), reading.opened(settings.data, _now(settings)) as connection:
        chosen = state or [State.NEW, State.ACKNOWLEDGED]
        rows, _ = reading.listed(connection, _filters(settings, owner, cause, severity, chosen, older_than, work_item))
        target, moment = exports.TARGETS[for_.value], f"{_now(settings):%Y-%m-%dT%H-%M-%S}"
        folder = out or settings.data.absolute() / "exports" / f"{for_.value}-{moment}"
        export = exports.proposed(rows, target, settings.read_sources(), reading.positions(connection))
        written = exports.write(export, target, files.stub(rows, settings), folder)
        shown.show_export(console, written, export.refused, folder, target)


def _decide(ids: list[str] | None, filters: tuple, yes: bool, dry_run: bool, **decision) -> None:
    """Apply one decision to what was named or filtered, after saying how many it concerns."""
    from orchestration.terminal import triage as shown
    from orchestration.triage import reading
    from orchestration.triage.decisions import Decision, decide
    from orchestration.triage.store import TriageError

    settings, console = Settings(), Console()
    with explained(console, False):
        with reading.opened(settings.data, _now(settings)) as connection:
            asked = _filters(settings, *filters)
            if bool(ids) == asked.say_something:
                raise TriageError("Say which: ids, or filters such as --work-item. `onefunnel triage list` shows both.")
            rows = reading.found(connection, ids) if ids else reading.listed(connection, asked)[0]
        shown.show_choice(console, rows)
        if len(rows) > UNASKED and not (yes or dry_run):
            raise TriageError(f"That is more than {UNASKED}: --yes if you mean all of them, --dry-run to only see.")
        if dry_run:
            console.print("Nothing was changed.")
            raise typer.Exit
        who = settings.user or getpass.getuser()
        done = decide(settings.data, Decision(who=who, moment=_now(settings), **decision), reading.seen(rows))
        shown.show_done(console, done, len(rows), who, decision)


def _filters(settings: Settings, owner, cause, severity, state, older_than, work_item):
    from orchestration.triage.reading import OPEN, Filters

    return Filters(
        owner=owner,
        cause=cause,
        severity=severity and severity.value,
        states=tuple(one.value for one in state) if state else OPEN,
        work_item=work_item,
        parted_by=_now(settings) - older_than if older_than else None,
    )


def _end(now: datetime, until: str | None, length: timedelta | None) -> datetime:
    """When a snooze is over, naive UTC."""
    from orchestration.triage.store import TriageError

    if bool(until) == bool(length):
        raise TriageError("Say how long: --for 2w, or --until 2026-04-01.")
    try:
        end = now + length if length else datetime.fromisoformat(until.strip())
    except ValueError:
        raise TriageError(f"{until!r} is neither 2026-04-01 nor a moment such as 2026-04-01T09:30Z.") from None
    end = end.astimezone(UTC).replace(tzinfo=None) if end.tzinfo else end
    if end <= now:
        raise TriageError(f"{until} is over: choose a moment that is still to come.")
    return end


def _now(settings: Settings) -> datetime:
    return settings.clock().replace(tzinfo=None)
