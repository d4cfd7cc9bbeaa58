"""One system → temp tables of a DuckDB connection: `read_<exchange table>` and `read_rejected`.

Touches no warehouse: what of it is new there is the business of `landing`. Works in memory too, for a check that
loads nothing.
"""

import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingest.exchange import TABLES, Table
from ingest.sources import Column, Mapping, System
from ingest.systems.files.columns import Projection, content_hash, payload_columns
from ingest.systems.files.exports import exports_of, snapshot
from ingest.systems.files.readers import drop_lines, read_lines
from ingest.systems.files.settling import settle
from ingest.systems.files.sql import literal
from ingest.systems.files.texts import Unfit
from ingest.systems.loads import Export, Wrong

FIELD_OWNERS = {
    "accounts": {"record_id": "account_id", "object": Column(value="account")},
    "opportunities": {"record_id": "opportunity_id", "object": Column(value="opportunity")},
    "people": {"record_id": "record_id", "object": "object"},
}


@dataclass
class TableRead:
    """What the exports hold of one exchange table: the temp table of its good rows, and the counts of the others."""

    relation: str
    files: list[str] = field(default_factory=list)
    rows_read: int = 0
    good: int = 0
    rejected: int = 0
    duplicates: int = 0
    superseded: int = 0


@dataclass
class SystemRead:
    """A system's exchange tables as temp tables; `wrongs` stop it, `left_for_later` says that files changed meanwhile.

    `tables`: exchange table → TableRead. Columns of a relation: the raw table's without `system` and `loaded_at`.
    `rejected`: a relation with table_name, source_file, record_number, column_name, value, reason.
    """

    system: str
    tables: dict[str, TableRead] = field(default_factory=dict)
    rejected: str = "read_rejected"
    wrongs: list[Wrong] = field(default_factory=list)
    left_for_later: bool = False


@dataclass(frozen=True)
class _Use:
    """One use of a file: the exchange table, its columns' origins, and which mapping of the system this is."""

    table: Table
    specs: dict[str, Column]
    mapping: Mapping
    number: int
    is_derived: bool = False

    @property
    def wanted(self) -> set[str]:
        return {spec.column for spec in self.specs.values() if spec.column is not None}


def read_system(con: duckdb.DuckDBPyConnection, system: System, prefer_raw: bool = False) -> SystemRead:
    """Read all exports of one system into temp tables of `con`, in memory or not; replaces those of an earlier call.

    With `prefer_raw` the connection has raw tables, and of two payloads of one unchanging row the known one survives.
    """
    con.execute("set TimeZone = 'UTC'")
    before, read = snapshot(system), SystemRead(system.name)
    _create_rejected(con)
    uses = _uses(system, read.wrongs)
    for name in dict.fromkeys(use.table.name for of_file in uses.values() for use in of_file):
        _create_mapped(con, TABLES[name], read)
    with tempfile.TemporaryDirectory() as scratch:
        for (export, delimiter), of_file in uses.items():
            _read_file(con, system, export, delimiter, of_file, Path(scratch), read)
    read.left_for_later = snapshot(system) != before
    if not read.wrongs and not read.left_for_later:
        for name, table_read in read.tables.items():
            _set_aside(con, name, table_read)
            settle(con, TABLES[name], table_read, system.name if prefer_raw else None)
        _count_into_extractions(con, read)
        read.wrongs += _too_bad(con, system, read)
    return read


