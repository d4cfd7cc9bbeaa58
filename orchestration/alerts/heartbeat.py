"""Who watches the alerts: when somebody last looked for something to tell, and what stands in the way of telling it.

The sensor looks all day long, so a long silence of it is news by itself; `onefunnel run` looks at the end of each run.
"""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

TOO_LONG = timedelta(minutes=15)  # the sensor looks every half a minute

By = Literal["sensor", "run"]
SCHEMA = """
create table if not exists looks (by text, looked_at text);
create table if not exists problems (name text primary key, since text, sentence text);
"""


def note_look(data: Path, by: By, moment: datetime, problems: dict[str, str]) -> None:
    """Keep that somebody has looked, and what is wrong with the alerts themselves: a sentence for each name."""
    data.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(data / "alerts.sqlite", timeout=30)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.execute("delete from looks")
        connection.execute("insert into looks values (?, ?)", [by, moment.isoformat()])
        known = dict(connection.execute("select name, since from problems"))
        connection.execute("delete from problems")
        connection.executemany(
            "insert into problems values (?, ?, ?)",
            [(name, known.get(name, moment.isoformat()), said) for name, said in problems.items()],
        )


def silent_since(data: Path, moment: datetime) -> datetime | None:
    """Since when the alert sensor has not looked (UTC), if that is too long; None when it has, or nobody ever did."""
    for by, looked_at in _read(data, "select by, looked_at from looks"):
        last = datetime.fromisoformat(looked_at)
        if by == "sensor" and moment - last > TOO_LONG:
            return last
    return None


def problems(data: Path, moment: datetime) -> list[str]:
    """What people must know about the alerts themselves, one sentence each; nothing while they work."""
    silent = silent_since(data, moment)
    said = [] if silent is None else [f"Nobody has looked for alerts since {_words(silent)}: is `dagster dev` running?"]
    found = _read(data, "select sentence, since from problems order by name")
    return said + [f"{sentence} Since {_words(datetime.fromisoformat(since))}." for sentence, since in found]


def _words(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _read(data: Path, query: str) -> list[tuple]:
    file = data / "alerts.sqlite"
    if not file.exists():
        return []
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:  # written before there was a heartbeat
            return []
