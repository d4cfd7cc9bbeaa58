"""A replay at a terminal: its steps while it runs, and what it found when it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ingest.settings import Settings
from rich.console import Console
from rich.markup import escape

from orchestration.publishing.page.words import instant, month
from orchestration.replays import known
from orchestration.replays.comparing import Month
from orchestration.terminal import summary
from orchestration.terminal.progress import Progress
from orchestration.turns import turn

MONTHS = 6


def run_known(settings: Settings, console: Console, text: str) -> list[str]:
    """Replay what was known at a moment and print it; gives back the status of each report."""
    with _turn(settings, console):
        found = known.replay(settings, text, _Steps(console).step)
    console.print()
    summary.show(console, found.folder)
    _show_months(console, found)
    console.print(
        f"Known at {instant(found.moment, found.zone)}; the last load before it was at {_utc(found.last_load)}.",
        highlight=False,
        soft_wrap=True,
    )
    if found.remembered_since:
        console.print(
            "[yellow]●[/] What was agreed and connected is remembered since"
            f" {_utc(found.remembered_since)}: as it was then, it stands in for the time before.",
            highlight=False,
            soft_wrap=True,
        )
    return [report.status for report in found.reports]


def run_what_if(settings: Settings, console: Console, draft: Path, out: Path) -> None:
    """Replay all history under a draft, draw its page and print what is otherwise."""
    from orchestration.replays import drafts

    with _turn(settings, console):
        steps = _Steps(console)
        found = drafts.replay(settings, draft, steps.step)
        with steps.step("draft_page"):
            from orchestration.replays import page  # Altair is heavy: only where it draws

            page.write(found, found.draft.timezone, out)
    console.print()
    for warning in found.warnings:
        console.print(f"[yellow]●[/] {escape(warning)}", highlight=False, soft_wrap=True)
    if found.found.are_none:
        console.print("Nothing would change: every number under the draft is as it stands.")
    else:
        _show_stages(console, found.found.stages)
        _show_counts(console, "Open mismatches", "cause", found.found.causes)
        for report in found.found.reports:
            if report["drafted"] != report["signed"]:
                console.print(
                    f"Report {escape(report['report'])}: {_held(report['signed'])} as signed,"
                    f" {_held(report['drafted'])} under the draft.",
                    highlight=False,
                    soft_wrap=True,
                )
    console.print(f"Page       {out}", highlight=False, soft_wrap=True)


def _held(is_held: bool) -> str:
    return "held" if is_held else "not held"


def _show_stages(console: Console, stages: list[dict]) -> None:
    table = summary.grid(
        "Who enters and leaves each stage",
        ["unit", "stage"],
        ["signed", "draft", "only draft", "only signed", "other month"],
    )
    for row in stages:
        numbers = (row["signed"], row["drafted"], row["enters"], row["leaves"], row["otherwise"])
        table.add_row(row["unit"], escape(row["stage"]), *(f"{number:,}" for number in numbers))
    console.print(table)


def _show_counts(console: Console, title: str, name: str, rows: list[dict]) -> None:
    differing = [row for row in rows if row["drafted"] != row["signed"]]
    if differing:
        table = summary.grid(title, [name], ["signed", "draft"])
        for row in differing:
            table.add_row(escape(row[name]), f"{row['signed']:,}", f"{row['drafted']:,}")
        console.print(table)


def _show_months(console: Console, found: known.Known) -> None:
    for unit in dict.fromkeys(row.unit for row in found.months):
        rows = [row for row in found.months if row.unit == unit]
        last = sorted({row.month for row in rows})[-MONTHS:]
        stages = list(dict.fromkeys(row.stage for row in rows))
        table = summary.grid(f"Known then, and known now: reached in the month, unit {unit}", ["month"], stages)
        for each in last:
            by_stage = {row.stage: row for row in rows if row.month == each}
            table.add_row(f"{each:%Y-%m}", *(_then_now(by_stage.get(stage)) for stage in stages))
        console.print(table)
        earlier = {row.month for row in rows if row.month not in last and row.standing not in (None, row.replayed)}
        if earlier:
            console.print(f"Changed since in {len(earlier)} earlier months too, the first {month(min(earlier))}.")


def _then_now(row: Month | None) -> str:
    """412 → 420; one number where nothing has changed."""
    if row is None:
        return "0"
    if row.standing in (None, row.replayed):
        return f"{row.replayed:,}"
    return f"{row.replayed:,} → {row.standing:,}"


def _utc(moment: datetime) -> str:
    return instant(moment)


@contextmanager
def _turn(settings: Settings, console: Console) -> Iterator[None]:
    def tell(text: str) -> None:
        console.print(f"  [yellow]{escape(text)}[/]", highlight=False)

    with turn(settings.data.absolute(), settings.lock_wait_seconds, tell):
        yield


class _Steps:
    """Steps on a terminal, shown as those of a run are."""

    def __init__(self, console: Console):
        self.progress = Progress(console, idle=set())

    @contextmanager
    def step(self, name: str):
        self.progress.start(name)
        try:
            yield self.progress.move
        except BaseException:
            self.progress.end(name, good=False)
            raise
        self.progress.end(name, good=True)
