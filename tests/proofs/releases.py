"""Warehouses as earlier releases wrote them: their own code, out of the history of this repository, run on a company.

`python -m tests.proofs.releases 6aa1efa 4 20 > tests/ingest/warehouse_of_layout_0.sql` writes the one that `make test`
brings up to date.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

REPOSITORY = Path(__file__).resolve().parents[2]
REMEMBERED = ("raw_salesforce", "raw_marketo", "raw_sources", "raw_published")  # the rest is replaced by each load
LEDGERS = (
    "int_builds_numbered",
    "int_corrections_remembered",
    "int_mismatches_seen",
    "int_person_ids_assigned",
    "int_records_remembered",
    "int_restatements_caused",
    "int_shares_published",
)


@dataclass(frozen=True)
class Release:
    """An earlier state of this repository, unpacked, with a company of its own and what it made of it."""

    code: Path
    company: Path
    data: Path

    @property
    def agreement(self) -> Path:
        """What it was told that both teams signed."""
        examples = self.code / "dbt_project" / "agreement" / "examples" / "salesforce-marketo"
        return examples if examples.exists() else self.code / "dbt_project" / "agreement"

    def call(self, *words: str) -> int:
        """`onefunnel` of that release; its exit code."""
        told = {
            "PYTHONPATH": str(self.code),
            "ONEFUNNEL_DATA": str(self.data),
            "ONEFUNNEL_SOURCES": str(self.company / "sources.yml"),
            "ONEFUNNEL_AGREEMENT": str(self.agreement),
        }
        command = [sys.executable, "-c", "from orchestration.cli import app; app()", *words]
        return subprocess.run(command, cwd=self.code, env=os.environ | told, stdout=sys.stderr, check=False).returncode


def release(commit: str, folder: Path, people: int, seed: int) -> Release:
    """That release after its first run on a company of its own; CalledProcessError where git has no such commit."""
    packed = folder / "code.tar"
    subprocess.run(
        ["git", "archive", "--output", packed, commit], cwd=REPOSITORY, check=True, stderr=subprocess.DEVNULL
    )
    with tarfile.open(packed) as tar:
        tar.extractall(folder / "code", filter="data")
    made = Release(folder / "code", folder / "company", folder / "data")
    assert made.call("world", "--people", str(people), "--seed", str(seed), "--out", str(made.company)) == 0
    assert made.call("run") in (0, 3)
    return made


def written(warehouse: Path) -> str:
    """A warehouse as SQL: every raw table and ledger, what was found good, and the rows that no load brings again."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        tables = con.execute(
            "select schema_name, table_name, sql from duckdb_tables() where starts_with(schema_name, 'raw_')"
            " or schema_name in ('evidence', 'marts') or list_contains(?, table_name) order by all",
            [list(LEDGERS)],
        ).fetchall()
        lines = [f"create schema {schema};" for schema in sorted({schema for schema, *_ in tables})]
        for schema, table, sql in tables:
            lines.append(sql)
            if (schema in REMEMBERED and table != "public_suffixes") or table in LEDGERS:
                lines += _rows(con, f'{schema}."{table}"')
    return "\n".join(lines) + "\n"


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    texts = con.execute(f"select columns(*)::varchar from {table} order by all").fetchall()
    rows = [", ".join("null" if text is None else "'" + text.replace("'", "''") + "'" for text in row) for row in texts]
    return [f"insert into {table} values"] + [f"({row})," for row in rows[:-1]] + [f"({rows[-1]});"] if rows else []


if __name__ == "__main__":
    commit, people, seed = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        print(written(release(commit, Path(folder), int(people), int(seed)).data / "warehouse.duckdb"), end="")
