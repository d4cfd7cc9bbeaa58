"""Backup and restore of a data dir. A kill at any point leaves what was before, and what the next one clears up.

A backup waits for its turn and holds it only while it copies; packing needs nobody's patience. A restore unpacks and
verifies everything beside the data dir, then takes its place in one system call.
"""

import ctypes
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ingest import layout
from ingest.settings import Settings

from orchestration.turns import turn
from orchestration.upkeep import archive, snapshot
from orchestration.upkeep.archive import Manifest

Tell = Callable[[str], None]
Step = Callable[[str, int], AbstractContextManager[archive.Moved]]  # what is done, to how many bytes


class BackupError(Exception):
    """Nothing was backed up or restored; the text says why and what to do."""


def backup(settings: Settings, file: Path, step: Step, tell: Tell, *, runs: bool = True) -> Manifest:
    """Pack the data dir into `file`, which must not exist; `runs`: Dagster's history too. `step` shows what is done.

    Raises BackupError, SnapshotError, TurnTaken and WarehouseError.
    """
    data = settings.data.absolute()
    if not settings.warehouse.exists():
        raise BackupError(f"There is no warehouse at {settings.warehouse}: nothing was loaded yet.")
    if file.exists():
        raise BackupError(f"{file} exists already: name another file, or remove it.")
    if file.absolute().is_relative_to(data):
        raise BackupError(f"{file} lies in the data dir itself: name a file elsewhere, best on another disk.")
    place = data / snapshot.PLACE
    with turn(place, 0), _cleared(place / "copy") as copy:  # one backup at a time
        with turn(data, settings.lock_wait_seconds, tell):
            sizes = [path.lstat().st_size for path in snapshot.kept(data, runs=runs)]
            _make_sure_of_room(sum(sizes), {copy, file.absolute().parent})
            with step("Copying", sum(sizes)) as moved:
                found = snapshot.take(settings, copy, runs=runs, moved=moved)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        left_out = snapshot.left_out(data, runs=runs)
        about = Manifest(archive.FORMAT, layout.RELEASE, found.layout, made_at, sum(sizes), len(sizes), left_out)
        with step("Packing", sum(sizes)) as moved:
            archive.write(copy, file, about, moved)
    return about


def restore(settings: Settings, file: Path, step: Step, tell: Tell, *, replace: bool = False) -> Manifest:
    """Put a data dir back as it was backed up; raises BackupError, ArchiveError, TurnTaken.

    Without `replace` only where there is none, or an empty one.
    """
    data, about = settings.data.absolute(), archive.read_manifest(file)
    if about.format > archive.FORMAT or about.layout > layout.TODAY.layout:
        raise BackupError(
            f"{file} was made by OneFunnel {about.release} (layout {about.layout}), and this is {layout.RELEASE}, which"
            f" knows layouts up to {layout.TODAY.layout}: install OneFunnel {about.release} or a later one."
        )
    if data.exists() and any(data.iterdir()) and not replace:
        raise BackupError(f"{data} is not empty: name another folder in ONEFUNNEL_DATA, or say --replace.")
    beside = data.with_name(f".{data.name}.restoring")
    with _cleared(beside):
        _make_sure_of_room(about.bytes, {beside})
        with step("Unpacking", about.bytes) as moved:
            unpacked = archive.unpack(file, beside, moved)
        if data.exists() and any(data.iterdir()):
            with turn(data, settings.lock_wait_seconds, tell):
                os.link(data / "run.lock", unpacked / "run.lock")  # who waits for his turn waits for the same one
                _exchange(unpacked, data)
        else:
            os.rename(unpacked, data)
        archive.sync(data.parent)
    return about


@contextmanager
def _cleared(folder: Path) -> Iterator[Path]:
    """An empty folder of our own, gone when we are; also clears up after one that was killed."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise BackupError(
            f"{folder.parent} cannot be written ({error.strerror}): it is where this is prepared."
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _exchange(one: Path, other: Path) -> None:
    """Two folders change places in one system call of Linux's."""
    library = ctypes.CDLL(None, use_errno=True)
    at_work_dir, exchange = -100, 2
    if not hasattr(library, "renameat2"):
        raise BackupError(f"This system cannot swap two folders at once: move {other} away, and restore again.")
    if library.renameat2(at_work_dir, os.fsencode(one), at_work_dir, os.fsencode(other), exchange):
        reason = os.strerror(ctypes.get_errno())
        raise BackupError(f"{other} cannot be replaced in one step ({reason}): move it away, and restore again.")


def _make_sure_of_room(needed: int, folders: set[Path]) -> None:
    """Raises BackupError where the disks of these folders have less than `needed` bytes for each of them."""
    for disk in {folder.stat().st_dev for folder in folders}:
        here = [folder for folder in folders if folder.stat().st_dev == disk]
        free, wanted = shutil.disk_usage(here[0]).free, needed * len(here)
        if free < wanted:
            raise BackupError(
                f"{here[0]} has {free / 1e9:.1f} GB free, and this takes up to {wanted / 1e9:.1f} GB:"
                " make room, and try again; nothing was changed."
            )
