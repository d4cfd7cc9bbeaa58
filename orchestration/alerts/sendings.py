"""What is sent to one receiver: messages that wait become one sending with a key and a text that never change.

A sending is written down before the first try and ticked off after the receiver has taken it. While one is under way
the rest waits, and what has piled up goes out as one.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.alerts import heartbeat, store, words
from orchestration.alerts.scrubbing import without_personal_data

AT_ONCE = 3  # more than these wait: one message with a count
MAY_GO = "(severity = 'error' or not ?)"  # in quiet hours, only errors
UNDER_WAY = f"select * from sendings where target = ? and delivered_at is null and {MAY_GO} order by created_at limit 1"
WAITING = (
    "select messages.* from messages join deliveries on id = message_id"
    f" where target = ? and sending is null and {MAY_GO} order by id"
)


@dataclass(frozen=True)
class Sending:
    """One text for one receiver, and the key by which it is known again."""

    key: str
    target: str
    sign: str  # failure, warning, success or info, as apprise colours them
    title: str
    body: str
    taken: set[str]  # of several recipients those who have it


def is_due(data: Path, target: str, longest_wait: timedelta) -> bool:
    """Whether it is time to try a receiver; a moment further off than any wait is a clock that was wrong."""
    now = datetime.now(UTC)
    found = store.read(data, "select next_attempt_at from targets where id = ?", target)
    due = found[0]["next_attempt_at"] if found else None
    return due is None or not store.stamp(now) < due <= store.stamp(now + longest_wait)


def waits(data: Path, target: str, *, is_quiet: bool) -> bool:
    """Whether there is anything to send now."""
    return any(store.read(data, query, target, is_quiet) for query in (UNDER_WAY, f"{WAITING} limit 1"))


def waiting(data: Path, target: str) -> tuple[int, str | None]:
    """How many messages a receiver was not told yet, and since when."""
    (found,) = store.read(
        data,
        "select count(*), min(messages.created_at) from deliveries join messages on id = message_id"
        " left join sendings on sending = key where deliveries.target = ? and delivered_at is null",
        target,
    ) or [(0, None)]
    return found[0], found[1]


def begin(data: Path, target: str, room: tuple[int, int], *, is_quiet: bool, personal_data: bool) -> Sending | None:
    """The sending that is under way, or the next; kept with the try that now begins. Nothing if nothing waits."""
    with store.writing(data) as connection:
        row = connection.execute(UNDER_WAY, [target, is_quiet]).fetchone()
        if row is None:
            waiting = connection.execute(WAITING, [target, is_quiet]).fetchall()
            if not waiting:
                return None
            row = _write_down(connection, target, _chosen(waiting), room, personal_data)
        connection.execute(
            "update sendings set attempts = attempts + 1, attempted_at = ? where key = ?",
            [store.stamp(datetime.now(UTC)), row["key"]],
        )
    words_of_it = (row[name] for name in ("key", "target", "sign", "title", "body"))
    return Sending(*words_of_it, taken=set(json.loads(row["taken"])))


def partly(data: Path, sending: Sending) -> None:
    """Keep which of several recipients have it."""
    with store.writing(data) as connection:
        connection.execute("update sendings set taken = ? where key = ?", [json.dumps([*sending.taken]), sending.key])


def delivered(data: Path, sending: Sending) -> None:
    """Tick off what the receiver has taken: it is up."""
    with store.writing(data) as connection:
        connection.execute(
            "update sendings set delivered_at = ? where key = ?", [store.stamp(datetime.now(UTC)), sending.key]
        )
    is_up(data, sending.target)


def is_up(data: Path, target: str) -> None:
    """A receiver takes messages: what waits for it need not wait longer."""
    with store.writing(data) as connection:
        connection.execute(
            "update targets set failures = 0, failing_since = null, reason = null, next_attempt_at = null where id = ?",
            [target],
        )


def refused(data: Path, target: str, reason: str, first_wait: timedelta, longest_wait: timedelta) -> timedelta:
    """Keep why a receiver took nothing and when to try again: each time twice as long, up to the longest wait."""
    now = datetime.now(UTC)
    with store.writing(data) as connection:
        found = connection.execute("select failures from targets where id = ?", [target]).fetchone()
        failures = found["failures"] if found else 0
        wait = min(first_wait * 2 ** min(failures, 20), longest_wait)
        connection.execute(
            "update targets set failures = failures + 1, failing_since = coalesce(failing_since, ?), reason = ?,"
            " next_attempt_at = ? where id = ?",
            [store.stamp(now), reason, store.stamp(now + wait), target],
        )
    return wait


def _chosen(waiting: list) -> list:
    """A digest is sent by itself, after all else; a few alerts one by one, errors first; more as one."""
    alerts = sorted((row for row in waiting if row["kind"] != "digest"), key=lambda row: (row["severity"], row["id"]))
    if not alerts:
        return waiting[:1]
    return alerts if len(alerts) > AT_ONCE else alerts[:1]


def _write_down(connection, target: str, chosen: list, room: tuple[int, int], personal_data: bool) -> dict:
    text = _text(chosen, _page(connection))
    if chosen[0]["kind"] != "digest":  # which says by itself when nobody looked
        text = words.with_more(text, heartbeat.gaps(connection, _last_sent(connection, target)))
    title, body = (text if personal_data else text.mapped(without_personal_data)).fitted(*room)
    row = {
        "key": uuid.uuid4().hex,
        "target": target,
        "sign": _sign(chosen),
        "severity": min(message["severity"] for message in chosen),  # error comes before warn
        "title": title,
        "body": body,
        "created_at": store.stamp(datetime.now(UTC)),
        "taken": "[]",
    }
    columns = ", ".join(row)
    connection.execute(f"insert into sendings ({columns}) values ({', '.join('?' for _ in row)})", list(row.values()))
    connection.executemany(
        "update deliveries set sending = ? where target = ? and message_id = ?",
        [(row["key"], target, message["id"]) for message in chosen],
    )
    return row


def _text(chosen: list, page: str | None) -> words.Text:
    if len(chosen) > 1:  # of each incident the latest word
        in_order = sorted(chosen, key=lambda row: row["id"])
        latest = {message["incident"] or message["id"]: message for message in in_order}
        worst_first = sorted(latest.values(), key=lambda row: (row["kind"] == "recovered", row["severity"]))
        return words.many([_line(message) for message in worst_first], page)
    (one,) = chosen
    return words.Text(one["title"], tuple(one["head"].splitlines()), tuple(json.loads(one["items"])), one["total"])


def _line(message) -> words.Line:
    is_error = message["severity"] == "error" and message["kind"] != "recovered"
    return words.Line(message["title"], is_error, message["team"])


def _sign(chosen: list) -> str:
    wrong = [message["severity"] for message in chosen if message["kind"] in ("opened", "worse")]
    if wrong:
        return "failure" if "error" in wrong else "warning"
    return "success" if chosen[0]["kind"] == "recovered" else "info"


def _page(connection) -> str | None:
    found = connection.execute("select position from progress where name = 'page'").fetchone()
    return found and found["position"]


def _last_sent(connection, target: str) -> str:
    return connection.execute(
        "select coalesce(max(created_at), (select added_at from targets where id = ?), '9999') from sendings"
        " where target = ?",
        [target, target],
    ).fetchone()[0]
