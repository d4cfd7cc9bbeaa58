"""A system that is asked by its API, a stand-in behind it, and what the same company's files would land: the truth.

The truth goes another way: the tables of the stand-in's company are written as Parquet and loaded as exports.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import yaml
from stand_ins.serving import serving

from ingest import world
from ingest.settings import Settings
from ingest.systems.connected import LOADS
from ingest.systems.kinds import KINDS
from ingest.systems.loads import LoadError, LoadResult

BESIDE = ("loaded_at", "content_hash", "extra")  # extra: a file holds also what nobody asked for


class Asked:
    """One vendor's system by its API. `vendor`: the stand-in, over the folder that `company` wrote."""

    def __init__(self, folder: Path, written: Path, vendor):
        self.folder, self.vendor, self.kind = folder, vendor, type(vendor).__name__.lower()
        systems = yaml.safe_load((written / "sources.yml").read_text())["systems"]
        (self.system,) = [one for one in systems if one["kind"] == self.kind]
        self.data = folder / "data"
        self.connect()

    def connect(self, **options) -> None:
        """Write sources.yml: by its API, with what else is said."""
        by_api = {key: value for key, value in self.system.items() if key != "path"} | options
        (self.folder / "sources.yml").write_text(yaml.safe_dump({"systems": [by_api]}))

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        """The vendor's API is there, and the environment holds the credentials."""
        with serving(self.vendor.application) as address:
            credentials = self.vendor.credentials(address)
            os.environ |= credentials
            try:
                yield address
            finally:
                for name in credentials:
                    os.environ.pop(name, None)

    def settings(self, hours: float = 0) -> Settings:
        """Settings of a load some hours after the first."""
        now = world.ENDS_AT + timedelta(days=1, hours=hours)
        return Settings(data=self.data, sources=self.folder / "sources.yml", now=now, lock_wait_seconds=1)

    def load(self, hours: float = 0) -> LoadResult:
        """Ask for what is new, and land it."""
        return LOADS[self.kind](self.settings(hours))

    def stopped(self, hours: float = 0) -> LoadError:
        """Load, and be stopped."""
        try:
            self.load(hours)
        except LoadError as error:
            return error
        raise AssertionError("the load was not stopped")

    def rows(self, query: str) -> list[tuple]:
        """What the warehouse holds; the vendor's schema is the default one."""
        return _rows(self.data, self.kind, query)

    def held(self) -> dict[str, set[tuple]]:
        """Raw table → the latest version of every record."""
        return _held(self.data, self.kind)

    def truth(self) -> dict[str, set[tuple]]:
        """The same for the company as it stands now, from files."""
        exported, data = self.folder / "exported", self.folder / "truth"
        for folder in (exported, data):
            shutil.rmtree(folder, ignore_errors=True)
        exported.mkdir()
        for name in self.vendor.world.objects:
            self.vendor.world.execute(f"""copy "{name}" to '{exported / name}.parquet' (format parquet)""")
        sources = self.folder / "truth.yml"
        sources.write_text(yaml.safe_dump({"systems": [self.system | {"path": str(exported)}]}))
        LOADS[self.kind](Settings(data=data, sources=sources, now=datetime.fromisoformat("2026-05-01T00:00:00Z")))
        return _held(data, self.kind)

    def differences(self) -> dict[str, tuple[int, int]]:
        """Raw table → rows that only the API brought, rows that only the truth has; {} when all is equal."""
        held, truth = self.held(), self.truth()
        found = {name: (held[name] - truth[name], truth[name] - held[name]) for name in truth}
        return {
            name: (sorted(map(str, more))[:2], sorted(map(str, less))[:2], len(more), len(less))
            for name, (more, less) in found.items()
            if more or less
        }


def _held(data: Path, kind: str) -> dict[str, set[tuple]]:
    held = {}
    for table in KINDS[kind].tables.values():
        key = ", ".join(f'"{column}"' for column in table.key)
        asked = ", ".join(f'"{column}"' for column in table.raw_columns if column not in BESIDE)
        latest = f"qualify row_number() over (partition by {key} order by loaded_at desc) = 1"
        held[table.name] = set(_rows(data, kind, f'select {asked} from "{table.name}" {latest}'))
    return held


def _rows(data: Path, kind: str, query: str) -> list[tuple]:
    with duckdb.connect(data / "warehouse.duckdb") as con:
        con.execute(f"use raw_{kind}")
        return con.execute(query).fetchall()
