"""One file → temp table `lines`: `record_number` (from 1), then as text c0, c1, … for the wanted columns.

Beside it `lines_unread`, for what DuckDB's readers cannot read: record_number, value, reason. What a text means is the
business of `columns`.
"""

from glob import escape
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet

from ingest.sources import nearest
from ingest.systems.files.sql import literal
from ingest.systems.files.texts import BAD_QUOTE, Unfit, header_of, places_of, readable, without_bad_quotes
from ingest.systems.loads import Export

REASONS = {
    "MISSING COLUMNS": "fewer columns than the header",
    "TOO MANY COLUMNS": "more columns than the header",
    "UNQUOTED VALUE": "a quote that is not closed or not doubled",
    "INVALID ENCODING": "not UTF-8",
    "LINE SIZE OVER MAXIMUM": "longer than 2 MB",
}
# A case, because json_type raises where json_valid is false, and only a case keeps the two in order.
IS_OBJECT = "case when json_valid(line) then json_type(line) = 'OBJECT' else false end"


def read_lines(
    con: duckdb.DuckDBPyConnection, export: Export, wanted: list[str], delimiter: str, scratch: Path
) -> None:
    """Create `lines` and `lines_unread` from one file; raises Unfit if the file does not fit its mapping."""
    drop_lines(con)
    con.execute("create temp table lines_unread (record_number bigint, value varchar, reason varchar)")
    try:
        if export.format == "parquet":
            _read_parquet(con, export, wanted)
        elif export.format == "jsonl":
            _read_jsonl(con, readable(export, scratch), wanted)
        else:
            _read_csv(con, readable(export, scratch), wanted, delimiter, scratch)
    except (duckdb.IOException, duckdb.InvalidInputException, OSError, EOFError, pyarrow.ArrowException) as error:
        raise Unfit((None, f"cannot be read as {export.format}: {str(error).splitlines()[0]}")) from error


def drop_lines(con: duckdb.DuckDBPyConnection) -> None:
    """Forget the file read last."""
    for name in ("lines", "lines_unread", "lines_json", "lines_rejects", "lines_scans"):
        con.execute(f"drop table if exists temp.{name}")


def _read_csv(con: duckdb.DuckDBPyConnection, path: Path, wanted: list[str], delimiter: str, scratch: Path) -> None:
    header = header_of(path, delimiter)
    places = places_of(wanted, header)
    path = without_bad_quotes(path, delimiter, len(header), scratch)
    shape = ", ".join(f"'h{i}': 'VARCHAR'" for i in range(len(header)))
    dialect = f"columns = {{{shape}}}, header = true, delim = {literal(delimiter)}, quote = '\"', escape = '\"'"
    _read_text(con, path, "lines", [f"h{place} as c{i}" for i, place in enumerate(places)], dialect, header_lines=1)


def read_json_lines(con: duckdb.DuckDBPyConnection, export: Export, scratch: Path) -> None:
    """Create `lines_json` (record_number, line) and `lines_unread` from a file with one JSON object a line."""
    drop_lines(con)
    con.execute("create temp table lines_unread (record_number bigint, value varchar, reason varchar)")
    try:
        _read_json_lines(con, readable(export, scratch))
    except (duckdb.IOException, duckdb.InvalidInputException, OSError, EOFError) as error:
        raise Unfit((None, f"cannot be read as {export.format}: {str(error).splitlines()[0]}")) from error


