"""F29: warehouses that the real earlier releases wrote, with their own code, under today's; and without a loss."""

import shutil
from subprocess import CalledProcessError

import duckdb
import pytest

from tests.flow.conftest import EXAMPLES, TIMES_OF_THE_RUN, Line
from tests.proofs.releases import LEDGERS, release

RELEASES = {"part 1": "7e71038", "part 2": "62486d7", "part 3": "6aa1efa"}
HISTORY = TIMES_OF_THE_RUN | {"last_seen_at", "changed_at"}


def sizes(line) -> dict[str, int]:
    """Rows of every table of a warehouse."""
    with duckdb.connect(str(line.warehouse), read_only=True) as con:
        tables = con.execute("select schema_name || '.\"' || table_name || '\"' from duckdb_tables()").fetchall()
        return {name: con.execute(f"select count(*) from {name}").fetchone()[0] for (name,) in tables}


@pytest.mark.parametrize("name", RELEASES)
def test_f29_a_warehouse_of_an_earlier_release_publishes_what_a_fresh_one_does_and_loses_nothing(
    name, tmp_path, manifest
):
    try:
        made = release(RELEASES[name], tmp_path, people=60, seed=1)
    except CalledProcessError:
        pytest.skip("the history of this repository is not here")
    agreed = made.agreement if name == "part 1" else EXAMPLES / "salesforce-marketo"
    sources = made.company / "sources.yml"
    upgraded, fresh = Line(tmp_path / "upgraded", sources, agreed), Line(tmp_path / "fresh", sources, agreed)
    shutil.copytree(made.data, upgraded.data, symlinks=True)  # `parquet` is one
    before = sizes(upgraded)
    assert upgraded.run() in (0, 3), upgraded.said
    assert fresh.run() in (0, 3), fresh.said
    assert upgraded.tables(without=HISTORY) == fresh.tables(without=HISTORY)
    after, of_today = sizes(upgraded), sizes(fresh)
    lost = {table for table, rows in before.items() if table.startswith("raw_") and after.get(table, 0) < rows}
    lost |= {table for table in LEDGERS if after[f'intermediate."{table}"'] < before.get(f'intermediate."{table}"', 0)}
    assert lost == set()
    assert set(after) == set(of_today)
    print(f"{name}: {len(before)} tables before, {len(after)} after; published tables equal, nothing lost")
