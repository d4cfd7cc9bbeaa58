"""One line per step while it runs: what is happening, how far, how many seconds."""

import time

from rich.console import Console
from rich.markup import escape

SPEAKS_EVERY_SECONDS = 10
DOING = {
    "raw_agreement": "Reading the agreement",
    "raw_sources": "Looking at what is connected",
    "raw_files": "Loading the exports",
    "raw_salesforce": "Loading Salesforce",
    "raw_marketo": "Loading Marketo",
    "raw_hubspot": "Loading HubSpot",
    "marts": "Building the marts",
    "reports": "Building the reports",
    "published": "Publishing",
    "fates": "Looking at each report",
    "page": "Drawing the page",
    "replay_reading": "Reading what was known",
    "replay_building": "Building it all again",
    "replay_checking": "Checking it",
    "draft_reading": "Reading the draft",
    "draft_comparing": "Comparing it with what is signed",
    "draft_page": "Drawing the page",
}


class Progress:
    """Follows one run, by Dagster's events or step by step: a spinner on a terminal, a line now and then on none."""

    def __init__(self, console: Console, idle: set[str]):
        self.console, self.idle = console, idle  # steps that have nothing to do, and so nothing to say
        self.status = console.status("") if console.is_terminal else None
        self.step, self.began, self.spoke, self.done = None, 0.0, 0.0, 0

    def event(self, entry) -> None:
        """Take one event-log entry of the run."""
        kind = entry.dagster_event.event_type_value if entry.dagster_event else None
        if kind == "STEP_START":
            self.start(entry.step_key)
        elif kind in ("STEP_SUCCESS", "STEP_FAILURE"):
            self.end(entry.step_key, kind == "STEP_SUCCESS")
        elif kind in ("ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION"):
            self.move()
        elif kind is None and entry.level >= 30 and "Dependencies for step" not in entry.user_message:
            self.console.print(f"  [yellow]{escape(entry.user_message)}[/]", highlight=False)

    def close(self) -> None:
        """Stop the spinner."""
        if self.status:
            self.status.stop()

    def start(self, step: str) -> None:
        """A step begins."""
        self.step, self.began, self.done = step, time.monotonic(), 0
        self.spoke = self.began
        if self.status:
            self.status.update(f"{doing(step)} …")
            self.status.start()

    def move(self) -> None:
        """One more thing of the step is done."""
        self.done += 1
        now = time.monotonic()
        if self.status:
            self.status.update(f"{doing(self.step)} … {self.done} done, {now - self.began:.0f} s")
        elif now - self.spoke > SPEAKS_EVERY_SECONDS:
            self.console.print(f"  {doing(self.step)} … {self.done} done, {now - self.began:.0f} s", highlight=False)
            self.spoke = now

    def end(self, step: str, good: bool) -> None:
        """A step has ended, well or not."""
        self.close()
        if good and step in self.idle:
            return
        mark = "[green]✓[/]" if good else "[red]✗[/]"
        seconds = time.monotonic() - self.began
        self.console.print(f"{mark} {doing(step):<34} {seconds:5.1f} s", highlight=False)


def doing(step: str) -> str:
    """A step in plain words."""
    return DOING.get(step) or step.replace("audit_", "Checking ")