def _read_json_lines(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    # chr(1) is no legal character of a JSON text, so no good line is ever split by it.
    dialect = "columns = {'line': 'VARCHAR'}, header = false, delim = '\x01', quote = '', escape = ''"
    _read_text(con, path, "lines_json", ["line"], dialect, header_lines=0)
    con.execute("delete from lines_json where coalesce(trim(line), '') = ''")
    con.execute(
        "insert into lines_unread select record_number, left(line, 1000), 'not a JSON object'"
        f" from lines_json where not {IS_OBJECT}"
    )
    con.execute(f"delete from lines_json where not {IS_OBJECT}")


def _read_jsonl(con: duckdb.DuckDBPyConnection, path: Path, wanted: list[str]) -> None:
    _read_json_lines(con, path)
    pointers = ["/" + name.replace("~", "~0").replace("/", "~1") for name in wanted]
    texts = f"json_extract_string(line, [{', '.join(map(literal, pointers))}])" if wanted else "null"
    chosen = "".join(f", texts[{i + 1}] as c{i}" for i in range(len(wanted)))
    con.execute(
        f"create temp table lines as select record_number{chosen} from"
        f" (select record_number, {texts} as texts from lines_json)"
    )
    _refuse_missing_keys(con, dict(zip(wanted, pointers, strict=True)))


def _read_parquet(con: duckdb.DuckDBPyConnection, export: Export, wanted: list[str]) -> None:
    header = pyarrow.parquet.read_schema(export.path).names
    chosen = "".join(f", h{place}::varchar as c{i}" for i, place in enumerate(places_of(wanted, header)))
    names = ", ".join(f"h{i}" for i in range(len(header)))
    con.execute(
        f"create temp table lines as select row_number() over () as record_number{chosen}"
        f" from read_parquet({literal(escape(str(export.path)))}) as file({names})"
    )


def _read_text(con, path: Path, relation: str, chosen: list[str], dialect: str, header_lines: int) -> None:
    """The records of a text file in `relation`, those that do not fit the dialect in `lines_unread`."""
    con.execute(
        f"create temp table {relation} as select {', '.join(['row_number() over () as record_number', *chosen])}"
        f" from read_csv({literal(escape(str(path)))}, {dialect}, auto_detect = false, strict_mode = true,"
        " store_rejects = true, rejects_table = 'lines_rejects', rejects_scan = 'lines_scans')"
    )
    original = "decode(unhex(regexp_extract(record, '[0-9a-f]+')))"
    reasons = " ".join(f"when {literal(kind)} then {literal(text)}" for kind, text in REASONS.items())
    con.execute(
        f"insert into lines_unread select number, left(if(is_stand_in, {original}, record), 1000),"
        f" case if(is_stand_in, 'UNQUOTED VALUE', kind) {reasons} else lower(kind) end"
        f" from (select line - {header_lines} as number, min(error_type::varchar) as kind,"
        f" ltrim(min(csv_line), e'\\r\\n') as record, record[1] = {literal(BAD_QUOTE.decode())} as is_stand_in"
        " from lines_rejects group by line)"
    )
    if con.execute("select count(*) from lines_unread").fetchone()[0]:
        _number_past_unread(con, relation)


def _number_past_unread(con: duckdb.DuckDBPyConnection, relation: str) -> None:
    """DuckDB counts good records only; the numbers of the unread ones say how many come before each good one."""
    con.execute(
        f"update {relation} set record_number = good.record_number + bad.skipped"
        f" from {relation} as good asof join ("
        " select max(nth) as skipped, record_number - nth as good_before"
        " from (select record_number, row_number() over (order by record_number) as nth from lines_unread)"
        " group by good_before"
        f") as bad on good.record_number > bad.good_before where {relation}.record_number = good.record_number"
    )


def _refuse_missing_keys(con: duckdb.DuckDBPyConnection, pointers: dict[str, str]) -> None:
    """A key that no line has is a missing column; one that some lines lack is only empty there."""
    faults = []
    for i, (name, pointer) in enumerate(pointers.items()):
        rows, known = con.execute(f"select count(*), count(c{i}) from lines").fetchone()
        if not rows or known:
            continue
        if not con.execute(f"select bool_or(json_exists(line, {literal(pointer)})) from lines_json").fetchone()[0]:
            keys = con.execute(
                "select distinct unnest(json_keys(line)) from lines_json order by 1 limit 100"
            ).fetchall()
            faults.append((name, f"is missing: no line has it{nearest(name, [key for (key,) in keys])}"))
    if faults:
        raise Unfit(*faults)
