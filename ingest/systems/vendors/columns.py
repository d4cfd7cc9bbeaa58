"""What the columns of an export mean for a raw table: which becomes which, which are extra, which are missing."""

from dataclasses import dataclass, replace

import duckdb

from ingest.systems.files.sql import identifier, literal
from ingest.systems.files.texts import Unfit
from ingest.systems.vendors.casting import Cast, cast, json_of, text
from ingest.systems.vendors.declaring import Kind, Origin, Table
from ingest.systems.vendors.names import normalised, spelled
from ingest.systems.vendors.relations import PARENT, Column, Relation, nested, opened

EXTRACTORS_OWN = "_fivetran_"
OPPOSITE = "not "


@dataclass(frozen=True)
class Meaning:
    """A relation as rows of one raw table: declared column → Cast, JSON of the rest.

    `version`: SQL for what an extractor that keeps old versions says of one, the current one sorting last.
    """

    relation: Relation
    casts: dict[str, Cast]
    said: dict[str, str]  # declared column → its name in the export
    extra: str
    version: list[str]
    is_empty: bool  # no record at all in a form that names its columns in its records
    names: frozenset[str]  # all columns of the export, as the vendor spells them and normalised


def meaning(con: duckdb.DuckDBPyConnection, kind: Kind, table: Table, origin: Origin, relation: Relation):
    """What a relation says of a raw table; none if it says nothing of it. Raises Unfit."""
    relation = _flattened(con, kind, table, origin, relation)
    if relation is None:
        return None
    named = _named(kind, table, origin, relation)
    casts, said, used = {}, {}, set()
    for column in table.columns:
        if column in origin.constants:
            continue
        for candidate in _candidates(table, origin, column):
            source = named.get(candidate.removeprefix(OPPOSITE))
            used.add(candidate.removeprefix(OPPOSITE))
            if source and column not in casts:
                casts[column] = _cast(table, column, source, candidate.startswith(OPPOSITE))
                said[column] = source.name
    for column, constant in origin.constants.items():
        source = named.get(column)
        said_so = f"coalesce({text(source.expression, source.type)}, '{constant}')" if source else f"'{constant}'"
        casts[column] = Cast(said_so, said_so)
        used.add(column)
    rest = {
        source.name.removeprefix(kind.prefix): text(source.expression, source.type)
        for name, source in named.items()
        if name not in used
        and name.split(".")[0] not in table.ignored
        and name not in table.ignored
        and not name.startswith(EXTRACTORS_OWN)
    }
    if table.takes_the_rest and table.takes_the_rest not in casts:
        packed = json_of({spelled(name): expression for name, expression in rest.items()})
        casts[table.takes_the_rest], rest = Cast(packed, packed), {}
    version = [_version(named, "_fivetran_active", "boolean"), _version(named, "_fivetran_start", "timestamp")]
    spellings = {source.name.removeprefix(kind.prefix) for source in named.values()}
    names = frozenset(spellings | {normalised(name) for name in spellings})
    is_empty = relation.is_sparse and not [one for one in relation.columns if one.name != PARENT]
    return Meaning(relation, casts, said, json_of(rest), version, is_empty, names)


def select(table: Table, meant: Meaning, beside: str = "") -> str:
    """SELECT of the declared columns, typed, and `extra`."""
    values = ", ".join(
        f"{meant.casts[column].value if column in meant.casts else f'null::{kind}'} as {identifier(column)}"
        for column, kind in table.columns.items()
    )
    return f"select {values}, {meant.extra} as extra{beside} from {meant.relation.sql}"


def _version(named: dict[str, Column], name: str, kind: str) -> str:
    return f"try_cast({named[name].expression} as {kind})" if name in named else f"null::{kind}"


def _cast(table: Table, column: str, source: Column, is_opposite: bool) -> Cast:
    if is_opposite:
        return cast(table, column, f"not try_cast({source.expression} as boolean)", "BOOLEAN")
    return cast(table, column, source.expression, source.type)


def _candidates(table: Table, origin: Origin, column: str) -> tuple[str, ...]:
    return (*origin.renamed.get(column, ()), *table.renamed.get(column, (column,)))


def _flattened(con, kind: Kind, table: Table, origin: Origin, relation: Relation) -> Relation | None:
    """The relation whose columns are all that a record says, or that each element of its list says."""
    if relation.is_sparse and not relation.columns:
        return relation
    if kind.null_word and relation.exports[0].format == "csv":
        word = literal(kind.null_word)
        columns = [replace(one, expression=f"nullif({one.expression}, {word})") for one in relation.columns]
        relation = relation.with_columns(relation.sql, columns)
    if origin.nested:
        holder = _find(relation, origin.nested)
        if holder is None:
            return None
        if (parent := _find(relation, "id")) is None:
            raise Unfit(
                (relation.exports[0].name, f"column 'id': is missing: {holder.name} belongs to nobody without it")
            )
        relation = nested(con, relation, holder, parent)
    elif kind.opened and (holder := _find(relation, kind.opened)):
        relation = opened(con, relation, holder, kind.prefix)
    for name in dict.fromkeys(
        candidate.split(".")[0]
        for column in table.columns
        for candidate in table.renamed.get(column, ())
        if "." in candidate
    ):
        if holder := _find(relation, name):
            relation = opened(con, relation, holder, f"{name}.")
    return relation


def _find(relation: Relation, name: str) -> Column | None:
    return next((column for column in relation.columns if normalised(column.name) == name), None)


def _named(kind: Kind, table: Table, origin: Origin, relation: Relation) -> dict[str, Column]:
    """What a column means → column; one that means nothing here keeps its own name.

    Of a record's own column and a property that mean the same, the former does.
    """
    known = {name.removeprefix(OPPOSITE) for column in table.columns for name in _candidates(table, origin, column)}
    known |= {*origin.constants, *table.ignored}
    in_capitals = {name.replace("_", ""): name for name in table.columns}
    named: dict[str, Column] = {}
    for column in sorted(relation.columns, key=lambda one: _is_property(kind, one)):
        name = normalised(column.name.removeprefix(kind.prefix))
        if column.name.isupper():
            name = in_capitals.get(name, name)
        has_meaning = name in known or name.startswith(EXTRACTORS_OWN)
        is_taken = name in named and _is_property(kind, column) and not _is_property(kind, named[name])
        if is_taken or not has_meaning:
            name = column.name
        if name in named:
            raise Unfit((relation.exports[0].name, f"column {column.name!r}: {named[name].name!r} means the same"))
        named[name] = column
    return named


def _is_property(kind: Kind, column: Column) -> bool:
    return bool(kind.prefix) and column.name.startswith(kind.prefix)
