"""One file → a temp table of its records as text: `record_number` (from 1) and c0, c1, … for the wanted columns.

DuckDB's readers do the reading. What they cannot read goes into `read_rejected` by `Unreadable`; what a text means is
the business of `columns`.
"""

import csv
import gzip
from dataclasses import dataclass
from glob import escape
from io import StringIO
from pathlib import Path

import duckdb
import pyarrow.parquet

from ingest.sources import nearest
from ingest.systems.files.exports import Export
from ingest.systems.files.quotes import line_of_open_quote
from ingest.systems.files.sql import literal

CHUNK = 1 << 20
# A case, because json_type raises where json_valid is false, and only a case keeps the two in order.
IS_OBJECT = "trim(line) <> '' and case when json_valid(line) then json_type(line) = 'OBJECT' else false end"
REASONS = {
    "MISSING COLUMNS": "fewer columns than the header",
    "TOO MANY COLUMNS": "more columns than the header",
    "UNQUOTED VALUE": "a quote that is not closed or not doubled",
    "INVALID ENCODING": "not UTF-8",
    "LINE SIZE OVER MAXIMUM": "longer than 2 MB",
}


class Unfit(Exception):
    """A file whose shape does not fit its mapping: (column or None, what would be right) for each fault."""

    def __init__(self, *faults: tuple[str | None, str]):
        self.faults = faults
        super().__init__(str(faults))


