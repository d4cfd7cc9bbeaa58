"""What can be done with the connected systems, whatever their kind: load those of one kind, see whether one changed."""

import hashlib
from functools import partial

from ingest.settings import Settings
from ingest.systems import files
from ingest.systems.files import exports as mapped
from ingest.systems.kinds import KINDS
from ingest.systems.vendors import exports as vendors
from ingest.systems.vendors.loading import load as load_vendor

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
