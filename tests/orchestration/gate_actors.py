"""Who acts in a history, each in a process of its own: the one who publishes or rolls back, and the one who reads."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import pandas  # noqa: F401  # DuckDB would import it in every process anew

from ingest.settings import Settings
from orchestration.publishing import gate
from orchestration.publishing.evidence import Needed, Node
from orchestration.publishing.failures import PublishingError
from orchestration.publishing.rollback import roll_back

KEEP = 3
PAUSE_SECONDS = 0.01
MARTS, REPORTS, JUDGED = ("people", "stage_mismatches"), ("funnel_by_month", "conversion_rates"), "int_reports_judged"
READS = {
    "people": (),
    "stage_mismatches": ("people",),
    JUDGED: ("people", "stage_mismatches"),
    "funnel_by_month": ("people",),
    "conversion_rates": ("people", "stage_mismatches"),
}
NEEDED = Needed(
    {
        **{name: Node(name, name, "model", parents) for name, parents in READS.items()},
        **{f"test_{mart}": Node(f"test_{mart}", f"test_{mart}", "test", (mart,)) for mart in MARTS},
    },
    MARTS,
)


@dataclass(frozen=True)
class Seen:
    """What one look at the published file finds: its number, the build of each table, the status of the report."""

    number: int
    people: int
    stage_mismatches: int
    incidents: int
    funnel_by_month: int | None
    conversion_rates: int | None
    status: str


NOTHING = "nothing is published"
LOOK = """
    select (select number from evidence.publication),
        (select list(distinct build) from people),
        (select list(distinct build) from stage_mismatches),
        (select list(distinct split_part(mismatch_id, '-', 1)::int) from mismatch_incidents where state <> 'resolved'),
        (select list(distinct build) from funnel_by_month),
        (select list(distinct build) from conversion_rates),
        (select list(status) from report_status)
"""


def publish(data: Path, moment: datetime, said: Connection) -> None:
    """The gate, then publishing, as the asset `published` does it."""
    settings = Settings(data=data, sources=data / "sources.yml", now=moment, keep_publications=KEEP)
    _answered(said, lambda: gate.pass_through(settings, NEEDED))


def go_back(data: Path, to: int | None, said: Connection) -> None:
    """A rollback, as `onefunnel rollback` does it."""
    _answered(said, lambda: roll_back(data, to))


def read_on(asked: Connection) -> None:
    """Look at the file that was named last, again and again; tell what was seen when asked with None."""
    file, seen = None, Counter()
    while True:
        if asked.poll(PAUSE_SECONDS if file else None):
            named = asked.recv()
            if named is None:
                asked.send(seen)
                seen = Counter()
            else:
                file = named
        if file:
            seen[look(file)] += 1


def look(file: Path) -> Seen | str:
    """One look at a published file; words where there is none or it cannot be read."""
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            number, *lists, status = connection.execute(LOOK).fetchone()
        several = [builds for builds in [*lists, status] if builds and len(builds) > 1]
        return f"two moments in one table: {several}" if several else Seen(number, *map(_only, lists), *status)
    except duckdb.Error as error:
        return NOTHING if "database does not exist" in str(error) else f"cannot be read: {error}"


def _only(builds: list | None) -> int | None:
    return builds[0] if builds else None


def _answered(said: Connection, act) -> None:
    try:
        act()
        said.send("done")
    except PublishingError as error:
        said.send(f"refused: {error}")


def opens(file: Path) -> str:
    """`opens`, or why a published file does not."""
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            connection.execute("from report_status").fetchall()
        return "opens"
    except duckdb.Error as error:
        return str(error)
