"""The simulated company behind a stand-in: one table per object of a vendor's folder, which a test may change.

The tables are the truth of what a load should land; the clock is the vendor's, and stands still unless it is moved.
"""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from ingest.world import ENDS_AT


class World:
    """What one vendor holds. Queries go through `rows` and `execute`, one at a time."""

    def __init__(self, folder: Path, now: datetime = ENDS_AT):
        self.now = now
        self._lock = threading.RLock()
        self._con = duckdb.connect()
        self._con.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        self.objects: tuple[str, ...] = ()
        for name in sorted({file.stem.partition("-0")[0] for file in folder.glob("*.parquet")} - {"extractions"}):
            files = [
                str(file) for file in (folder / f"{name}.parquet", *folder.glob(f"{name}-0*.parquet")) if file.exists()
            ]
            self._con.execute(f'create table "{name}" as from read_parquet($1)', [files])
            self.objects += (name,)

    def execute(self, query: str, *values: object) -> None:
        """Change something."""
        with self._lock:
            self._con.execute(query, list(values))

    def rows(self, query: str, *values: object) -> list[tuple]:
        """The rows of a query."""
        with self._lock:
            return self._con.execute(query, list(values)).fetchall()

    def records(self, query: str, *values: object) -> list[dict]:
        """The rows of a query, by column."""
        with self._lock:
            found = self._con.execute(query, list(values))
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def passes(self, **time: float) -> datetime:
        """The vendor's clock goes on; what it shows then."""
        self.now += timedelta(**time)
        return self.now
