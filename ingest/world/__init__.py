"""A simulated company: its CRM, its MAP, the sync between them, and the truth about everybody. Same seed, same bytes.

`write` makes a world of any size in its vendors' own shapes, with a sources.yml that connects them. It knows nothing of
the line that reads them, and nothing here loops over people.

  people → journeys → committees, touches → faults    what happens (history.py puts it in order)
  records → salesforce, marketo, hubspot              what the systems know of it, copied by the engines of sync
  truth                                               what only the world knows
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest.world import history, hubspot, marketo, records, salesforce, truth
from ingest.world.journeys import STAGES
from ingest.world.sync import ENGINES

ENDS_AT = datetime(2026, 3, 31, 22, tzinfo=UTC)  # midnight in Berlin
MONTH = 2_629_746  # seconds
PAIRS = {
    "salesforce-marketo": (salesforce, marketo),
    "salesforce-hubspot": (salesforce, hubspot),
    "hubspot": (hubspot,),
}
FORMATS = {
    "parquet": "format parquet, compression zstd, row_group_size 122880",
    "csv": "format csv, header",
    "jsonl": "format json",
}


@dataclass(frozen=True)
class WorldSummary:
    """What was written: rows of every object, and the planted mismatches that stand open at the end, by cause."""

    out: Path
    people: int
    seed: int
    ends_at: datetime
    rows: dict[str, int]
    open_mismatches: dict[str, int]


def write(
    out: Path,
    people: int,
    seed: int,
    pair: str = "salesforce-marketo",
    faults: dict[str, float] | None = None,
    ends_at: datetime = ENDS_AT,
    months: int = 18,
    shape: str = "parquet",
) -> WorldSummary:
    """Write a folder per system, truth/ and sources.yml under `out`.

    `faults`: rate by name, {} none, None the sample's. `shape`: parquet, csv or jsonl. A world of more than 100,000
    people is written in parts.
    """
    if pair not in ENGINES:
        raise ValueError(f"no such pair: {pair}; there are {', '.join(ENGINES)}")
    end = int(ends_at.timestamp())
    rows, mismatches = Counter(), Counter()
    blocks = -(-people // history.BLOCK)
    for block in range(blocks):
        count = min(history.BLOCK, people - block * history.BLOCK)
        part = f"-{block + 1:04d}" if blocks > 1 else ""
        with duckdb.connect() as con:
            con.execute("set enable_progress_bar = false")
            history.happen(con, count, seed, faults, end - months * MONTH, end, pair, block)
            records.lay_out(con, end - months * MONTH, end, pair, block)
            for folder, object, query, is_of_all in _exports(con, pair):
                if block and is_of_all:
                    continue
                if block == 0:
                    _clear(out / folder, object)
                name = object if is_of_all else object + part
                file = out / folder / f"{name}.{shape if folder != 'truth' else 'parquet'}"
                rows[f"{folder}/{object}"] += _copy(con, query, file)
            planted = f"select cause, count(*) from ({truth.FAULTS}) where is_open group by 1"
            mismatches.update(dict(con.execute(planted).fetchall()))
    _note_extractions(out, rows, ends_at)
    (out / "sources.yml").write_bytes((Path(__file__).parent / "sources" / f"{pair}.yml").read_bytes())
    return WorldSummary(out, people, seed, ends_at, dict(rows), dict(mismatches))


def rates(pair: str) -> dict[str, float]:
    """The faults of the sample, and the rate of each."""
    return dict(history.PLANTERS[pair].RATES)


def _exports(con: duckdb.DuckDBPyConnection, pair: str):
    """(folder, object, query, whether it is the company's and not of people) of all that there is to write."""
    for system in PAIRS[pair]:
        for object, query in system.exports(con, pair).items():
            yield system.__name__.rpartition(".")[2], object, query, object in system.OF_ALL
    for table, query in truth.exports(con, STAGES, pair).items():
        yield "truth", table, query, False


def _clear(folder: Path, object: str) -> None:
    """Remove an object of an earlier world, which may have had other parts or another shape."""
    for shape in FORMATS:
        for pattern in (f"{object}.{shape}", f"{object}-[0-9][0-9][0-9][0-9].{shape}"):
            for file in folder.glob(pattern):
                file.unlink()


def _copy(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> int:
    """Write a query's rows; how many."""
    file.parent.mkdir(parents=True, exist_ok=True)
    target = str(file).replace("'", "''")
    return con.execute(f"copy ({query}) to '{target}' ({FORMATS[file.suffix[1:]]})").fetchone()[0]


def _note_extractions(out: Path, rows: dict[str, int], ends_at: datetime) -> None:
    """Beside each system's objects, what an extractor would have noted: everything, up to the world's end."""
    noted: dict[str, list[tuple]] = {}
    for name, count in rows.items():
        folder, object = name.split("/")
        noted.setdefault(folder, []).append((object, ends_at.replace(tzinfo=None), count))
    noted.pop("truth")
    with duckdb.connect() as con:
        for folder, extractions in noted.items():
            con.execute(
                "create or replace table noted (object varchar, complete_through timestamp, rows_at_source bigint)"
            )
            con.executemany("insert into noted values (?, ?, ?)", extractions)
            _copy(con, "from noted order by object", out / folder / "extractions.parquet")
