"""How a command ends: its exit codes, and an error that nobody foresaw in one line."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

FRESH, FAILED, HELD = 0, 1, 3
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show what Dagster and dbt say, and whole tracebacks.")]


class explained:
    """An error that nobody foresaw, in one line unless the whole of it is asked for."""

    def __init__(self, console: Console, verbose: bool):
        self.console, self.verbose = console, verbose

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback) -> bool:
        if error is None or self.verbose or not isinstance(error, Exception) or isinstance(error, typer.Exit):
            return False
        cause = error
        while cause.__cause__:
            cause = cause.__cause__
        self.console.print(
            f"[red]Failed.[/] {escape(str(cause) or type(cause).__name__)}", highlight=False, soft_wrap=True
        )
        raise SystemExit(FAILED)
