"""Every object of one system → the spool, from where the last landed extraction ended."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb

from ingest.sources import System, nearest
from ingest.systems.connectors.failures import Absent, ConnectorError
from ingest.systems.connectors.kinds import Connector, connector
from ingest.systems.connectors.spool import Pull, Spool
from ingest.systems.kinds import KINDS
from ingest.systems.loads import Wrong
from ingest.systems.vendors.names import normalised


@dataclass
class Asked:
    """What came of asking a system: the pulls that are complete, what stopped the others, sentences for people."""

    pulls: list[Pull] = field(default_factory=list)
    wrongs: list[Wrong] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def ask(
    con: duckdb.DuckDBPyConnection,
    system: System,
    spool: Spool,
    cursors: dict[str, dict],
    tell: Callable[[str], None],
) -> Asked:
    """Fetch every object; what stops one leaves the others, what stops the system ends the asking."""
    asked = Asked()
    try:
        vendor = connector(system, spool)
    except ConnectorError as error:
        asked.wrongs.append(Wrong(system.name, "api", None, str(error)))
        return asked
    try:
        for object in vendor.objects:
            pull = spool.pull(object, cursors.get(object))
            gone_on = f", going on after {pull.rows} records" if pull.rows else ""
            tell(f"{system.name}: {object}: {'what is new' if pull.since else 'all of it'}{gone_on}")
            try:
                if not pull.progress.is_done:
                    vendor.pull(con, pull)
                asked.pulls.append(pull)
            except Absent as absent:
                _absent(asked, system, pull, absent)
            except ConnectorError as error:
                asked.wrongs.append(Wrong(system.name, object, None, str(error)))
                if error.stops_the_system:
                    break
    finally:
        vendor.api.close()
    traffic = vendor.api.traffic
    asked.messages.append(f"{system.name}: {traffic.total} calls, {traffic.bytes / 1e6:.1f} MB")
    asked.messages += [f"{system.name}: {many} of {call}" for call, many in sorted(traffic.calls.items())]
    return asked


def look(system: System, spool: Spool) -> Asked:
    """Sign in and see whether every object and each field that sources.yml names is there; fetches no record."""
    asked = Asked()
    try:
        vendor = connector(system, spool)
        with contextlib.closing(vendor.api):
            for object in vendor.objects:
                _look_at(asked, system, vendor, object)
    except ConnectorError as error:
        asked.wrongs.append(Wrong(system.name, "api", None, str(error)))
    return asked


def _look_at(asked: Asked, system: System, vendor: Connector, object: str) -> None:
    try:
        there = vendor.look(object)
    except Absent as absent:
        asked.messages.append(f"{system.name}: {object}: not there, or not shown to us ({absent})")
        return
    kind = KINDS[system.kind]
    named = {table.name for table, _ in kind.feeds.get(normalised(object), [])}
    for on, fields in system.fields.items():
        for name, source in fields.items() if kind.objects[on] in named else ():
            if source not in there:
                right = f"is not there, or not shown to us: sources.yml names it for {on}.{name}"
                asked.wrongs.append(Wrong(system.name, object, source, right + nearest(source, there)))


def _absent(asked: Asked, system: System, pull: Pull, absent: Absent) -> None:
    """An object that is not there is no fault, unless it came before."""
    pull.forget()
    if pull.since:
        right = f"is not shown to us any more: it came before ({absent}); give the integration user access to it"
        asked.wrongs.append(Wrong(system.name, pull.object, None, right))
    else:
        asked.messages.append(f"{system.name}: {pull.object}: not there, or not shown to us ({absent})")
