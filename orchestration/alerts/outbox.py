"""From findings to messages that wait: an incident, its message and how far was looked are one transaction.

What is worth a message stands in `incidents`; sending is the business of `delivery`.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.alerts import heartbeat, incidents, store, words
from orchestration.alerts.findings import Finding
from orchestration.alerts.incidents import Incident, News
from orchestration.alerts.scrubbing import without_secrets
from orchestration.alerts.targets import Target, wants

LOG = "log"
IN_DIGEST_AFTER = timedelta(hours=1)  # what was told just now is not repeated
KEPT = timedelta(days=30)
MOMENTS = ("opened_at", "well_since", "closed_at")
COLUMNS = [field.name for field in fields(Incident)]


@dataclass(frozen=True)
class Look:
    """One look at everything: by whom, when, what was found, how far the runs were read."""

    by: heartbeat.By
    moment: datetime
    findings: Sequence[Finding]
    position: str | None = None
    secrets: frozenset[str] = frozenset()
    page: str | None = None  # where people look at everything


def position(data: Path) -> str | None:
    """How far the runs were read by the last look."""
    found = store.read(data, "select position from progress where name = 'runs'")
    return found[0]["position"] if found else None


def open_keys(data: Path) -> set[str]:
    """Of all that is wrong as far as is known."""
    return {row["key"] for row in store.read(data, "select key from incidents where state != 'closed'")}


def take(data: Path, look: Look, targets: list[Target] | None, problems: dict[str, str] | None = None) -> list[str]:
    """Keep what a look has found, with what is wrong with the alerts; queue what is to be told; sentences for the log.

    Without targets, because alerts.yml cannot be read, what is for those of the last look waits for them.
    """
    with store.writing(data) as connection:
        heartbeat.note_look(connection, look.by, look.moment)
        heartbeat.note_problems(connection, problems or {}, look.moment)
        writer = _Writer(connection, look)
        said = [] if targets is None else writer.follow(targets)
        writer.observe()
        for target in targets or []:
            writer.digest(target)
        writer.forget()
        connection.executemany(
            "insert or replace into progress values (?, ?)",
            [(name, value) for name, value in (("runs", look.position), ("page", look.page)) if value is not None],
        )
    return said


class _Writer:
    """One look's transaction."""

    def __init__(self, connection: sqlite3.Connection, look: Look):
        self.connection, self.look = connection, look
        self.moment, self.now = look.moment, store.stamp(look.moment)
        self.receivers = self._receivers()

    def follow(self, targets: list[Target]) -> list[str]:
        """Drop what waits for receivers that alerts.yml no longer has, and tell new ones once what is open."""
        known, said = {row["id"]: row["name"] for row in self.receivers}, []
        for gone in known.keys() - {target.id for target in targets}:
            waiting = self._forget_receiver(gone)
            said.append(f"alerts.yml no longer has {known[gone]}: {waiting} messages that waited for it are dropped.")
        for target in targets:
            self.connection.execute(
                "insert into targets (id, name, teams, severities, added_at, digest_at) values (?, ?, ?, ?, ?, ?)"
                " on conflict (id) do update set name = excluded.name, teams = excluded.teams,"
                " severities = excluded.severities",
                [target.id, target.name, json.dumps(target.teams), json.dumps(target.severities), self.now, self.now],
            )
            if target.id not in known and (still := self._open_for(target, self.now)):
                self._queue(News("digest", "warn", words.welcome(still, self.look.page)), {target.id})
        self.receivers = self._receivers()
        return said

    def observe(self) -> None:
        """All findings, in their order, against what is known; then the recovery of what has been well for a while."""
        known = {row["key"]: _incident(row) for row in self.connection.execute("select * from incidents")}
        before = dict(known)
        for finding in self.look.findings:
            finding = _safe(finding, self.look.secrets)
            incident, news = incidents.seen(finding, known.get(finding.key), self.moment)
            if incident:
                known[finding.key] = incident
            if news:
                self._queue(news, self._wanting(incident.team, news.severity), incident)
        for key, incident in known.items():
            known[key], news = incidents.settled(incident, self.moment, is_watched=self.look.by == "sensor")
            if news:
                self._queue(news, self._wanting(incident.team, news.severity) | self._told(incident), incident)
        self.connection.executemany(
            f"insert or replace into incidents ({', '.join(COLUMNS)}) values ({', '.join('?' for _ in COLUMNS)})",
            [_row(incident) for key, incident in known.items() if incident != before.get(key)],
        )

    def digest(self, target: Target) -> None:
        """Once a day, what is still open of what this receiver wants; it takes the place of one that still waits."""
        due = target.digest_due(self.moment)
        last = next(row["digest_at"] for row in self.receivers if row["id"] == target.id)
        if due is None or store.stamp(due) <= last:
            return
        self.connection.execute("update targets set digest_at = ? where id = ?", [self.now, target.id])
        still = self._open_for(target, store.stamp(self.moment - IN_DIGEST_AFTER))
        gaps = heartbeat.gaps(self.connection, last)
        if still or gaps:
            self.connection.execute(
                "delete from deliveries where target = ? and sending is null"
                " and message_id in (select id from messages where kind = 'digest')",
                [target.id],
            )
            self._queue(News("digest", "warn", words.digest(still, gaps, self.look.page)), {target.id})

    def forget(self) -> None:
        """Let go of what was told long ago."""
        old = store.stamp(self.moment - KEPT)
        for statement in (
            "delete from sendings where delivered_at < :old",
            "delete from deliveries where sending is not null and sending not in (select key from sendings)",
            "delete from messages where created_at < :old and id not in (select message_id from deliveries)",
            "delete from incidents where state = 'closed' and closed_at < :old",
            "delete from gaps where silent_until < :old",
        ):
            self.connection.execute(statement, {"old": old})

    def _receivers(self) -> list[sqlite3.Row]:
        return self.connection.execute("select * from targets").fetchall()

    def _open_for(self, target: Target, opened_until: str) -> list[words.Line]:
        """A line for each open incident that a receiver wants, errors first, the oldest first."""
        found = self.connection.execute(
            "select * from incidents where state != 'closed' and severity is not null and opened_at <= ?"
            " order by severity, opened_at",
            [opened_until],
        )
        return [
            words.Line(
                f"{words.SIGNS[row['severity']]}: {row['title']}, since {words.at(row['opened_at'])}",
                row["severity"] == "error",
                row["team"],
            )
            for row in found
            if wants(target.teams, target.severities, row["team"], row["severity"])
        ]

    def _wanting(self, team: str | None, severity: str) -> set[str]:
        return {LOG} | {
            row["id"]
            for row in self.receivers
            if wants(json.loads(row["teams"]), json.loads(row["severities"]), team, severity)
        }

    def _told(self, incident: Incident) -> set[str]:
        found = self.connection.execute(
            "select distinct target from deliveries join messages on id = message_id"
            " where incident = ? and created_at >= ?",
            [incident.key, store.stamp(incident.opened_at)],
        )
        return {target for (target,) in found}

    def _queue(self, news: News, targets: set[str], incident: Incident | None = None) -> None:
        text = news.text
        message = self.connection.execute(
            "insert into messages (kind, incident, severity, team, title, head, items, total, created_at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                news.kind,
                incident.key if incident else None,
                news.severity,
                incident.team if incident else None,
                text.title,
                "\n".join(part for part in text.head if part),
                json.dumps(text.items),
                text.total,
                self.now,
            ],
        ).lastrowid
        self.connection.executemany(
            "insert into deliveries (message_id, target) values (?, ?)", [(message, target) for target in targets]
        )

    def _forget_receiver(self, receiver: str) -> int:
        waiting = self.connection.execute(
            "select count(*) from deliveries left join sendings on sending = key"
            " where deliveries.target = ? and delivered_at is null",
            [receiver],
        ).fetchone()[0]
        self.connection.execute("delete from deliveries where target = ?", [receiver])
        self.connection.execute("delete from sendings where target = ?", [receiver])
        self.connection.execute("delete from targets where id = ?", [receiver])
        return waiting


def _incident(row: sqlite3.Row) -> Incident:
    values = {name: row[name] for name in COLUMNS}
    return Incident(**values | {name: row[name] and datetime.fromisoformat(row[name]) for name in MOMENTS})


def _row(incident: Incident) -> list[object]:
    values = asdict(incident)
    return list((values | {name: values[name] and store.stamp(values[name]) for name in MOMENTS}).values())


def _safe(finding: Finding, secrets: frozenset[str]) -> Finding:
    """No secret is kept, whatever an error message has in it."""
    texts = ("title", "meaning", "detail", "todo", "look", "recovered")
    return replace(finding, **{name: without_secrets(getattr(finding, name), secrets) for name in texts})