@dataclass(frozen=True)
class Reader:
    """Reads files into the connection's temp tables; `scratch` is a folder for copies."""

    con: duckdb.DuckDBPyConnection
    scratch: Path

    def read(self, export: Export, relation: str, wanted: list[str], delimiter: str) -> None:
        """Create temp table `relation` from one file, and `relation`_unread (record_number, value, reason)."""
        by_format = {"csv": self._csv, "jsonl": self._jsonl, "parquet": self._parquet}
        try:
            by_format[export.format](export, relation, wanted, delimiter)
        except (duckdb.Error, OSError, EOFError, pyarrow.ArrowException) as error:
            if isinstance(error, duckdb.Error) and not isinstance(
                error, (duckdb.IOException, duckdb.InvalidInputException)
            ):
                raise
            first = str(error).splitlines()[0]
            raise Unfit((None, f"cannot be read as {export.format}: {first}")) from error

    def _csv(self, export: Export, relation: str, wanted: list[str], delimiter: str) -> None:
        path = self._with_one_line_end(export)
        if (line := line_of_open_quote(path, delimiter)) is not None:
            raise Unfit(
                (None, f"a quote opens in line {line} and does not close before another value: double it or close it")
            )
        header = _header(path, delimiter)
        places = [header.index(name) for name in _present(wanted, header)]
        shape = ", ".join(f"'h{i}': 'VARCHAR'" for i in range(len(header)))
        self._lines(
            relation,
            path,
            f"columns = {{{shape}}}, header = true, delim = {literal(delimiter)}, quote = '\"', escape = '\"'",
        )
        chosen = "".join(f", h{place} as c{i}" for i, place in enumerate(places))
        self.con.execute(f"create temp table {relation} as select record_number{chosen} from {relation}_lines")
        self.con.execute(f"drop table {relation}_lines")
        self._number_past_rejects(relation, header_lines=1)

    def _jsonl(self, export: Export, relation: str, wanted: list[str], delimiter: str) -> None:
        path = self._with_one_line_end(export)
        # chr(1) is no legal character of a JSON text, so no good line is ever split by it.
        self._lines(
            relation, path, "columns = {'line': 'VARCHAR'}, header = false, delim = '\x01', quote = '', escape = ''"
        )
        self._number_past_rejects(f"{relation}_lines", header_lines=0, unread=relation)
        self.con.execute(
            f"insert into {relation}_unread select record_number, left(line, 1000), 'not a JSON object'"
            f" from {relation}_lines where trim(line) <> '' and not ({IS_OBJECT})"
        )
        pointers = ["/" + name.replace("~", "~0").replace("/", "~1") for name in wanted]
        texts = f"json_extract_string(line, [{', '.join(map(literal, pointers))}])" if wanted else "null"
        chosen = "".join(f", texts[{i + 1}] as c{i}" for i in range(len(wanted)))
        self.con.execute(
            f"create temp table {relation} as select record_number{chosen} from"
            f" (select record_number, {texts} as texts from {relation}_lines where {IS_OBJECT})"
        )
        self._expect_keys(relation, wanted, pointers)
        self.con.execute(f"drop table {relation}_lines")

    def _parquet(self, export: Export, relation: str, wanted: list[str], delimiter: str) -> None:
        header = pyarrow.parquet.read_schema(export.path).names
        places = [header.index(name) for name in _present(wanted, header)]
        names = ", ".join(f"h{i}" for i in range(len(header)))
        chosen = "".join(f", h{place}::varchar as c{i}" for i, place in enumerate(places))
        self.con.execute(
            f"create temp table {relation} as select row_number() over () as record_number{chosen}"
            f" from read_parquet({literal(escape(str(export.path)))}) as file({names})"
        )
        self._create_unread(relation)

    def _create_unread(self, relation: str) -> None:
        self.con.execute(f"create temp table {relation}_unread (record_number bigint, value varchar, reason varchar)")

    def _lines(self, relation: str, path: Path, dialect: str) -> None:
        """The records of a text file, and beside them those that do not fit the dialect."""
        self.con.execute(
            f"create temp table {relation}_lines as select row_number() over () as record_number, *"
            f" from read_csv({literal(escape(str(path)))}, {dialect}, auto_detect = false, strict_mode = true,"
            f" store_rejects = true, rejects_table = '{relation}_rejects', rejects_scan = '{relation}_scans')"
        )
        self._create_unread(relation)
        reason = " ".join(f"when {literal(kind)} then {literal(text)}" for kind, text in REASONS.items())
        self.con.execute(
            f"insert into {relation}_unread select line, left(ltrim(min(csv_line), e'\\r\\n'), 1000),"
            f" case min(error_type::varchar) {reason} else lower(min(error_type::varchar)) end"
            f" from {relation}_rejects group by line"
        )
        self.con.execute(f"drop table {relation}_rejects; drop table {relation}_scans")

    def _number_past_rejects(self, relation: str, header_lines: int, unread: str | None = None) -> None:
        """DuckDB numbers the good records only; its rejects say which numbers in between belong to bad ones."""
        unread = f"{unread or relation}_unread"
        self.con.execute(f"update {unread} set record_number = record_number - {header_lines}")
        if self.con.execute(f"select count(*) from {unread}").fetchone()[0] == 0:
            return
        self.con.execute(
            f"update {relation} set record_number = good.record_number + skipped from ("
            f" select good.record_number, bad.skipped from {relation} as good asof join ("
            f" select max(nth) as skipped, good_before from (select nth, record_number - nth as good_before from"
            f" (select record_number, row_number() over (order by record_number) as nth from {unread}))"
            f" group by good_before) as bad on good.record_number > bad.good_before) as good"
            f" where {relation}.record_number = good.record_number"
        )

    def _expect_keys(self, relation: str, wanted: list[str], pointers: list[str]) -> None:
        """A key that no line has is a missing column; one that some lines lack is only empty there."""
        for i, name in enumerate(wanted):
            rows, known = self.con.execute(f"select count(*), count(c{i}) from {relation}").fetchone()
            if not rows or known:
                continue
            there = f"from {relation}_lines where {IS_OBJECT}"
            if not self.con.execute(f"select bool_or(json_exists(line, {literal(pointers[i])})) {there}").fetchone()[0]:
                keys = self.con.execute(
                    f"select distinct unnest(json_keys(line)) {there} order by 1 limit 100"
                ).fetchall()
                raise Unfit((name, f"is in no line{nearest(name, [key for (key,) in keys])}"))

    def _with_one_line_end(self, export: Export) -> Path:
        """The file, or a plain copy with \\n throughout: strict mode needs one line end, lenient mode loses rows."""
        ends, has_quotes = _scan(export)
        if len(ends) < 2 and not (export.is_gzip and has_quotes):
            return export.path
        copy = self.scratch / f"copy_{len(list(self.scratch.iterdir()))}.txt"
        with copy.open("wb") as out:
            for chunk in _chunks(export):
                out.write(chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        return copy


def _open(path: Path):
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")


def _chunks(export: Export):
    """The file's bytes; never cut between \\r and \\n."""
    with _open(export.path) as file:
        while chunk := file.read(CHUNK):
            while chunk.endswith(b"\r") and (following := file.read(1)):
                chunk += following
            yield chunk


def _scan(export: Export) -> tuple[set[str], bool]:
    """The kinds of line end, and whether there is a quote at all."""
    ends, has_quotes = set(), False
    for chunk in _chunks(export):
        both = chunk.count(b"\r\n")
        ends |= {"crlf"} if both else set()
        ends |= {"lf"} if chunk.count(b"\n") > both else set()
        ends |= {"cr"} if chunk.count(b"\r") > both else set()
        has_quotes = has_quotes or b'"' in chunk
    return ends, has_quotes


def _header(path: Path, delimiter: str) -> list[str]:
    with _open(path) as file:
        start = file.read(CHUNK)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unfit((None, "is UTF-16: export it as UTF-8"))
    text = start.decode("utf-8-sig", errors="replace")
    header = next(csv.reader(StringIO(text, newline=""), delimiter=delimiter), None)
    if not header:
        raise Unfit((None, "is empty: a header with the names of the columns is needed"))
    return header


def _present(wanted: list[str], header: list[str]) -> list[str]:
    """The wanted names, if each is in the header exactly once."""
    faults = [(name, f"is missing{nearest(name, header)}") for name in wanted if name not in header]
    faults += [(name, "stands twice in the header") for name in wanted if header.count(name) > 1]
    if faults:
        raise Unfit(*faults)
    return wanted
