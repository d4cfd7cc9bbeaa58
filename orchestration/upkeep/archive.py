"""One file that holds a data dir: a gzipped tar, its manifest first and the checksum of every file last.

`tar xzf` and `sha256sum -c checksums.sha256` read it too. Nothing here knows what the files mean.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

FORMAT = 1
MANIFEST, SUMS, INSIDE = "manifest.json", "checksums.sha256", "data"
BLOCK = 1 << 20
Moved = Callable[[int], None]  # told how many bytes went through


class ArchiveError(Exception):
    """The file is no backup, or not a whole one; the text says which."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is of: the release that made it, the warehouse's layout, when (UTC), how much, what is left out."""

    format: int
    release: str
    layout: int
    made_at: str
    bytes: int
    files: int
    left_out: list[str]


def write(folder: Path, file: Path, about: Manifest, moved: Moved) -> None:
    """Pack a folder into `file`, whole or not at all, for its owner's eyes only."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _pack(folder, out, about, moved)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    os.replace(new, file)
    sync(file.parent)


def read_manifest(file: Path) -> Manifest:
    """What a backup says of itself; raises ArchiveError."""
    with _opened(file) as tar:
        return _manifest(tar)


def unpack(file: Path, folder: Path, moved: Moved) -> Path:
    """Unpack into an empty folder and hold each file against its checksum; gives back the data dir in it.

    Raises ArchiveError where anything is missing, added, cut short or changed.
    """
    found, sums = {}, ""
    with _opened(file) as tar:
        _manifest(tar)
        while member := tar.next():
            if member.name == SUMS:
                sums = tar.extractfile(member).read().decode()
            elif member.issym():
                _path(folder, member).symlink_to(_inside(folder, member))
            elif not member.isdir():
                found[member.name] = _unpacked(tar, member, _path(folder, member), moved)
    said = {name: digest for digest, _, name in (line.partition("  ") for line in sums.splitlines())}
    if wrong := sorted(name for name in {*found, *said} if said.get(name) != found.get(name)):
        raise ArchiveError(f"{file} is damaged: {', '.join(wrong[:3])} is not what was backed up.")
    return folder / INSIDE


def sync(path: Path) -> None:
    """Have a file or folder on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file, moved: Moved):
        self.file, self.moved, self.sum = file, moved, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.sum.update(block)
        self.moved(len(block))
        return block


def _pack(folder: Path, out: BinaryIO, about: Manifest, moved: Moved) -> None:
    with (
        gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=1) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        _add_text(tar, MANIFEST, json.dumps(asdict(about), indent=1))
        sums = ""
        for path in sorted(folder.rglob("*")):
            member = tar.gettarinfo(path, f"{INSIDE}/{path.relative_to(folder).as_posix()}")
            if not member.isreg():
                tar.addfile(member)
                continue
            with open(path, "rb") as content:
                hashed = _Hashed(content, moved)
                tar.addfile(member, hashed)
            sums += f"{hashed.sum.hexdigest()}  {member.name}\n"
        _add_text(tar, SUMS, sums)


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    """The archive, from its first member to its last; whatever is wrong with it is an ArchiveError."""
    try:
        with tarfile.open(file, "r|gz") as tar:
            yield tar
    except FileNotFoundError:
        raise ArchiveError(f"{file}: there is no such file.") from None
    except (tarfile.TarError, zlib.error, EOFError, ValueError, TypeError, gzip.BadGzipFile) as error:
        raise ArchiveError(f"{file} is no backup of OneFunnel's, or not a whole one: {error}") from None


def _manifest(tar: tarfile.TarFile) -> Manifest:
    member = tar.next()
    if member is None or member.name != MANIFEST:
        raise ValueError(f"its first file is not {MANIFEST}")
    return Manifest(**json.loads(tar.extractfile(member).read()))


def _path(folder: Path, member: tarfile.TarInfo) -> Path:
    """Where a member goes; ValueError when that is not below the folder."""
    path = folder / member.name
    if not path.resolve().is_relative_to(folder.resolve() / INSIDE):
        raise ValueError(f"{member.name} leads elsewhere")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _inside(folder: Path, member: tarfile.TarInfo) -> str:
    """Where a link points; ValueError when that is not below the folder."""
    if not (folder / member.name).parent.joinpath(member.linkname).resolve().is_relative_to(folder.resolve() / INSIDE):
        raise ValueError(f"{member.name} points elsewhere")
    return member.linkname


def _unpacked(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path, moved: Moved) -> str:
    """Write one file, on disk; its checksum."""
    content = tar.extractfile(member)
    if content is None:
        raise ValueError(f"{member.name} is no file")
    hashed = _Hashed(content, moved)
    with open(path, "xb") as out:
        while block := hashed.read(BLOCK):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    os.chmod(path, member.mode & 0o755)
    os.utime(path, (member.mtime, member.mtime))
    return hashed.sum.hexdigest()
