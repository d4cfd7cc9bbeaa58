"""Which files a system has exported, and whether they have changed. Reads no contents."""

import contextlib
from glob import glob
from pathlib import Path

from ingest.sources import Mapping, System
from ingest.systems.loads import Export


def exports_of(system: System, mapping: Mapping) -> list[Export]:
    """The files that one mapping reads, in the order of their names."""
    names = sorted(Path(name).as_posix() for name in glob(mapping.file, root_dir=system.path, recursive=True))
    return [Export(system.path / name, name) for name in names if (system.path / name).is_file()]


def snapshot(system: System) -> dict[str, tuple[int, int, int]]:
    """File → (size, time of last change, inode) of everything that a system's mappings read now."""
    stats = {}
    for mappings in system.tables.values():
        for mapping in mappings:
            for export in exports_of(system, mapping):
                with contextlib.suppress(FileNotFoundError):  # gone since it was listed
                    stat = export.path.stat()
                    stats[export.name] = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
    return stats
