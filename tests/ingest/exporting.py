"""A folder of exports, a sources.yml over it and a warehouse, so that a test reads as: write, connect, load, look."""

import gzip
from datetime import datetime
from pathlib import Path

import duckdb
import yaml

from ingest.settings import Settings
from ingest.systems import files
from ingest.systems.loads import LoadResult

PERSON = {"record_id": "Id", "object": {"value": "lead"}}


class Exports:
    """One system, `crm`, with its exports in a folder of their own."""

    def __init__(self, folder: Path):
        self.folder, self.path = folder, folder / "exports"
        self.path.mkdir()
        self.systems = []

    def write(self, name: str, content: str | bytes) -> Path:
        """Write one export, as it is given: no line end is touched; a name in .gz is compressed."""
        data = content.encode() if isinstance(content, str) else content
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return file

    def connect(self, tables: dict, name: str = "crm", **options) -> "Exports":
        """Connect one more system over the folder."""
        system = {"name": name, "kind": "files", "role": "crm", "path": "exports", "tables": tables, **options}
        self.systems.append(system)
        (self.folder / "sources.yml").write_text(yaml.safe_dump({"systems": self.systems}, sort_keys=False))
        return self

    def people(self, columns: dict | None = None, file: str = "*.csv", **mapping) -> "Exports":
        """Connect `crm` with people only: `Id` is the record id, everyone is a lead."""
        options = {key: mapping.pop(key) for key in ("timezone", "bad_rows_at_most", "name") if key in mapping}
        return self.connect({"people": {"file": file, "columns": PERSON | (columns or {}), **mapping}}, **options)

    def settings(self, now: str = "2025-01-01T00:00:00+00:00") -> Settings:
        """Settings over this folder with a fixed clock."""
        return Settings(
            data=self.folder / "data",
            sources=self.folder / "sources.yml",
            now=datetime.fromisoformat(now),
            lock_wait_seconds=1,
        )

    def load(self, now: str = "2025-01-01T00:00:00+00:00") -> LoadResult:
        """Load everything at a fixed moment."""
        return files.load(self.settings(now))

    def rows(self, query: str, *parameters) -> list[tuple]:
        """What the warehouse holds."""
        with duckdb.connect(self.folder / "data" / "warehouse.duckdb") as con:
            return con.execute(query, parameters).fetchall()
