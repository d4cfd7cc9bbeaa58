"""Files of one shape → something that DuckDB can select from, with the names of its columns as the vendor spells them.

Parquet is selected from as it lies; text comes through a temp table. What a column means is the business of `columns`.
"""

from dataclasses import dataclass, replace
from glob import escape
from itertools import count, groupby
from pathlib import Path

import duckdb

from ingest.systems.files.readers import drop_lines, read_json_lines, read_lines
from ingest.systems.files.sql import identifier, literal
from ingest.systems.files.texts import Unfit, header_of, readable
from ingest.systems.loads import Export

PREFIX = "vendor_"
PARENT = "parent.id"
RESULTS = ("results", "records", "result")  # HubSpot, Salesforce and Marketo wrap their lists so
NUMBERS = count()


@dataclass(frozen=True)
class Column:
    """A source column: its name as the vendor spells it, SQL for it, its DuckDB type."""

    name: str
    expression: str
    type: str


@dataclass(frozen=True)
class Relation:
    """Records of one shape. `file` and `record`: SQL for where a record stands, the first of a file being 1."""

    exports: tuple[Export, ...]
    sql: str
    columns: tuple[Column, ...]
    file: str
    record: str
    is_sparse: bool = False  # each record says only what it has

    def with_columns(self, sql: str, columns: list[Column]) -> "Relation":
        """The same records with other columns, selected from `sql`."""
        return replace(self, sql=sql, columns=tuple(columns))


def relations(con: duckdb.DuckDBPyConnection, exports: list[Export], scratch: Path) -> list[Relation]:
    """All files of one name, Parquet files of one schema together; raises Unfit, naming the file in its first part."""
    found = []
    parquet = [(export, _parquet_columns(con, export)) for export in exports if export.format == "parquet"]
    for columns, group in groupby(sorted(parquet, key=lambda one: (str(one[1]), one[0].name)), key=lambda one: one[1]):
        found.append(_of_parquet(tuple(export for export, _ in group), columns))
    for export in exports:
        if export.format != "parquet":
            found.append(_of_text(con, export, scratch))
    return found


