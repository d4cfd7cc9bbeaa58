"""Has anything changed since the last good run: an export, a definition, a model, the code?

By size and time of every file, never by their contents: an answer takes milliseconds, whatever the size of the exports.
"""

import hashlib
import json
from pathlib import Path

from ingest.settings import REPOSITORY, Settings
from ingest.sources import SourcesError
from ingest.systems import connected

from orchestration.publishing.kept import current, rolled_back_from

ROOMS = ("ingest", "dbt_project", "expectations", "orchestration")


def seen_now(settings: Settings) -> dict[str, str] | None:
    """A fingerprint of the exports of each system, of both definitions and of each room; none without a sources.yml."""
    try:
        exports = connected.fingerprint(settings)
    except SourcesError:
        return None
    named = {"sources.yml": [settings.sources], "agreement": sorted(settings.agreement.glob("*.yml"))}
    for room in ROOMS:
        named[room] = sorted(path for path in (REPOSITORY / room).rglob("*") if path.suffix in _READ)
    return exports | {name: _fingerprint(paths) for name, paths in named.items()}


def unchanged(settings: Settings) -> bool:
    """True when the last run was good and would find everything as it found it then; never with a system by its API."""
    note = _note(settings)
    published = settings.data / "published" / "onefunnel.duckdb"
    seen = seen_now(settings)
    if seen is None or connected.asked_by_api(settings):
        return False
    return note.exists() and published.exists() and json.loads(note.read_text()) == seen


def nothing_changed(settings: Settings) -> str:
    """What to say then; after a rollback also that what stands is not what that run published."""
    said = "Nothing has changed since the last run: no export, no definition, no model, no code."
    newest, standing = rolled_back_from(settings.data), current(settings.data)
    if newest and standing:
        said += f" What it published ({newest.number}) was rolled back to {standing.number}: a plain run publishes."
    return said


def changed(settings: Settings) -> set[str]:
    """What differs from what the last good run found; nothing where there was none."""
    note, now = _note(settings), seen_now(settings)
    before = json.loads(note.read_text()) if note.exists() else now
    return {name for name in {*(before or {}), *(now or {})} if (before or {}).get(name) != (now or {}).get(name)}


def remember(settings: Settings, seen: dict[str, str] | None) -> None:
    """Keep what a good run found; after any other run forget it."""
    note = _note(settings)
    note.unlink(missing_ok=True)
    if seen:
        note.write_text(json.dumps(seen, indent=1))


_READ = {".py", ".sql", ".yml", ".j2", ".css", ".js"}


def _note(settings: Settings) -> Path:
    return settings.data.absolute() / "last_good_run.json"


def _fingerprint(paths: list[Path]) -> str:
    stats = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    return hashlib.sha256(repr(stats).encode()).hexdigest()
