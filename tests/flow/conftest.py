"""The whole line as a person runs it: exports and an agreement go in, published tables come out."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from opened import opened
from typer.testing import CliRunner

from ingest import agreement, world
from ingest.settings import Settings
from ingest.systems.connected import LOADS
from orchestration.dbt import EXECUTABLE, PROJECT, workplace

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
EXAMPLES = Path(PROJECT.project_dir) / "agreement" / "examples"
TIMES_OF_THE_RUN = {"known_at", "first_seen_at", "published_at", "held_since"}


@dataclass
class Line:
    """One data dir and what is connected to it."""

    data: Path
    sources: Path
    agreement: Path
    said: str = ""

    def run(self, *words: str, **environment: str) -> int:
        """`onefunnel run` in this process; its exit code."""
        return self.call("run", *words, **environment)

    def call(self, *words: str, **environment: str) -> int:
        """`onefunnel` with these words, in this process; its exit code."""
        from orchestration.cli import app

        self.data.mkdir(parents=True, exist_ok=True)
        told = {
            "ONEFUNNEL_DATA": str(opened(self.data)),
            "ONEFUNNEL_SOURCES": str(self.sources),
            "ONEFUNNEL_AGREEMENT": str(self.agreement),
            **environment,
        }
        with pytest.MonkeyPatch.context() as patch:
            for name, value in told.items():
                patch.setenv(name, value)
            result = CliRunner().invoke(app, words)
        self.said = result.output
        return result.exit_code

    def load(self) -> None:
        """Load the agreement and every system, and nothing else."""
        settings = Settings(data=self.data, sources=self.sources, agreement=self.agreement)
        agreement.load(settings)
        for load in LOADS.values():
            load(settings)

    def build(self, *select: str) -> None:
        """Load and build the models alone, or those that are selected, without Dagster and without publishing."""
        self.load()
        target = str(workplace(self.data, "alone"))
        told = {"ONEFUNNEL_DATA": str(opened(self.data)), "DBT_TARGET_PATH": target, "DBT_LOG_PATH": target}
        command = [EXECUTABLE, "--quiet", "--log-level-file", "none", "run", "--profiles-dir", "."]
        command += ["--select", *select] if select else []
        done = subprocess.run(command, cwd=PROJECT.project_dir, env=os.environ | told, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    @property
    def warehouse(self) -> Path:
        """The working file."""
        return self.data / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """The file that BI tools read."""
        return self.data / "published" / "onefunnel.duckdb"

    def rows(self, query: str) -> list[tuple]:
        """What a BI tool would see; before anything was published, the marts and reports as they were built."""
        with self._opened() as con:
            return con.execute(query).fetchall()

    def tables(self, file: Path | None = None, without: set[str] = TIMES_OF_THE_RUN) -> dict[str, list[tuple]]:
        """Every table that is, or is to be, published, without the columns that only say when this run happened.

        Nor with the queue, which remembers what other runs have published, and the loads, which are those of other
        runs too. `file` is another published file.
        """
        with duckdb.connect(str(file), read_only=True) if file else self._opened() as con:
            named = (
                "select table_name from duckdb_tables() where schema_name in ('main', 'marts', 'reports')"
                " and table_name not in ('mismatch_incidents', 'loads') order by 1"
            )
            return {name: self._rows_to_compare(con, name, without) for (name,) in con.execute(named).fetchall()}

    def _opened(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect(str(self.published if self.published.exists() else self.warehouse), read_only=True)
        if not self.published.exists():
            con.execute("set search_path = 'marts,reports'")
        return con

    @staticmethod
    def _rows_to_compare(con: duckdb.DuckDBPyConnection, name: str, without: set[str]) -> list[tuple]:
        columns = [row[0] for row in con.execute(f'describe "{name}"').fetchall() if row[0] not in without]
        chosen = ", ".join(f'"{column}"' for column in columns)
        return [tuple(columns), *con.execute(f'select {chosen} from "{name}" order by all').fetchall()]


@pytest.fixture
def line(tmp_path, manifest):
    """A line on a data dir of its own: line(sources, agreement), or line(sources, pair=…) with that pair's example."""
    made = []

    def make(sources: Path, agreement: Path | None = None, pair: str = "salesforce-marketo") -> Line:
        made.append(Line(tmp_path / f"data{len(made)}", sources, agreement or EXAMPLES / pair))
        return made[-1]

    return make


@pytest.fixture(scope="session")
def company(tmp_path_factory):
    """The exports of a simulated company: company(people, seed, faults, pair), written once for each.

    Salesforce's and Marketo's as CSV, which a test may edit; HubSpot's nested records as JSON lines.
    """
    written = {}

    def write(people: int, seed: int, faults: dict[str, float] | None = None, pair="salesforce-marketo") -> Path:
        key = (people, seed, None if faults is None else tuple(sorted(faults.items())), pair)
        if key not in written:
            written[key] = tmp_path_factory.mktemp("company")
            world.write(written[key], people, seed, pair, faults, shape="jsonl" if "hubspot" in pair else "csv")
        return written[key]

    return write


@pytest.fixture
def own_copy(tmp_path):
    """A copy of a company's exports that a test may change."""

    def copy(company: Path, name: str = "company") -> Path:
        return Path(shutil.copytree(company, tmp_path / name))

    return copy


@pytest.fixture
def outside(tmp_path):
    """Data that nobody here made, mapped by a sources.yml and an agreement: outside(folder, systems, agreement)."""

    def write(folder: str, sources: str, agreement: str) -> tuple[Path, Path]:
        if not (SHARED / folder).exists():
            pytest.skip(f"shared/data/{folder} is not beside the repository")
        (tmp_path / "agreement").mkdir()
        (tmp_path / "agreement" / "v1.yml").write_text(agreement)
        (tmp_path / "sources.yml").write_text(sources.replace("EXPORTS", os.path.relpath(SHARED / folder, tmp_path)))
        return tmp_path / "sources.yml", tmp_path / "agreement"

    return write