def drop_temp_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Forget what was read into the connection."""
    for (name,) in con.execute("select table_name from duckdb_tables() where temporary").fetchall():
        if name.startswith(PREFIX):
            con.execute(f"drop table temp.{identifier(name)}")


def opened(con: duckdb.DuckDBPyConnection, relation: Relation, column: Column, prefix: str = "") -> Relation:
    """The relation with what is nested in one column as columns of its own."""
    others = [one for one in relation.columns if one is not column]
    if column.type.startswith("STRUCT"):
        kinds = con.execute(f"describe select unnest({column.expression}) from {relation.sql}").fetchall()
        inner = [
            Column(prefix + name, f"struct_extract({column.expression}, {literal(name)})", kind)
            for name, kind, *_ in kinds
        ]
        return relation.with_columns(relation.sql, [*others, *inner])
    if column.type.startswith("MAP"):
        keys = _keys(con, f"map_keys({column.expression})", relation)
        inner_type = con.execute(f"describe select map_values({column.expression})[1] from {relation.sql}").fetchone()[
            1
        ]
        inner = [
            Column(prefix + key, f"map_extract_value({column.expression}, {literal(key)})", inner_type) for key in keys
        ]
        return relation.with_columns(relation.sql, [*others, *inner])
    return _opened_text(con, relation, column.expression, others, prefix)


def nested(con: duckdb.DuckDBPyConnection, relation: Relation, column: Column, parent: Column) -> Relation:
    """One record for each element of a column's list, with its parent's id as PARENT.

    Where the column holds lists by name, their elements have that as `name`.
    """
    if lists := _typed_lists(con, relation, column):
        return _unnested(con, relation, lists, parent)
    table = f"{PREFIX}{next(NUMBERS)}"
    text = column.expression if column.type in ("VARCHAR", "JSON") else f"to_json({column.expression})"
    con.execute(
        f"""
        create temp table {table} as
        with held as (

            select {relation.file} as file, {relation.record} as record, {parent.expression} as parent_id,
                nullif({text}::varchar, '') as held
            from {relation.sql}

        ),

        lists as (

            select file, record, parent_id, null::varchar as name, held from held where starts_with(ltrim(held), '[')
            union all
            select file, record, parent_id, entry.key, entry.value::varchar from (
                select file, record, parent_id, unnest(map_entries(held::json::map(varchar, json))) as entry
                from held where starts_with(ltrim(held), '{{')
            )

        )

        select file, record, parent_id, name, unnest(from_json(held, '["JSON"]'))::varchar as line from lists
        """
    )
    own = [Column(PARENT, "parent_id", parent.type)]
    if con.execute(f"select count(name) from {table}").fetchone()[0]:
        own.append(Column("name", "name", "VARCHAR"))
    return _opened_text(con, Relation(relation.exports, table, (), "file", "record", True), "line", own, "")


def _typed_lists(con: duckdb.DuckDBPyConnection, relation: Relation, column: Column) -> list[Column]:
    """The lists of records that a column of Parquet holds, by name; none if it holds anything else."""
    if column.type.startswith("STRUCT") and not column.type.endswith("[]"):
        alone = relation.with_columns(relation.sql, [column])
        lists = opened(con, alone, column).columns
    else:
        lists = (Column("", column.expression, column.type),)
    filled = [one for one in lists if one.type.startswith("STRUCT") and one.type.endswith("[]")]
    return filled if all(one.type.endswith("[]") for one in lists) else []


def _unnested(con: duckdb.DuckDBPyConnection, relation: Relation, lists: list[Column], parent: Column) -> Relation:
    """The elements of typed lists, with their fields as columns."""
    table, own = f"{PREFIX}{next(NUMBERS)}", ("of file", "of record", "of parent", "of list")
    parts = " union all by name ".join(
        f"select {', '.join(map(identifier, own))}, unnest(entry) from (select {relation.file} as {identifier(own[0])},"
        f" {relation.record} as {identifier(own[1])}, {parent.expression} as {identifier(own[2])},"
        f" {literal(one.name)} as {identifier(own[3])}, unnest({one.expression}) as entry from {relation.sql})"
        for one in lists
    )
    con.execute(f"create temp table {table} as {parts}")
    described = con.execute(f"describe {table}").fetchall()
    found = [Column(name, identifier(name), kind) for name, kind, *_ in described if name not in own]
    found.append(Column(PARENT, identifier(own[2]), parent.type))
    if any(one.name for one in lists):
        found.append(Column("name", identifier(own[3]), "VARCHAR"))
    return Relation(relation.exports, table, tuple(found), identifier(own[0]), identifier(own[1]), True)


def _of_parquet(exports: tuple[Export, ...], columns: tuple[tuple[str, str], ...]) -> Relation:
    files = ", ".join(literal(escape(str(export.path))) for export in exports)
    names = ", ".join(f"h{place}" for place in range(len(columns)))
    known = tuple(Column(name, f"h{place}", kind) for place, (name, kind) in enumerate(columns))
    shown = " ".join(f"when {literal(str(export.path))} then {literal(export.name)}" for export in exports)
    return Relation(
        exports, f"read_parquet([{files}]) as file({names})", known, f"case filename {shown} end", "file_row_number + 1"
    )


def _parquet_columns(con: duckdb.DuckDBPyConnection, export: Export) -> tuple[tuple[str, str], ...]:
    try:
        described = con.execute(f"describe select * from read_parquet({literal(escape(str(export.path)))})").fetchall()
    except duckdb.Error as error:
        raise Unfit((export.name, f"cannot be read as parquet: {str(error).splitlines()[0]}")) from error
    return tuple((name, kind) for name, kind, *_ in described)


def _of_text(con: duckdb.DuckDBPyConnection, export: Export, scratch: Path) -> Relation:
    table = f"{PREFIX}{next(NUMBERS)}"
    try:
        if export.format == "csv":
            header = header_of(readable(export, scratch), ",")
            read_lines(con, export, header, ",", scratch)
            con.execute(f"create temp table {table} as from lines")
            _refuse_unread(con, export)
            columns = tuple(Column(name, f"c{place}", "VARCHAR") for place, name in enumerate(header))
            return Relation((export,), table, columns, literal(export.name), "record_number")
        if export.format == "jsonl":
            read_json_lines(con, export, scratch)
            con.execute(f"create temp table {table} as from lines_json")
            _refuse_unread(con, export)
        else:
            con.execute(f"create temp table {table} as {_document(con, export)}")
    except Unfit as unfit:
        faults = [f"column {column!r}: {right}" if column else right for column, right in unfit.faults]
        raise Unfit(*((export.name, right) for right in faults)) from unfit
    except (OSError, EOFError) as error:
        raise Unfit((export.name, f"cannot be read as {export.format}: {error}")) from error
    finally:
        drop_lines(con)
    relation = Relation((export,), table, (), literal(export.name), "record_number", is_sparse=True)
    return _opened_text(con, relation, "line", [], "")


def _document(con: duckdb.DuckDBPyConnection, export: Export) -> str:
    """SELECT: record_number, line; the records of one JSON document, in its list or in its one result."""
    content = f"(select ltrim(content, chr(65279)) as document from read_text({literal(escape(str(export.path)))}))"
    try:
        if not con.execute(f"select json_valid(document) from {content}").fetchone()[0]:
            raise Unfit((None, "is not JSON"))
    except duckdb.Error as error:
        raise Unfit((None, f"cannot be read as json: {str(error).splitlines()[0]}")) from error
    wrapped = " ".join(
        f"when json_type(document, '$.{name}') = 'ARRAY' then json_extract(document, '$.{name}')" for name in RESULTS
    )
    records = (
        f"case when json_type(document) = 'ARRAY' then document::json {wrapped} else json_array(document::json) end"
    )
    return (
        f"select row_number() over () as record_number, line::varchar as line from"
        f""" (select unnest(from_json({records}, '["JSON"]')) as line from {content})"""
    )


def _refuse_unread(con: duckdb.DuckDBPyConnection, export: Export) -> None:
    unread = con.execute(
        "select count(*), min(record_number), arg_min(reason, record_number) from lines_unread"
    ).fetchone()
    if unread[0]:
        raise Unfit((None, f"{unread[0]} records cannot be read: {unread[2]}, first in record {unread[1]}"))


def _opened_text(con, relation: Relation, text: str, others: list[Column], prefix: str) -> Relation:
    """The columns of a JSON text, each as text; one look at every record for all of them together."""
    keys = _keys(con, f"json_keys({text})", relation)
    if not keys:
        return relation.with_columns(relation.sql, others)
    number = next(NUMBERS)
    pointers = ", ".join(literal("/" + key.replace("~", "~0").replace("/", "~1")) for key in keys)
    sql = (
        f"(select *, {relation.file} as file_{number}, {relation.record} as record_{number},"
        f" json_extract_string({text}, [{pointers}]) as texts_{number} from {relation.sql})"
    )
    inner = [Column(prefix + key, f"texts_{number}[{place}]", "VARCHAR") for place, key in enumerate(keys, 1)]
    return replace(
        relation, sql=sql, columns=(*others, *inner), file=f"file_{number}", record=f"record_{number}", is_sparse=True
    )


def _keys(con: duckdb.DuckDBPyConnection, keys: str, relation: Relation) -> list[str]:
    found = con.execute(f"select distinct unnest({keys}) as key from {relation.sql} order by key").fetchall()
    return [key for (key,) in found if key]
