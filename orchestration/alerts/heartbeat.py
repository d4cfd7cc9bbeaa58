"""Who watches the alerts: when somebody last looked for something to tell, and what stands in the way of telling it.

The sensor looks all day long, so a long silence of it is news by itself; `onefunnel run` looks at the end of each run.
"""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from orchestration.alerts import store

TOO_LONG = timedelta(minutes=15)  # the sensor looks every half a minute
DOWN_FOR = timedelta(hours=1)  # a target that takes nothing for as long is a problem of its own

By = Literal["sensor", "run"]


def note_look(connection: sqlite3.Connection, by: By, moment: datetime) -> None:
    """Keep that somebody looks, and since when nobody did if the sensor was silent for too long."""
    before = connection.execute("select by, looked_at from looks").fetchone()
    if before and _is_silent(before, moment):
        connection.execute("insert into gaps values (?, ?)", [before["looked_at"], store.stamp(moment)])
    connection.execute("delete from looks")
    connection.execute("insert into looks values (?, ?)", [by, store.stamp(moment)])


def note_problems(connection: sqlite3.Connection, problems: dict[str, str], moment: datetime) -> None:
    """Keep what is wrong with the alerts themselves, a sentence for each name, each since it began."""
    known = dict(connection.execute("select name, since from problems").fetchall())
    connection.execute("delete from problems")
    connection.executemany(
        "insert into problems values (?, ?, ?)",
        [(name, known.get(name, store.stamp(moment)), sentence) for name, sentence in problems.items()],
    )


def gaps(connection: sqlite3.Connection, after: str) -> list[str]:
    """One sentence for each time that nobody looked and that ended after a moment."""
    found = connection.execute("select * from gaps where silent_until > ? order by silent_until", [after])
    return [f"Nobody looked between {words(row['silent_from'])} and {words(row['silent_until'])}." for row in found]


def silent_since(data: Path, moment: datetime) -> datetime | None:
    """Since when the alert sensor has not looked (UTC), if that is too long; None when it has, or nobody ever did."""
    try:
        last = store.read(data, "select by, looked_at from looks")
    except store.StoreError:  # `problems` says so
        return None
    return datetime.fromisoformat(last[0]["looked_at"]) if last and _is_silent(last[0], moment) else None


def problems(data: Path, moment: datetime) -> list[str]:
    """What people must know about the alerts themselves, one sentence each; nothing while they work."""
    try:
        silent = silent_since(data, moment)
        said = [f"Nobody has looked for alerts since {words(silent)}: is `dagster dev` running?"] if silent else []
        noted = store.read(data, "select sentence, since from problems order by name")
        said += [f"{row['sentence']} Since {words(row['since'])}." for row in noted]
        down = store.read(
            data,
            "select name, reason, failing_since from targets where failing_since < ? order by failing_since",
            store.stamp(moment - DOWN_FOR),
        )
        return said + [
            f"The alerts for {row['name']} have waited since {words(row['failing_since'])}: {row['reason']}"
            for row in down
        ]
    except store.StoreError as error:
        return [f"Nobody is told anything: {error}"]


def words(moment: datetime | str) -> str:
    """A moment for people."""
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _is_silent(last: sqlite3.Row, moment: datetime) -> bool:
    return last["by"] == "sensor" and moment - datetime.fromisoformat(last["looked_at"]) > TOO_LONG
