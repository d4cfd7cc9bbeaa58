"""`<data>/alerts.sqlite`: what is wrong, what is to be told, what was told; one small SQLite file in WAL mode.

Knows its schema, its releases and its locks; what the rows mean stands with those who write them. No URL and no secret
is ever in it: a target is the hash of its URL as alerts.yml has it.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

VERSION = 1
TABLES = (
    # state: open; settling (well, but not for long enough to say so); closed (kept a while: it may come back)
    "create table incidents (key text primary key, state text not null, severity text, team text,"
    " title text, recovered text, told_severity text, told_failed integer, returned integer not null default 0,"
    " opened_at text not null, well_since text, closed_at text)",
    "create table messages (id integer primary key, kind text not null, incident text, severity text not null,"
    " team text, title text not null, head text not null, items text not null, total integer not null,"
    " created_at text not null)",
    "create table deliveries (message_id integer not null, target text not null, sending text,"
    " primary key (message_id, target))",
    "create index deliveries_waiting on deliveries (target) where sending is null",
    "create table sendings (key text primary key, target text not null, sign text not null, severity text not null,"
    " title text not null, body text not null, created_at text not null, attempts integer not null default 0,"
    " attempted_at text, delivered_at text, taken text not null default '[]')",
    "create table targets (id text primary key, name text not null, teams text not null, severities text not null,"
    " added_at text not null, digest_at text not null, failures integer not null default 0, failing_since text,"
    " reason text, next_attempt_at text)",
    "create table looks (by text not null, looked_at text not null)",
    "create table gaps (silent_from text not null, silent_until text not null)",
    "create table problems (name text primary key, since text not null, sentence text not null)",
    "create table progress (name text primary key, position text not null)",
)
# What the release before had: an incident was a key and a state, a message went to a URL, one delivery a message.
FROM_0 = (
    "alter table incidents rename to incidents_0",
    "alter table messages rename to messages_0",
    "alter table deliveries rename to deliveries_0",
    *TABLES,
    "insert into incidents (key, state, opened_at) select key, 'open', opened_at from incidents_0",
    "insert into messages select id, kind, null, severity, nullif(team, ''), title, detail, '[]', 0, created_at"
    " from messages_0 where id in (select message_id from deliveries_0 where delivered_at is null)",
    "insert into deliveries select message_id, target_id(target), null from deliveries_0 where delivered_at is null",
    "insert into targets (id, name, teams, severities, added_at, digest_at)"
    " select distinct target_id(target), target_name(target), '[]', '[\"error\", \"warn\"]', moment(), moment()"
    " from deliveries_0 where target != 'log'",
    "drop table incidents_0",
    "drop table messages_0",
    "drop table deliveries_0",
)


class StoreError(Exception):
    """alerts.sqlite cannot be used; the text says what to do."""


def file_of(data: Path) -> Path:
    """Where the alerts of a data dir are kept."""
    return data / "alerts.sqlite"


def target_id(url: str) -> str:
    """What stands for a URL of alerts.yml; the log has its own name."""
    return url if url == "log" else sha256(url.encode()).hexdigest()[:16]


def target_name(url: str) -> str:
    """The kind of service that a URL names: all of it that may be said."""
    return url.split(":", 1)[0]


def stamp(moment: datetime) -> str:
    """A moment as the store keeps it: UTC, of one length, so that later sorts later."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


@contextmanager
def writing(data: Path) -> Iterator[sqlite3.Connection]:
    """One transaction: all of it or nothing, also when the process is killed; makes or migrates the file first."""
    data.mkdir(parents=True, exist_ok=True)
    with closing(_connect(file_of(data))) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")  # a power cut must not bring back what was told
        connection.execute("begin immediate")
        try:
            _migrate(connection, file_of(data))
            yield connection
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")


def read(data: Path, query: str, *values: object) -> list[sqlite3.Row]:
    """Rows of a file of this release; none where there is no file, or one that nobody has migrated yet."""
    if not file_of(data).exists():
        return []
    with closing(_connect(file_of(data))) as connection:
        version = _version(connection, file_of(data))
        return connection.execute(query, values).fetchall() if version == VERSION else []


@contextmanager
def held(data: Path, name: str, *, wait: bool = False) -> Iterator[bool]:
    """Whether this thread alone does `name` now; the kernel ends the hold of a process that dies."""
    folder = data / "alerts"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=30, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _version(connection: sqlite3.Connection, file: Path) -> int:
    version = connection.execute("pragma user_version").fetchone()[0]
    if version > VERSION:
        raise StoreError(
            f"{file} was written by a newer OneFunnel (its version {version}, this one knows {VERSION}): upgrade"
            " OneFunnel, or move the file away, and the alerts begin anew."
        )
    return version


def _migrate(connection: sqlite3.Connection, file: Path) -> None:
    if _version(connection, file) == VERSION:
        return
    before = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    for table in before & {"looks", "problems"}:
        connection.execute(f"drop table {table}")
    connection.create_function("target_id", 1, target_id)
    connection.create_function("target_name", 1, target_name)
    connection.create_function("moment", 0, lambda: stamp(datetime.now(UTC)))
    for statement in FROM_0 if "deliveries" in before else TABLES:
        connection.execute(statement)
    connection.execute(f"pragma user_version = {VERSION}")
