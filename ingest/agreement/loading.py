"""From the folder of signed versions to raw_agreement.*, replaced whole in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from ingest import definitions
from ingest.agreement.rows import COLUMNS, content_hash, rows
from ingest.agreement.versions import read
from ingest.settings import Settings
from ingest.warehouse import connect

SCHEMA = "raw_agreement"


@dataclass(frozen=True)
class LoadSummary:
    """What a load wrote; `edited_versions` were in force already and no longer say what was loaded before."""

    versions: list[int]
    rows: dict[str, int]
    edited_versions: list[int]


def load(settings: Settings) -> LoadSummary:
    """Write every version to the warehouse; raises AgreementError before anything is touched."""
    agreements = read(settings.agreement)
    tables = rows(agreements)
    files = {one.source_file: (settings.agreement / one.source_file).read_bytes() for one in agreements}
    now = settings.clock().astimezone(UTC).replace(tzinfo=None)
    with connect(settings) as warehouse:
        loaded = _loaded(warehouse)
        warehouse.begin()
        try:
            write(warehouse, tables)
            definitions.keep(warehouse, definitions.AGREEMENT, files, now)
            warehouse.commit()
        except BaseException:
            warehouse.rollback()
            raise
    hashes = {one.version: content_hash(one) for one in agreements}
    edited = [
        version for version, (hashed, since) in loaded.items() if since <= now and hashes.get(version, hashed) != hashed
    ]
    return LoadSummary(list(hashes), {name: len(found) for name, found in tables.items()}, edited)


def _loaded(warehouse: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, datetime]]:
    """The content hash of every version that an earlier load wrote, and from when it is in force."""
    exists = "select 1 from information_schema.tables where table_schema = ? and table_name = 'versions'"
    if not warehouse.execute(exists, [SCHEMA]).fetchone():
        return {}
    rows_before = warehouse.execute(f"select version, content_hash, effective_from from {SCHEMA}.versions").fetchall()
    return {version: (hashed, since) for version, hashed, since in rows_before}


def write(warehouse: duckdb.DuckDBPyConnection, tables: dict[str, list[tuple]]) -> None:
    """Replace every raw_agreement table by these rows, in whatever transaction is open."""
    warehouse.execute(f"create schema if not exists {SCHEMA}")
    for name, columns in COLUMNS.items():
        warehouse.execute(f"create or replace table {SCHEMA}.{name} (version INTEGER NOT NULL, {columns})")
        if tables[name]:
            marks = ", ".join("?" for _ in tables[name][0])
            warehouse.executemany(f"insert into {SCHEMA}.{name} values ({marks})", tables[name])
