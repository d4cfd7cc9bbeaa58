"""Which files of a system's folder feed which raw tables, and whether they have changed. Reads no contents."""

import contextlib
import re
from collections import defaultdict
from glob import glob
from pathlib import Path

from ingest.sources import System, nearest
from ingest.systems.kinds import KINDS
from ingest.systems.loads import Export, Wrong
from ingest.systems.vendors.names import normalised

EXPORT = re.compile(r"(?P<name>.+?)(-\d+)?\.(parquet|csv|csv\.gz|jsonl|jsonl\.gz|json)", re.IGNORECASE)
NOTED = "extractions"


def exports_of(system: System) -> tuple[dict[str, list[Export]], list[str]]:
    """Name of an origin → its files in the order of their names; and the names of the files that nothing reads."""
    fed, found, unread = KINDS[system.kind].feeds, defaultdict(list), []
    named = {normalised(name): _matching(system, pattern) for name, pattern in system.files.items()}
    taken = {export.name for exports in named.values() for export in exports}
    renamed = [fed[name] for name in named]
    for export in _matching(system, "*"):
        match = EXPORT.fullmatch(export.name)
        if not match or export.name in taken:
            continue
        name = normalised(match["name"])
        if name == NOTED or (name in fed and fed[name] not in renamed):
            found[name].append(export)
        else:
            unread.append(export.name)
    return dict(found) | named, unread


def part_of(export: Export) -> str:
    """What the parts of one export have in common: the file's name without its number."""
    match = EXPORT.fullmatch(export.name)
    return match["name"].lower() if match else export.name


def missing(system: System, exports: dict[str, list[Export]]):
    """Why a system cannot be read at all: no folder, no file, a name in `files` that matches nothing."""
    if not system.path.is_dir():
        yield Wrong(system.name, str(system.path), None, "no such folder")
        return
    for name, pattern in system.files.items():
        if not exports[normalised(name)]:
            yield Wrong(system.name, pattern, None, f"no such file in {system.path}, for {name}")
    if not any(found for name, found in exports.items() if name != NOTED):
        names = ", ".join(sorted(KINDS[system.kind].tables))
        yield Wrong(system.name, str(system.path), None, f"holds no export of {system.kind}: files are named {names}")


def unread_message(system: System, unread: list[str]) -> str:
    """What to say of files whose names mean nothing."""
    names = [EXPORT.fullmatch(name)["name"] for name in unread]
    hint = nearest(normalised(names[0]), KINDS[system.kind].feeds) if len(names) == 1 else ""
    return f"{system.name}: not read, for no object of {system.kind} has this name: {', '.join(unread)}{hint}"


def snapshot(system: System) -> dict[str, tuple[int, int, int]]:
    """File → (size, time of last change, inode) of everything that a load of this system reads now."""
    stats = {}
    for exports in exports_of(system)[0].values():
        for export in exports:
            with contextlib.suppress(FileNotFoundError):  # gone since it was listed
                stat = export.path.stat()
                stats[export.name] = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
    return stats


def _matching(system: System, pattern: str) -> list[Export]:
    names = sorted(Path(name).as_posix() for name in glob(pattern, root_dir=system.path, recursive=True))
    return [Export(system.path / name, name) for name in names if (system.path / name).is_file()]
