"""What is wrong now and what was said about it: a small SQLite file, so that nothing is told twice and nothing is lost.

Opening, changing or closing an incident and queueing its message is one transaction; delivery is somebody else's.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SCHEMA = """
create table if not exists incidents (key text primary key, state text, opened_at text);
create table if not exists messages (
    id integer primary key, kind text, severity text, team text, title text, detail text, created_at text
);
create table if not exists deliveries (
    message_id integer, target text, delivered_at text, primary key (message_id, target)
);
"""


Wants = Callable[[str, str | None], bool]  # of a severity and a team


@dataclass(frozen=True)
class Finding:
    """How one thing that can go wrong stands now: `state` is ok or says what is wrong; `recovered` ends it."""

    key: str
    state: str
    severity: str
    team: str | None
    title: str
    detail: str
    recovered: str


@dataclass(frozen=True)
class Message:
    """One thing to tell."""

    id: int
    kind: str  # opened or recovered
    severity: str
    team: str | None
    title: str
    detail: str


class Outbox:
    """The incidents and messages of one data dir."""

    def __init__(self, file: Path):
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file = file

    def observe(self, findings: Iterable[Finding], moment: datetime, wants: dict[str, Wants]) -> None:
        """Queue a message for each finding that opened, changed its state or recovered since it was last seen."""
        with self._open() as connection:
            known = dict(connection.execute("select key, state from incidents"))
            for finding in findings:
                if finding.state == known.get(finding.key, "ok"):
                    continue
                self._keep(connection, finding, moment)
                message = self._queue(connection, finding, moment)
                for name, wanted in wants.items():
                    if wanted(finding.severity, finding.team):
                        connection.execute("insert into deliveries values (?, ?, null)", [message, name])

    def pending(self, target: str) -> list[Message]:
        """What this target was not told yet, oldest first."""
        with self._open() as connection:
            found = connection.execute(
                "select id, kind, severity, team, title, detail from messages join deliveries on message_id = id"
                " where target = ? and delivered_at is null order by id",
                [target],
            )
            return [Message(*row) for row in found]

    def delivered(self, messages: list[Message], target: str, moment: datetime) -> None:
        """Mark as told, after it was."""
        with self._open() as connection:
            connection.executemany(
                "update deliveries set delivered_at = ? where message_id = ? and target = ?",
                [(moment.isoformat(), message.id, target) for message in messages],
            )

    @staticmethod
    def _keep(connection, finding: Finding, moment: datetime) -> None:
        if finding.state == "ok":
            connection.execute("delete from incidents where key = ?", [finding.key])
        else:
            connection.execute(
                "insert or replace into incidents values (?, ?, ?)", [finding.key, finding.state, moment.isoformat()]
            )

    @staticmethod
    def _queue(connection, finding: Finding, moment: datetime) -> int:
        said = (
            ("recovered", finding.recovered, "") if finding.state == "ok" else ("opened", finding.title, finding.detail)
        )
        kind, title, detail = said
        return connection.execute(
            "insert into messages (kind, severity, team, title, detail, created_at) values (?, ?, ?, ?, ?, ?)",
            [kind, finding.severity, finding.team, title, detail, moment.isoformat()],
        ).lastrowid

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file, timeout=30)) as connection, connection:
            connection.executescript(SCHEMA)
            connection.execute("begin immediate")
            yield connection
