"""What the loads of all kinds share: the systems are described, one after another lands, and what is said then."""

import logging
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest import definitions, warehouse
from ingest.settings import Settings
from ingest.sources import Sources, System
from ingest.suffixes import public_suffixes
from ingest.systems.files.sql import columns, literal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wrong:
    """One thing that stops a system's load: where, and what would be right. Never holds a value from an export."""

    system: str
    file: str
    column: str | None
    right: str

    def __str__(self) -> str:
        column = f" column {self.column!r}:" if self.column else ""
        return f"{self.system}: {self.file}:{column} {self.right}"


class LoadError(Exception):
    """Everything that stopped one or several systems; `result` says what was loaded of the others."""

    def __init__(self, wrongs: list[Wrong], result=None):
        self.wrongs, self.result = wrongs, result
        super().__init__("\n".join(map(str, wrongs)))


@dataclass(frozen=True)
class Export:
    """One file; `name` is its path below the system's, the same on every machine."""

    path: Path
    name: str

    @property
    def format(self) -> str:
        """`csv`, `jsonl`, `json` or `parquet`."""
        return self.name.lower().removesuffix(".gz").rsplit(".", 1)[-1]

    @property
    def is_gzip(self) -> bool:
        """Whether the name says that it is compressed."""
        return self.name.lower().endswith(".gz")


@dataclass
class TableResult:
    """Rows of one raw table of one system: read, appended, known already, set aside, outdated."""

    rows_read: int
    landed: int
    unchanged: int
    rejected: int
    superseded: int


@dataclass
class SystemResult:
    """What one system's load did; `left_for_later` when its files changed while they were read."""

    tables: dict[str, TableResult] = field(default_factory=dict)
    left_for_later: bool = False


@dataclass
class LoadResult:
    """What a load did: system → SystemResult, and sentences for people."""

    loaded_at: datetime
    systems: dict[str, SystemResult] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    @property
    def landed(self) -> int:
        """Rows appended to raw, but for the extractions themselves."""
        tables = ((name, table) for system in self.systems.values() for name, table in system.tables.items())
        return sum(table.landed for name, table in tables if name != "extractions")

    def tell(self, message: str) -> None:
        """A sentence for people."""
        log.info(message)
        self.messages.append(message)


LoadSystem = Callable[[duckdb.DuckDBPyConnection, System, datetime, LoadResult], list[Wrong]]
LEFT_FOR_LATER = "its exports changed while they were read; left for later"


def load_kind(settings: Settings, kind: str, load_system: LoadSystem) -> LoadResult:
    """Load every system of one kind; raises LoadError with all that stopped one, after the others have landed."""
    sources, now, wrongs = settings.read_sources(), settings.clock().astimezone(UTC).replace(tzinfo=None), []
    result = LoadResult(now)
    con = warehouse.connect(settings)
    try:
        warehouse.prepare(con)
        describe(con, sources)
        note(con, settings, sources, now)
        for system in sources.of_kind(kind):
            wrongs += load_system(con, system, now, result)
    finally:
        con.close()
    if wrongs:
        raise LoadError(wrongs, result)
    return result


def describe(con: duckdb.DuckDBPyConnection, sources: Sources) -> dict[str, int]:
    """Replace what raw says of the connected systems themselves; returns raw table → rows."""
    decided = [list(astuple(override)) for override in sources.overrides()]
    rows = {"systems": [], "fields": [], "record_urls": [], "identity_overrides": decided}
    for system in sources.systems:
        linked_to = sources.linked_to(system)
        rows["systems"].append([system.name, system.kind, system.role, system.timezone, linked_to])
        rows["record_urls"] += [[system.name, on, template] for on, template in system.record_urls.items()]
        fields = system.known_fields
        rows["fields"] += [[system.name, on, name, source] for on in fields for name, source in fields[on].items()]
    con.execute("begin")
    for table, described in rows.items():
        con.execute(f"delete from raw_sources.{table}")
        columns = list(warehouse.RAW[f"raw_sources.{table}"])
        if described:
            con.executemany(
                f"insert into raw_sources.{table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",
                described,
            )
    known = public_suffixes().slice(0, None if sources.systems else 0)
    con.execute("delete from raw_sources.public_suffixes")
    con.register("public_suffixes", known)
    con.execute("insert into raw_sources.public_suffixes by name from public_suffixes")
    con.unregister("public_suffixes")
    con.execute("commit")
    return {table: len(described) for table, described in rows.items()} | {"public_suffixes": known.num_rows}


def note(con: duckdb.DuckDBPyConnection, settings: Settings, sources: Sources, now: datetime) -> None:
    """Remember what sources.yml says at this load, and the file of decisions that it names."""
    files = {"sources.yml": settings.sources.read_bytes()}
    if decided := sources.identity_overrides:
        files[decided.relative_to(settings.sources.absolute().parent).as_posix()] = decided.read_bytes()
    definitions.keep(con, definitions.SOURCES, files, now)


def records_held(con: duckdb.DuckDBPyConnection, raw: str, system: str, key: tuple[str, ...], is_once: bool) -> int:
    """Records of a system that a raw table holds, deleted ones too; one that changes counts once, not each version."""
    rows = f"from {raw} where system = {literal(system)}"
    counted = f"select count(*) {rows}" if is_once else f"select count(*) from (select distinct {columns(key)} {rows})"
    return con.execute(counted).fetchone()[0]


def leave_for_later(system: System, done: SystemResult, was_loaded_before: bool, result: LoadResult) -> list[Wrong]:
    """Say that a system's files changed while they were read; an error only when nothing of it is there yet."""
    done.left_for_later = True
    result.tell(f"{system.name}: {LEFT_FOR_LATER}")
    wrong = Wrong(system.name, "exports", None, f"{LEFT_FOR_LATER}, and nothing of it was loaded before")
    return [] if was_loaded_before else [wrong]


def tell_counts(system: str, done: SystemResult, result: LoadResult) -> None:
    """One sentence for each table."""
    for name, table in done.tables.items():
        message = f"{system}: {name}: {table.rows_read} read, {table.landed} new, {table.unchanged} unchanged"
        message += f", {table.rejected} rejected" if table.rejected else ""
        message += f", {table.superseded} superseded" if table.superseded else ""
        result.tell(message)
