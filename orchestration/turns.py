"""One run at a time per data dir: the second waits, then says who holds it.

The kernel ends the turn of a process that dies, so a kill leaves nothing to clean up.
"""

import fcntl
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


class TurnTaken(Exception):
    """Another run holds the data dir; the text says who and since when."""


@contextmanager
def turn(data: Path, patience_seconds: float, tell: Callable[[str], None] = lambda text: None) -> Iterator[None]:
    """Hold the data dir for one run; tells once that it waits, raises TurnTaken when patience ends."""
    data.mkdir(parents=True, exist_ok=True)
    with open(data / "run.lock", "a+") as lock:
        _wait(lock, data, patience_seconds, tell)
        lock.truncate(0)
        holder = {
            "pid": os.getpid(),
            "command": Path(sys.argv[0]).name,
            "since": datetime.now(UTC).isoformat("T", "seconds"),
        }
        lock.write(json.dumps(holder))
        lock.flush()
        yield


def is_free(data: Path) -> bool:
    """Whether nobody is running on this data dir right now."""
    try:
        with turn(data, 0):
            return True
    except TurnTaken:
        return False


def _wait(lock, data: Path, patience_seconds: float, tell: Callable[[str], None]) -> None:
    ends = time.monotonic() + patience_seconds
    told = False
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(lock)
        if not told:
            tell(f"Waiting for {holder}, which has {data} in use.")
            told = True
        if time.monotonic() >= ends:
            raise TurnTaken(
                f"{holder} has had {data} in use for all of the {patience_seconds:g} s that this run waited:"
                " wait for it, end it, or set ONEFUNNEL_DATA to another folder."
            )
        time.sleep(0.2)


def _holder(lock) -> str:
    lock.seek(0)
    try:
        held = json.loads(lock.read())
        return f"process {held['pid']} ({held['command']}, since {held['since']})"
    except (ValueError, KeyError):
        return "another process"
