"""The exports of one system → for each raw table one SELECT of typed rows, or what stops that table.

Works in memory too, for a check that loads nothing; with raw tables beside it, a column that came before is missed.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingest.sources import System, nearest
from ingest.systems.files.columns import EARLIEST, LATEST
from ingest.systems.files.sql import identifier
from ingest.systems.files.texts import Unfit
from ingest.systems.kinds import KINDS
from ingest.systems.loads import Export, Wrong
from ingest.systems.vendors.columns import Meaning, meaning
from ingest.systems.vendors.declaring import NOTE, Origin, Table
from ingest.systems.vendors.exports import NOTED, exports_of, missing, part_of, unread_message
from ingest.systems.vendors.names import normalised
from ingest.systems.vendors.relations import Relation, relations
from ingest.systems.vendors.settling import Settled, settle


@dataclass
class TableRead:
    """One raw table's rows in the exports: `settled` when nothing is wrong with them, `wrongs` when something is."""

    table: Table
    meanings: list[Meaning] = field(default_factory=list)
    rows_read: int = 0
    settled: Settled | None = None
    wrongs: list[Wrong] = field(default_factory=list)


@dataclass
class SystemRead:
    """A system's raw tables, by name; `wrongs` stop all of it; `noted`: what the extractor wrote down, if it did."""

    system: System
    tables: dict[str, TableRead] = field(default_factory=dict)
    noted: TableRead | None = None
    wrongs: list[Wrong] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    @property
    def all_wrongs(self) -> list[Wrong]:
        """What stops the system and what stops single tables; what several tables stumble over is said once."""
        return list(dict.fromkeys([*self.wrongs, *(wrong for read in self.tables.values() for wrong in read.wrongs)]))


def read_system(con: duckdb.DuckDBPyConnection, system: System, scratch: Path, has_raw: bool) -> SystemRead:
    """Look at all exports of one system; `has_raw`: the connection is the warehouse's."""
    con.execute("set TimeZone = 'UTC'")
    read = SystemRead(system)
    exports, unread = exports_of(system)
    read.wrongs += missing(system, exports)
    if unread:
        read.messages.append(unread_message(system, unread))
    if not read.wrongs:
        _read(con, read, exports, scratch, has_raw)
    return read


def read_fetched(con: duckdb.DuckDBPyConnection, system: System, exports: dict[str, list[Export]]) -> SystemRead:
    """What was fetched of one system, as exports by the names of their origins; the connection is the warehouse's."""
    con.execute("set TimeZone = 'UTC'")
    read = SystemRead(system)
    _read(con, read, exports, Path(), has_raw=True)
    return read


def _read(con, read: SystemRead, exports: dict[str, list[Export]], scratch: Path, has_raw: bool) -> None:
    system, kind = read.system, KINDS[read.system.kind]
    opened = {name: _open(con, system, found, scratch) for name, found in exports.items()}
    if NOTED in opened:
        read.noted = _read_table(con, system, NOTE, {NOTED: (Origin(), *opened.pop(NOTED))}, has_raw=False)
        read.wrongs += read.noted.wrongs
    for table in kind.tables.values():
        origins = {name: origin for name, origin in table.origins.items() if name in opened}
        if origins:
            one = _read_table(con, system, table, {name: (origins[name], *opened[name]) for name in origins}, has_raw)
            if one.meanings or one.wrongs:
                read.tables[table.name] = one
                if one.settled:
                    read.messages += one.settled.notes


def _open(con, system: System, exports: list[Export], scratch: Path) -> tuple[list[Relation], list[Wrong]]:
    try:
        return relations(con, exports, scratch), []
    except Unfit as unfit:
        return [], [Wrong(system.name, file, None, right) for file, right in unfit.faults]


def _read_table(
    con: duckdb.DuckDBPyConnection,
    system: System,
    table: Table,
    origins: dict[str, tuple[Origin, list[Relation], list[Wrong]]],
    has_raw: bool,
) -> TableRead:
    read = TableRead(table)
    for origin, opened, wrongs in origins.values():
        read.wrongs += wrongs
        for relation in opened:
            try:
                meant = meaning(con, KINDS[system.kind], table, origin, relation)
                read.meanings += [meant] if meant else []
            except Unfit as unfit:
                read.wrongs += [Wrong(system.name, file, None, right) for file, right in unfit.faults]
    files = [relation.exports[0].name for _, opened, _ in origins.values() for relation in opened]
    if read.wrongs or not files:
        return read
    if not read.meanings:
        read.wrongs += _missing_lists(con, system, table, origins, has_raw)
        return read
    read.wrongs += _missing_columns(con, system, read, files[0], has_raw)
    if not read.wrongs:
        try:
            _judge(con, system, read)
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            read.wrongs.append(Wrong(system.name, files[0], None, f"cannot be read: {str(error).splitlines()[0]}"))
    return read


