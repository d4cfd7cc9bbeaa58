"""Where the queue lies: `<data>/triage.sqlite`, with every change of it. What a state means stands in `queue`."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

FILE = "triage.sqlite"
VERSION = 1
PATIENCE_SECONDS = 30
TIME = "%Y-%m-%d %H:%M:%S.%f"  # naive UTC, of one width, so that text compares as time does
SCHEMA = f"""
create table if not exists incidents (
    fingerprint text primary key,
    mismatch_id text,
    person_id text not null,
    crm_system text,
    map_system text,
    state text not null check (state in ('new', 'acknowledged', 'snoozed', 'resolved')),
    first_seen_at text not null,
    last_seen_at text not null,
    resolved_at text,
    reopened_count integer not null,
    snoozed_until text,
    changed_at text not null,
    changed_by text,
    note text,
    cause text,
    severity text,
    owner_team text,
    work_item_id text,
    parted_at text,
    acknowledged_as text,
    acknowledged_severity text,
    mended_at text
);
create index if not exists incidents_by_person on incidents (person_id);
create table if not exists changes (
    number integer primary key,
    fingerprint text not null,
    state text not null,
    reason text not null,
    changed_at text not null,
    changed_by text,
    snoozed_until text,
    note text
);
create index if not exists changes_by_fingerprint on changes (fingerprint);
create index if not exists changes_by_time on changes (changed_at);
pragma user_version = {VERSION};
"""


class TriageError(Exception):
    """The queue cannot be used; the text says why and what to do."""


def file(data: Path) -> Path:
    """Where the queue of a data dir lies."""
    return data.absolute() / FILE


def stored(moment: datetime) -> str:
    """A moment as the queue keeps it; without a zone it is UTC."""
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime(TIME)


@contextmanager
def transaction(data: Path) -> Iterator[sqlite3.Connection]:
    """The queue, all or nothing: no other writer until the block ends; made where there is none yet."""
    with _explained(file(data)), closing(_open(file(data))) as connection:
        connection.execute("begin immediate")
        with connection:  # commits, or takes back
            yield connection


@contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection]:
    """The queue at one moment, waiting for nobody; TriageError where there is none."""
    if not file(data).exists():
        raise TriageError(f"There is no queue at {file(data)} yet: `onefunnel run` begins it.")
    with _explained(file(data)), closing(_open(file(data))) as connection:
        connection.execute("begin")
        yield connection


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("pragma journal_mode = wal")
        (version,) = connection.execute("pragma user_version").fetchone()
        if version > VERSION:
            raise TriageError(
                f"{path} was written by a newer OneFunnel (its version is {version}, this one knows {VERSION}):"
                " upgrade OneFunnel, or put back the file of that time from a backup."
            )
        if version < VERSION:
            connection.executescript(f"begin immediate; {SCHEMA} commit;")
        (found,) = connection.execute("pragma quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """SQLite's errors as sentences that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise TriageError(_advice(str(error), path)) from error


def _advice(text: str, path: Path) -> str:
    if "locked" in text or "busy" in text:
        return f"Another program has held {path} for more than {PATIENCE_SECONDS} s: end it and try again."
    if "readonly" in text or "unable to open" in text:
        return f"{path} cannot be written: allow it, or set ONEFUNNEL_DATA to another folder. ({text})"
    if "full" in text:
        return f"There is no room left to write {path}: free some space and try again. ({text})"
    return (
        f"{path} is damaged ({text}): put it back from a backup; or move it away, and the next run begins a new"
        " queue, in which nothing is acknowledged or snoozed."
    )
