"""What an API has that is new → the warehouse: the records, how far they reach and the cursors, in one transaction.

A kill before it leaves the spool, from which the next load lands; a kill after it leaves a spool that began from
another cursor, which the next load throws away.
"""

import contextlib
from collections import defaultdict
from datetime import UTC, datetime

import duckdb

from ingest.settings import Settings
from ingest.sources import System
from ingest.systems.connectors import gone, sweeping
from ingest.systems.connectors.asking import ask
from ingest.systems.connectors.chunks import GONE
from ingest.systems.connectors.landed import cursors, remember
from ingest.systems.connectors.spool import Pull, spool_of
from ingest.systems.kinds import KINDS
from ingest.systems.loads import Export, LoadResult, SystemResult, Wrong, tell_counts
from ingest.systems.vendors.extracting import Extraction, Noted
from ingest.systems.vendors.loading import land_all
from ingest.systems.vendors.names import normalised
from ingest.systems.vendors.reading import SystemRead, read_fetched
from ingest.systems.vendors.relations import drop_temp_tables


def load_new(
    settings: Settings, con: duckdb.DuckDBPyConnection, system: System, now: datetime, result: LoadResult
) -> list[Wrong]:
    """Fetch and land what is new of one system; what stopped some of its objects, or all of it."""
    done = result.systems[system.name] = SystemResult()
    con.execute(f"set memory_limit = '{settings.memory_limit}'; set preserve_insertion_order = false")
    spool = spool_of(settings, system)
    asked = ask(con, system, spool, cursors(con, system.name), result.tell)
    for message in asked.messages:
        result.tell(message)
    read = read_fetched(con, system, _exports(asked.pulls))
    landed = [pull for pull in asked.pulls if not _faulty(read, pull)]
    con.execute("begin")
    try:
        done.tables = land_all(con, system, read, _noted(read, landed), now)
        for pull in landed:
            buried = _bury(con, system, pull, now)
            read.messages += [f"{system.name}: {pull.object}: {buried} gone at the source"] if buried else []
            remember(con, system.name, pull, now)
        con.execute("commit")
    except BaseException:
        with contextlib.suppress(duckdb.Error):  # a failed commit has rolled back by itself
            con.execute("rollback")
        raise
    drop_temp_tables(con)
    for pull in landed:
        pull.forget()
    for message in read.messages:
        result.tell(message)
    tell_counts(system.name, done, result)
    return [*asked.wrongs, *read.all_wrongs]


def _exports(pulls: list[Pull]) -> dict[str, list[Export]]:
    """Name of an origin → its chunks, named so that the parts of one export are known as such."""
    exports = defaultdict(list)
    for pull in pulls:
        for number, chunk in enumerate(pull.progress.chunks, 1):
            if not chunk.origin.startswith(GONE):
                path = pull.folder / chunk.file
                exports[normalised(chunk.origin)].append(Export(path, f"{chunk.origin}-{number:06d}.parquet"))
    return dict(exports)


def _tables(read: SystemRead, pull: Pull) -> set[str]:
    """The raw tables that a pull feeds."""
    origins = {normalised(chunk.origin) for chunk in pull.progress.chunks}
    feeds = KINDS[read.system.kind].feeds
    return {table.name for origin in origins for table, _ in feeds.get(origin, [])}


def _faulty(read: SystemRead, pull: Pull) -> bool:
    """Whether something is wrong with any table that a pull feeds, so that its cursor may not move."""
    return bool(read.wrongs) or any(read.tables[name].wrongs for name in _tables(read, pull) & read.tables.keys())


def _noted(read: SystemRead, pulls: list[Pull]) -> Noted:
    """How each raw table was extracted."""
    noted: Noted = {}
    for pull in pulls:
        feeds = KINDS[read.system.kind].feeds.get(normalised(pull.object), [])
        own = {table.name for table, origin in feeds if not origin.nested}
        for name in _tables(read, pull):
            found = _extraction(read.system, pull, name in own)
            noted[name] = found.beside(noted[name]) if name in noted else found
    return noted


def _extraction(system: System, pull: Pull, is_own: bool) -> Extraction:
    """What a pull tells of a table; of its own records also their source's count, and what a sweep found."""
    done, is_increment = pull.progress, pull.since is not None
    reaches = datetime.fromisoformat(done.complete_through).astimezone(UTC).replace(tzinfo=None)
    if not is_own:
        return Extraction(reaches, is_increment=is_increment)
    is_swept = is_increment and sweeping.SWEPT_AT in done.cursor
    every = system.api.sweep_every_days if is_swept else None
    return Extraction(reaches, done.at_source, is_increment, done.missed, every)


def _bury(con: duckdb.DuckDBPyConnection, system: System, pull: Pull, now: datetime) -> int:
    """Tombstones for what a pull knows to be gone; how many."""
    kind, buried = KINDS[system.kind], 0
    for origin in {chunk.origin for chunk in pull.progress.chunks if chunk.origin.startswith(GONE)}:
        for table, feed in kind.feeds[normalised(origin.removeprefix(GONE))]:
            if not feed.nested:
                chunks = pull.files(origin)
                buried += gone.bury(con, f"raw_{system.kind}", system.name, table, chunks, now)
    return buried
