"""A folder of one vendor's exports, a sources.yml over it and a warehouse: write, load, look."""

import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import yaml

from ingest.settings import Settings
from ingest.systems.connected import LOADS
from ingest.systems.loads import LoadError, LoadResult


class VendorExports:
    """One system, named and shaped as its kind; others can be connected beside it."""

    def __init__(self, folder: Path, kind: str):
        self.folder, self.kind, self.path = folder, kind, folder / kind
        self.path.mkdir()
        self.systems = []
        self.connect()

    def connect(self, **options) -> "VendorExports":
        """Connect the system, or with another `name` one more; what is said of it now replaces what was said before."""
        role = "crm" if self.kind == "salesforce" else "map"
        system = {"name": self.kind, "kind": self.kind, "role": role, "path": self.kind, **options}
        self.systems = [one for one in self.systems if one["name"] != system["name"]] + [system]
        (self.folder / "sources.yml").write_text(yaml.safe_dump({"systems": self.systems}))
        return self

    def write(self, name: str, content: str | bytes) -> Path:
        """Write one file as it is given."""
        file = self.path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def parquet(self, name: str, query: str) -> None:
        """Write the result of a query as Parquet."""
        duckdb.execute(f"copy ({query}) to '{self.path / name}'")

    def jsonl(self, name: str, *records: dict) -> None:
        """Write one JSON object a line."""
        self.write(name, "".join(json.dumps(record) + "\n" for record in records))

    def settings(self, day: int = 1) -> Settings:
        """Settings over this folder, on a day of January 2025."""
        now = datetime.fromisoformat(f"2025-01-{day:02}T00:00:00+00:00")
        return Settings(data=self.folder / "data", sources=self.folder / "sources.yml", now=now, lock_wait_seconds=1)

    def load(self, day: int = 1) -> LoadResult:
        """Load every system of the kind."""
        return LOADS[self.kind](self.settings(day))

    def stopped(self, day: int = 2) -> LoadError:
        """Load, and be stopped."""
        with pytest.raises(LoadError) as caught:
            self.load(day)
        return caught.value

    def rows(self, query: str) -> list[tuple]:
        """What the warehouse holds; the vendor's schema is the default one."""
        with duckdb.connect(self.folder / "data" / "warehouse.duckdb") as con:
            con.execute(f"use raw_{self.kind}")
            return con.execute(query).fetchall()