def drop_temp_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Forget what an earlier `read_system` left in the connection."""
    for (name,) in con.execute("select table_name from duckdb_tables() where temporary").fetchall():
        if name.startswith(("read_", "mapped_", "lines")):
            con.execute(f'drop table temp."{name}"')


def _uses(system: System, wrongs: list[Wrong]) -> dict[tuple[Export, str], list[_Use]]:
    """File and delimiter → its uses; each file is read once, however many tables it feeds."""
    uses, number = defaultdict(list), 0
    for name, mappings in system.tables.items():
        for mapping in mappings:
            of_mapping = [_Use(TABLES[name], mapping.columns, mapping, number)]
            for field_name, observed in mapping.fields.items():
                specs = _field_specs(name, mapping, field_name, observed)
                of_mapping.append(_Use(TABLES["field_values"], specs, mapping, number, is_derived=True))
            number += 1
            exports = exports_of(system, mapping)
            if not exports:
                wrongs.append(Wrong(system.name, mapping.file, None, f"no such file in {system.path}, for {name}"))
            for export in exports:
                uses[export, mapping.delimiter] += of_mapping
    return uses


def _field_specs(table: str, mapping: Mapping, name: str, observed) -> dict[str, Column]:
    owner = {
        column: mapping.columns[origin] if isinstance(origin, str) else origin
        for column, origin in FIELD_OWNERS[table].items()
    }
    specs = owner | {"field": Column(value=name), "value": observed}
    return specs | {column: spec for column, spec in (("set_at", observed.set_at), ("writer", observed.writer)) if spec}


def _create_rejected(con: duckdb.DuckDBPyConnection) -> None:
    drop_temp_tables(con)
    con.execute(
        "create temp table read_rejected (table_name varchar, source_file varchar, record_number bigint,"
        " column_name varchar, value varchar, reason varchar)"
    )


def _create_mapped(con: duckdb.DuckDBPyConnection, table: Table, read: SystemRead) -> None:
    declared = ", ".join(f'"{name}" {kind}' for name, kind in payload_columns(table).items())
    con.execute(
        f"create temp table mapped_{table.name} ({declared}, content_hash varchar,"
        " source_file varchar, record_number bigint, mapping integer,"
        " problem struct(column_name varchar, value varchar, reason varchar))"
    )
    read.tables[table.name] = TableRead(f"read_{table.name}")


def _read_file(con, system: System, export: Export, delimiter: str, uses: list[_Use], scratch: Path, read: SystemRead):
    wanted = sorted(set().union(*(use.wanted for use in uses)))
    places = {name: i for i, name in enumerate(wanted)}
    try:
        read_lines(con, export, wanted, delimiter, scratch)
        for use in uses:
            _map(con, system, export, use, places, read)
    except Unfit as unfit:
        read.wrongs += [Wrong(system.name, export.name, column, right) for column, right in unfit.faults]
    drop_lines(con)


def _map(con, system: System, export: Export, use: _Use, places: dict[str, int], read: SystemRead) -> None:
    """Append the file's records to a `mapped_<table>`, each with its problem if it has one."""
    table, name, files = use.table.name, literal(export.name), read.tables[use.table.name].files
    projection = Projection(use.table, use.specs, places, use.mapping.nulls, system.timezone)
    # A record without its id is reported once, by its own table, not again by each of its fields.
    known = "where record_id is not null and object is not null" if use.is_derived else ""
    con.execute(
        f"insert into mapped_{table} by name select *, {name} as source_file, {use.number} as mapping"
        f" from ({projection.select('lines')}) {known}"
    )
    if not use.is_derived:
        con.execute(
            f"insert into read_rejected select '{table}', {name}, record_number, null, value, reason from lines_unread"
        )
    if export.name not in files:
        files.append(export.name)


def _set_aside(con: duckdb.DuckDBPyConnection, name: str, counts: TableRead) -> None:
    """Move the records with a problem from `mapped_<table>` to `read_rejected`, and count what was read."""
    unread = con.execute("select count(*) from read_rejected where table_name = ?", [name]).fetchone()[0]
    counts.rows_read = con.execute(f"select count(*) from mapped_{name}").fetchone()[0] + unread
    con.execute(
        f"insert into read_rejected select '{name}', source_file, record_number, problem.column_name, problem.value,"
        f" problem.reason from mapped_{name} where problem is not null"
    )
    con.execute(f"delete from mapped_{name} where problem is not null")


def _count_into_extractions(con: duckdb.DuckDBPyConnection, read: SystemRead) -> None:
    """An extraction that does not say how many rows landed gets the count, in the latest one of its object."""
    if "extractions" not in read.tables:
        return
    for name, table_read in read.tables.items():
        con.execute(
            f"update read_extractions set rows_landed = {table_read.good}"
            f" where object = '{name}' and rows_landed is null"
            f" and loaded_at = (select max(loaded_at) from read_extractions where object = '{name}')"
        )
    con.execute(f"update read_extractions set content_hash = {content_hash(payload_columns(TABLES['extractions']))}")


def _too_bad(con: duckdb.DuckDBPyConnection, system: System, read: SystemRead):
    """Tables of which more than `bad_rows_at_most` is bad, each with the first of its faults."""
    for name, counts in read.tables.items():
        if counts.rejected <= system.bad_rows_at_most * counts.rows_read:
            continue
        faults = con.execute(
            "select source_file, column_name, reason, count(*), min(record_number) from read_rejected"
            " where table_name = ? group by all order by count(*) desc, min(record_number) limit 5",
            [name],
        ).fetchall()
        share = f"{counts.rejected} of {counts.rows_read} rows of {name} are bad, more than bad_rows_at_most ="
        for file, column, reason, rows, first in faults:
            right = f"{reason} ({rows} times, first in record {first}); {share} {system.bad_rows_at_most:g}"
            yield Wrong(system.name, file, column, right)
