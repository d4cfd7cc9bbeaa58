"""What can be done with the connected systems, whatever their kind: load those of one kind, see whether one changed."""

import hashlib
from datetime import datetime
from functools import partial

import duckdb

from ingest.settings import Settings
from ingest.sources import System
from ingest.systems import files
from ingest.systems.connectors.loading import load_new
from ingest.systems.files import exports as mapped
from ingest.systems.kinds import KINDS
from ingest.systems.loads import LoadResult, Wrong, load_kind
from ingest.systems.vendors import exports as vendors
from ingest.systems.vendors.loading import load_exports


def load_vendor(settings: Settings, kind: str) -> LoadResult:
    """Load every system of a vendor's kind, from its exports where `path` names them, else by its API; raises LoadError
    with all that stopped one, after the others have landed."""

    def load_system(con: duckdb.DuckDBPyConnection, system: System, now: datetime, result: LoadResult) -> list[Wrong]:
        if system.path:
            return load_exports(con, system, now, result)
        return load_new(settings, con, system, now, result)

    return load_kind(settings, kind, load_system)


LOADS = {"files": files.load} | {kind: partial(load_vendor, kind=kind) for kind in KINDS}


def fingerprint(settings: Settings) -> dict[str, str]:
    """System → a short text that differs once its exports have changed; for all that are connected by their exports.

    What people have decided about who is one person, beside sources.yml, has a text of its own.
    """
    seen, sources = {}, settings.read_sources()
    if sources.identity_overrides:
        seen["identity_overrides"] = hashlib.sha256(sources.identity_overrides.read_bytes()).hexdigest()[:16]
    for system in sources.systems:
        if system.path:
            snapshot = mapped.snapshot if system.kind == "files" else vendors.snapshot
            seen[system.name] = hashlib.sha256(repr(sorted(snapshot(system).items())).encode()).hexdigest()[:16]
    return seen


def asked_by_api(settings: Settings) -> list[str]:
    """The systems of which only their API can say whether they have changed."""
    return [system.name for system in settings.read_sources().systems if not system.path]
