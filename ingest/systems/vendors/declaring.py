"""How a kind of system declares its raw tables: columns, keys, the files that feed them. Reads nothing."""

from dataclasses import dataclass, field
from functools import cached_property

TYPES = {
    "": "VARCHAR",
    "ts": "TIMESTAMP",
    "date": "DATE",
    "int": "BIGINT",
    "num": "DOUBLE",
    "money": "DECIMAL(18, 2)",
    "flag": "BOOLEAN",
    "json": "VARCHAR",
}


@dataclass(frozen=True)
class Origin:
    """Files of one name that feed a raw table: what they call its columns, and what they leave unsaid.

    `renamed`: raw column → source columns, the first that is there counts, `not x` for its opposite; goes before
    the table's own. `constants`: raw column → its value. `nested`: the column whose elements are the rows.
    """

    renamed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    nested: str | None = None


@dataclass(frozen=True)
class Table:
    """One raw table of a kind.

    `origins`: file name without ending, normalised → Origin. `is_once`: a row never changes once it is known.
    `stamp`: the column that tells which of two versions is the later one. `renamed`: as an Origin's. `ignored`: source
    columns that say nothing. `has_many_shapes`: its files may differ in their columns. `takes_the_rest`: the column
    that holds what is not declared where an export has no such column itself.
    """

    name: str
    key: tuple[str, ...]
    columns: dict[str, str]
    required: tuple[str, ...]
    json: tuple[str, ...]
    origins: dict[str, Origin]
    is_once: bool = False
    stamp: str | None = None
    renamed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    has_many_shapes: bool = False
    takes_the_rest: str | None = None

    @property
    def raw_columns(self) -> dict[str, str]:
        """`system`, the declared columns, then what else the export said, the content's hash and the load's time."""
        beside = {"extra": "VARCHAR", "content_hash": "UBIGINT", "loaded_at": "TIMESTAMP"}
        return {"system": "VARCHAR"} | self.columns | beside


@dataclass(frozen=True)
class Kind:
    """A kind of system: its raw tables, the fields that the agreement may read without a word in sources.yml.

    `objects`: exchange object → raw table that holds its fields. `fields`: exchange object → field → vendor field.
    `opened`: the source column whose parts are columns; an extractor that flattens it begins their names with `prefix`.
    `null_word`: what stands in a CSV for nothing.
    """

    name: str
    tables: dict[str, Table]
    objects: dict[str, str]
    fields: dict[str, dict[str, str]]
    opened: str = ""
    prefix: str = ""
    null_word: str = ""

    @cached_property
    def feeds(self) -> dict[str, list[tuple[Table, Origin]]]:
        """File name without ending, normalised → the raw tables that such a file feeds."""
        fed: dict[str, list[tuple[Table, Origin]]] = {}
        for table in self.tables.values():
            for name, origin in table.origins.items():
                fed.setdefault(name, []).append((table, origin))
        return fed

    @property
    def raw(self) -> dict[str, dict[str, str]]:
        """Every raw table of the kind, with its schema's name → its columns."""
        tables = {f"raw_{self.name}.{table.name}": table.raw_columns for table in self.tables.values()}
        return tables | {f"raw_{self.name}.extractions": EXTRACTIONS}


EXTRACTIONS = {
    "system": "VARCHAR",
    "object": "VARCHAR",
    "loaded_at": "TIMESTAMP",
    "complete_through": "TIMESTAMP",
    "rows_landed": "BIGINT",
    "rows_at_source": "BIGINT",
    "rows_held": "BIGINT",
    "is_increment": "BOOLEAN",
    "rows_missed": "BIGINT",
    "sweep_every_days": "BIGINT",
}


def table(name: str, columns: str, *origins: str | dict[str, Origin], key: str = "", **options) -> Table:
    """A table from words `name`, `name:type`; `*` marks what must not be null and, unless `key` says more, the key."""
    types, required, json = {}, [], []
    for word in columns.split():
        column, _, kind = word.partition(":")
        if column.endswith("*"):
            required.append(column := column[:-1])
        if kind == "json":
            json.append(column)
        types[column] = TYPES[kind]
    named = {}
    for origin in origins:
        named |= origin if isinstance(origin, dict) else {origin: Origin()}
    parts = tuple(key.split()) or tuple(required)
    return Table(name, parts, types, tuple(required), tuple(json), {name: Origin()} | named, **options)


NOTE = table("extractions", "object* complete_through:ts rows_at_source:int", stamp="complete_through")
