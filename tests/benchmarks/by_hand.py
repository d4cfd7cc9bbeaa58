"""The same marts as an expert would write them by hand for this company, in DuckDB: by_hand.sql, and who is one person.

`python by_hand.py WORLD OUT`: WORLD is a company of the pair salesforce-marketo, OUT a new DuckDB file. Nothing here is
part of the line, and nothing of the line is used.
"""

import re
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

MEMORY = "3GB"


def write(world: Path, out: Path) -> None:
    """Create every table of by_hand.sql in a new DuckDB file."""
    sql = (Path(__file__).parent / "by_hand.sql").read_text()
    sql = re.sub(r"\{(\w+/\w+)\}", lambda named: _files(world, named[1]), sql)
    before, after = sql.split("--- connect\n\n")
    out.unlink(missing_ok=True)
    with duckdb.connect(out, config={"memory_limit": MEMORY}) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(before)
        _connect(con)
        con.execute(after)


def _files(world: Path, name: str) -> str:
    files = sorted({*world.glob(f"{name}.parquet"), *world.glob(f"{name}-[0-9]*.parquet")})
    return f"read_parquet({[str(file) for file in files]})"


def _connect(con: duckdb.DuckDBPyConnection) -> None:
    links = con.execute("select a, b from links").fetchnumpy()
    count = con.execute("select count(*) from records").fetchone()[0] + 1
    graph = coo_array((np.ones(len(links["a"]), dtype=np.int8), (links["a"], links["b"])), shape=(count, count))
    person = connected_components(graph, directed=False)[1]
    con.register("clustered", pd.DataFrame({"record": np.arange(1, count), "person": person[1:]}))
    con.execute("create table clusters as select * from clustered")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
