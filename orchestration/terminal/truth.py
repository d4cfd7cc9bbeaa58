"""What the line found of what was planted: a line per company while it runs, a table per pair when it ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table

from orchestration.truth.scores import LEAST, Score, over_all_seeds


@contextmanager
def company(console: Console, pair: str, seed: int, people: int) -> Iterator[list[Score]]:
    """Say which company is looked at while it is, and what was found of it; takes its scores in a list."""
    scores: list[Score] = []
    began = time.monotonic()
    with console.status(f"{pair}, seed {seed}: {people:,} people …"):
        yield scores
    planted, told, found = (sum(getattr(score, name) for score in scores) for name in ("planted", "told", "found"))
    seconds = time.monotonic() - began
    console.print(
        f"{pair}, seed {seed}: {planted} planted, {told} told, {found} rightly, {seconds:.1f} s",
        highlight=False,
    )


def show(console: Console, scores: list[Score]) -> None:
    """Each cause over all seeds; what falls short stands out."""
    totals = over_all_seeds(scores)
    for pair in dict.fromkeys(total.pair for total in totals):
        seeds = len({score.seed for score in scores if score.pair == pair})
        table = Table(title=f"{pair}, {seeds} seeds", title_justify="left", title_style="bold")
        table.add_column("cause")
        for column in ("planted", "told", "found", "precision", "recall"):
            table.add_column(column, justify="right")
        for total in totals:
            if total.pair == pair:
                counts = (f"{count:,}" for count in (total.planted, total.told, total.found))
                table.add_row(total.cause, *counts, _rate(total.precision), _rate(total.recall))
        console.print(table)


def _rate(rate: float | None) -> str:
    shown = "-" if rate is None else f"{rate:.4f}"
    return f"[red]{shown}[/]" if rate is not None and rate < LEAST else shown
