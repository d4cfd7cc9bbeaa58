"""`make demo-api`: the line once more, from the vendors' APIs instead of from files; both must publish equal tables.

python -m stand_ins.demo SAMPLE DATA: the sample company's folder, the data dir in which `make demo` has published it.
What comes by API lives in DATA/api, which is made anew.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import yaml

from stand_ins import hubspot, marketo, salesforce
from stand_ins.serving import serving

STAND_INS = {"salesforce": salesforce.Salesforce, "marketo": marketo.Marketo, "hubspot": hubspot.HubSpot}
TIMES = ("known_at", "first_seen_at", "published_at", "held_since")  # published.md: of the run, not of the company
WAYS = ("extraction_windows",)  # of how the company was asked: a file has none
ONEFUNNEL = Path(sys.executable).with_name("onefunnel")


def main(sample: Path, data: Path) -> int:
    """0 when both publish the same."""
    by_files, by_api = data / "published" / "onefunnel.duckdb", data / "api"
    shutil.rmtree(by_api, ignore_errors=True)
    by_api.mkdir(parents=True)
    systems = yaml.safe_load((sample / "sources.yml").read_text())["systems"]
    with contextlib.ExitStack() as stack:
        environment, stand_ins = dict(os.environ), {}
        for system in systems:
            stand_in = stand_ins[system["name"]] = STAND_INS[system["kind"]](sample / system.pop("path"))
            address = stack.enter_context(serving(stand_in.application))
            environment |= stand_in.credentials(address)
            print(f"{system['name']}: a stand-in for its API at {address}")
        (by_api / "sources.yml").write_text(yaml.safe_dump({"systems": systems}, sort_keys=False))
        environment |= {"ONEFUNNEL_DATA": str(by_api), "ONEFUNNEL_SOURCES": str(by_api / "sources.yml")}
        environment |= {"ONEFUNNEL_NOW": _loaded_at(by_files), "DAGSTER_HOME": str(by_api / "dagster")}
        ended = subprocess.run([ONEFUNNEL, "run"], env=environment)
        for name, stand_in in stand_ins.items():
            print(f"{name}: {len(stand_in.calls.made)} calls")
    if ended.returncode not in (0, 3):  # 3: a report is held, as it is in the demo
        return ended.returncode
    different, tables = differences(by_files, by_api / "published" / "onefunnel.duckdb")
    if different:
        print("Not equal. Rows that only the files gave, rows that only the APIs gave:")
        print("\n".join(f"  {table}: {more}, {less}" for table, (more, less) in different.items()))
        return 1
    but = ", ".join((*TIMES, *WAYS))
    print(f"Equal: all {tables} other tables, whether they came from files or by API; but for {but}.")
    return 0


def differences(one: Path, other: Path) -> tuple[dict[str, tuple[int, int]], int]:
    """Table → rows that only the one has, and only the other; and how many tables there are."""
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only)")
        con.execute(f"attach '{other}' as other (read_only)")
        listed = "select table_name, list(column_name order by column_name) from duckdb_columns()"
        listed += " where database_name = $1 and not internal and not list_contains($2, table_name) group by 1"
        here, there = (dict(con.execute(listed, [name, WAYS]).fetchall()) for name in ("one", "other"))
        found = {name: (-1, -1) for name in here.keys() ^ there.keys()}
        for table in here.keys() & there.keys():
            columns = ", ".join(f'"{column}"' for column in here[table] if column not in TIMES)
            count = "select count(*) from (select {c} from {a}.{t} except all select {c} from {b}.{t})"
            more, less = (
                con.execute(count.format(c=columns, a=a, b=b, t=f'"{table}"')).fetchone()[0]
                for a, b in (("one", "other"), ("other", "one"))
            )
            if more or less:
                found[table] = (more, less)
    return found, len(here)


def _loaded_at(published: Path) -> str:
    """When the files were loaded: the load by API happens at the same moment, so that what follows from it is equal."""
    with duckdb.connect(str(published), read_only=True) as con:
        return con.execute("select max(loaded_at) from loads").fetchone()[0].isoformat()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
