"""Answers of a vendor → Parquet in the spool, many records at a time. No record is ever a Python object here.

Values stay texts, as the vendor writes them; their types are the business of `ingest.systems.vendors`.
"""

from pathlib import Path

import duckdb

from ingest.systems.connectors.failures import ConnectorError, Trouble
from ingest.systems.connectors.spool import Pull
from ingest.systems.files.sql import identifier, literal

TEXT, JSON = "VARCHAR", "JSON"
LARGEST_PAGE = 1 << 28  # bytes
PAGES = "pages.jsonl"
GONE = "gone-"


def struct(fields: dict[str, str]) -> str:
    """The type of a record: name → type."""
    return f"STRUCT({', '.join(f'{identifier(name)} {kind}' for name, kind in fields.items())})"


class Pages:
    """Whole answers on their way into chunks: added one by one, written together."""

    def __init__(self, pull: Pull):
        self.file, self.bytes, self.pages = pull.folder / PAGES, 0, 0
        self._written = self.file.open("wb")

    def add(self, body: bytes) -> None:
        """One answer as it came: JSON, in which a line break can only stand between values."""
        self._written.write(body.replace(b"\r", b" ").replace(b"\n", b" "))
        self._written.write(b"\n")
        self.bytes += len(body)
        self.pages += 1

    def close(self) -> Path:
        """The file, complete."""
        self._written.close()
        return self.file


def records(pages: Path, path: str, fields: dict[str, str]) -> str:
    """SELECT of the records that a list of each page holds, by its dotted path, with just these columns."""
    first, *rest = path.split(".")
    kind = f"{struct(fields)}[]"
    for name in reversed(rest):
        kind = struct({name: kind})
    held = ".".join(identifier(name) for name in (first, *rest))
    return (
        f"select unnest(record) from (select unnest({held}) as record from read_json({literal(str(pages))},"
        f" format = 'newline_delimited', maximum_object_size = {LARGEST_PAGE},"
        f" columns = {{{identifier(first)}: {literal(kind)}}}))"
    )


def csv(file: Path, fields: list[str], nulls: str = "") -> str:
    """SELECT of the records of a CSV with a head, which must name just these columns, in any order."""
    return (
        f"select {', '.join(identifier(name) for name in fields)} from read_csv({literal(str(file))}, header = true,"
        f" all_varchar = true, delim = ',', quote = '\"', escape = '\"', nullstr = {literal(nulls)},"
        f" strict_mode = true, max_line_size = {LARGEST_PAGE}, parallel = false)"
    )


def write(con: duckdb.DuckDBPyConnection, pull: Pull, origin: str, select: str) -> int:
    """One chunk of what a query selects, within a step of the pull; how many rows. Raises ConnectorError."""
    file = pull.next_file(origin)
    target = f"copy ({select}) to {literal(str(file))} (format parquet, compression zstd)"
    try:
        rows = con.execute(target).fetchone()[0]
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.BinderException) as error:
        reason = str(error).splitlines()[0].split("'")[0]  # what follows may quote a record
        raise ConnectorError(Trouble.SHAPE, f"{pull.object}: an answer that cannot be read: {reason}") from None
    pull.add(origin, file, rows)
    return rows


def write_gone(con: duckdb.DuckDBPyConnection, pull: Pull, origin: str, select: str) -> int:
    """A chunk of tombstones within a step: the ids of records that are gone, and when, if that is known."""
    return write(con, pull, GONE + origin, f"select * from ({select}) as gone(id, gone_at)")


def distinct(con: duckdb.DuckDBPyConnection, files: list[Path], key: list[str]) -> int:
    """How many different keys some chunks hold."""
    if not files:
        return 0
    listed = ", ".join(literal(str(file)) for file in files)
    keys = ", ".join(map(identifier, key))
    return con.execute(f"select count(*) from (select distinct {keys} from read_parquet([{listed}]))").fetchone()[0]
