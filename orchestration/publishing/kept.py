"""The last publications, each a copy of its own under <data>/publications: to return to, and to carry tables over from.

A copy and no link, for readers see the published file and could change it; nobody reads these. A copy is made before
the system call that publishes and gets its name after it, so that a kill leaves nothing that was never published.
Whoever calls a function that writes has publishing to himself (files.alone).
"""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.publishing import stamps
from orchestration.publishing.files import FILE, published_folder, seal, sync
from orchestration.publishing.stamps import Stamp

NAME, MOMENT, SUFFIX = "{number:06}_{moment}{suffix}", "%Y-%m-%dT%H-%M-%SZ", ".duckdb"


@dataclass(frozen=True)
class Kept:
    """One kept publication; `published_at` is naive UTC, to the second."""

    number: int
    published_at: datetime
    file: Path
    is_current: bool


def publications(data: Path) -> list[Kept]:
    """What is kept, newest first."""
    published = stamps.read(published_folder(data) / FILE)
    return [_kept(file, published) for file in _files(data)]


def current(data: Path) -> Kept | None:
    """What readers see, as it is kept; none where nothing is published, or nothing was kept of it yet."""
    return next((one for one in publications(data) if one.is_current), None)


def rolled_back(data: Path) -> list[Kept]:
    """What was published after what readers see now, newest first; nothing unless a rollback stands."""
    standing = current(data)
    return [one for one in publications(data) if standing and one.number > standing.number]


def rolled_back_from(data: Path) -> Kept | None:
    """The newest publication, while an earlier one is the current one; none when nothing was rolled back."""
    return next(iter(rolled_back(data)), None)


def mended(data: Path) -> Kept | None:
    """What is published now, kept if it was not yet; what was never published is removed."""
    published = stamps.read(published_folder(data) / FILE)
    _folder(data).mkdir(exist_ok=True)
    if published and not _file(data, published).exists():
        set_aside(data, published_folder(data) / FILE, published)
        settle(data, published)
    for path in _folder(data).glob("*.new"):
        path.unlink()
    return _kept(_file(data, published), published) if published else None


def following(data: Path, before: Kept | None, moment: datetime) -> Stamp:
    """The stamp of the next publication: no number is given twice, also not after a rollback."""
    newest = max((_kept(file, None).number for file in _files(data)), default=0)
    return Stamp(1 + newest, moment, before.number if before else None)


def set_aside(data: Path, file: Path, stamp: Stamp) -> None:
    """A copy of what is about to be published, not yet by its name."""
    copy = shutil.copyfile(file, _unsettled(data, stamp))
    seal(copy)


def settle(data: Path, stamp: Stamp) -> None:
    """It is published: the copy gets its name."""
    os.replace(_unsettled(data, stamp), _file(data, stamp))
    sync(_folder(data))


def prune(data: Path, limit: int) -> None:
    """Remove the oldest, until `limit` are left; what was just published is the newest."""
    for file in _files(data)[limit:]:
        file.unlink()


def _folder(data: Path) -> Path:
    return data.absolute() / "publications"


def _files(data: Path) -> list[Path]:
    return sorted(_folder(data).glob(f"*{SUFFIX}"), reverse=True)


def _file(data: Path, stamp: Stamp) -> Path:
    return _folder(data) / NAME.format(number=stamp.number, moment=stamp.published_at.strftime(MOMENT), suffix=SUFFIX)


def _unsettled(data: Path, stamp: Stamp) -> Path:
    file = _file(data, stamp)
    return file.with_name(f"{file.name}.new")


def _kept(file: Path, published: Stamp | None) -> Kept:
    number, _, moment = file.stem.partition("_")
    is_current = bool(published and published.number == int(number))
    return Kept(int(number), datetime.strptime(moment, MOMENT), file, is_current)
