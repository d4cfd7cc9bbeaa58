"""Which files a system has exported, and whether they have changed. Reads no contents."""

import contextlib
import hashlib
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from ingest.settings import Settings
from ingest.sources import Mapping, System


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


class FilesError(Exception):
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
        """`csv`, `jsonl` or `parquet`."""
        return self.name.lower().removesuffix(".gz").rsplit(".", 1)[-1]

    @property
    def is_gzip(self) -> bool:
        """Whether the name says that it is compressed."""
        return self.name.lower().endswith(".gz")


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


def fingerprint(settings: Settings) -> dict[str, str]:
    """System → a short text that differs once its exports have changed; for all systems of kind files."""
    return {
        system.name: hashlib.sha256(repr(sorted(snapshot(system).items())).encode()).hexdigest()[:16]
        for system in settings.read_sources().of_kind("files")
    }