def _judge(con: duckdb.DuckDBPyConnection, system: System, read: TableRead) -> None:
    notes = []
    for meant in read.meanings:
        read.rows_read += 0 if meant.is_empty else _check_values(con, system, read.table, meant, read.wrongs, notes)
    if not read.wrongs:
        read.settled = settle(con, read.table, read.meanings, read.rows_read)
        read.settled.notes = [f"{system.name}: {read.table.name}: {note}" for note in notes]


def _missing_lists(con, system: System, table: Table, origins: dict, has_raw: bool):
    """Rows that stand in a column of other records are missed when that column is gone and they came before."""
    raw = f"raw_{system.kind}.{identifier(table.name)}"
    if has_raw and con.execute(f"select 1 from {raw} where system = ? limit 1", [system.name]).fetchone():
        for origin, opened, _ in origins.values():
            for relation in opened:
                yield Wrong(system.name, relation.exports[0].name, origin.nested, "is missing: it came before")


def _missing_columns(con, system: System, read: TableRead, file: str, has_raw: bool):
    table, saying = read.table, [meant for meant in read.meanings if not meant.is_empty]
    if not saying:
        return
    known = set().union(*(meant.casts for meant in saying))
    said = sorted(set().union(*(meant.names for meant in saying)))
    for meant in saying:
        for column in table.required:
            if column not in meant.casts:
                right = f"is missing: {table.name} has no key without it{_hint(column, meant.names)}"
                yield Wrong(system.name, meant.relation.exports[0].name, column, right)
    yield from _missing_in_parts(system, read)
    absent = [column for column in table.columns if column not in known and column not in table.required]
    if absent and has_raw:
        had = ", ".join(f"count({identifier(column)}) > 0" for column in absent)
        raw = f"raw_{system.kind}.{identifier(table.name)}"
        came = con.execute(f"select {had} from {raw} where system = ?", [system.name]).fetchone()
        for column, is_missed in zip(absent, came, strict=True):
            if is_missed:
                yield Wrong(system.name, file, column, f"is missing: it came before{_hint(column, said)}")
    for on, fields in system.fields.items():
        if KINDS[system.kind].objects[on] == table.name:
            for name, source in fields.items():
                if source not in said and normalised(source) not in said:
                    right = f"is missing: sources.yml names it for {on}.{name}{_hint(source, said)}"
                    yield Wrong(system.name, file, source, right)


def _missing_in_parts(system: System, read: TableRead):
    """Parts of one export must agree: a part without a column that another has would empty it, row by row."""
    parts = defaultdict(list)
    for meant in read.meanings:
        if not meant.relation.is_sparse and not read.table.has_many_shapes:
            parts[part_of(meant.relation.exports[0])].append(meant)
    for of_one in parts.values():
        known = {column: meant.relation.exports[0].name for meant in of_one for column in meant.casts}
        for meant in of_one:
            for column, other in known.items():
                if column not in meant.casts:
                    yield Wrong(system.name, meant.relation.exports[0].name, column, f"is missing: {other} has it")


def _hint(column: str, names) -> str:
    return nearest(column, sorted(names)) if names else ""


def _check_values(con, system: System, table: Table, meant: Meaning, wrongs: list[Wrong], notes: list[str]) -> int:
    """Count what cannot be what it should; returns how many rows there are."""
    checks = [("is required and empty", column, f"{meant.casts[column].given} is null") for column in table.required]
    checks += [(f"is not {one.wanted}", column, one.bad) for column, one in meant.casts.items() if one.bad]
    outside = {column: one for column, one in meant.casts.items() if one.outside}
    counted = [f"count(*) filter ({condition})" for _, _, condition in checks]
    counted += [f"count(*) filter ({one.outside}), count({one.given})" for one in outside.values()]
    asked = ", ".join(["count(*)", *counted])
    source = f"from {meant.relation.sql}"
    rows, *counts = con.execute(f"select {asked} {source}").fetchone()
    for (reason, column, condition), count in zip(checks, counts, strict=False):
        if count:
            wrongs.append(_wrong(con, system, meant, column, condition, f"{column} {reason}", count, rows))
    counts = counts[len(checks) :]
    for (column, one), many, given in zip(outside.items(), counts[::2], counts[1::2], strict=True):
        said = f"{column} is not between {EARLIEST} and {LATEST}"
        if many > system.bad_rows_at_most * given or (many and column in table.required):
            wrongs.append(_wrong(con, system, meant, column, one.outside, said, many, rows))
        elif many:
            notes.append(f"{said} in {many} of {given} rows: left empty")
    return rows


def _wrong(con, system: System, meant: Meaning, column: str, condition: str, reason: str, count: int, rows: int):
    relation = meant.relation
    file, record = con.execute(
        f"select {relation.file} as file, {relation.record} as record from {relation.sql}"
        f" where {condition} order by file, record limit 1"
    ).fetchone()
    right = f"{reason} ({count} of {rows} rows, first in record {record})"
    return Wrong(system.name, file, meant.said.get(column, column), right)
