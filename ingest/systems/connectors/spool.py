"""What has been fetched of one system and not landed yet, on disk: an interrupted extraction goes on from there.

One folder per object: chunks (Parquet) and `progress.json`, which alone says what counts. It is replaced as a whole
after the chunks of a step are complete, so that a kill at any moment loses at most that step. What the warehouse has
landed is known by its cursor: progress that began from another cursor is thrown away.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.settings import Settings
from ingest.sources import System

VERSION = 1


@dataclass
class Chunk:
    """Some records: the name of the export whose shape they have, the file, how many."""

    origin: str
    file: str
    rows: int


@dataclass
class Window:
    """One part of an extraction that its source counts: from, to (as the vendor writes them), its count, and ours."""

    since: str | None
    until: str | None
    at_source: int | None
    fetched: int


@dataclass
class Progress:
    """How far the extraction of one object has come.

    `began_from`: the cursor of the warehouse at its start. `state`: where the vendor's own code goes on, JSON. When it
    is done: `cursor` is where the next one begins, `complete_through` the vendor's moment up to which nothing is
    missing, `at_source` the vendor's count of all records, if it has one; `missed`: how many records a sweep found that
    earlier extractions should have brought; null where no sweep was made.
    """

    began_from: dict | None
    state: dict = field(default_factory=dict)
    chunks: list[Chunk] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    is_done: bool = False
    cursor: dict | None = None
    complete_through: str | None = None
    at_source: int | None = None
    missed: int | None = None
    version: int = VERSION


class Pull:
    """The extraction of one object that goes on: what a vendor's code is handed."""

    def __init__(self, folder: Path, object: str, began_from: dict | None):
        self.folder, self.object, self._added = folder, object, []
        self.progress = self._found(began_from) or self._begun(began_from)

    @property
    def since(self) -> dict | None:
        """The cursor that the last landed extraction left; none for the first."""
        return self.progress.began_from

    @property
    def state(self) -> dict:
        """Where to go on; changed only within a `step`."""
        return self.progress.state

    @property
    def rows(self) -> int:
        """Records fetched so far."""
        return sum(chunk.rows for chunk in self.progress.chunks)

    @contextmanager
    def step(self) -> Iterator[dict]:
        """Chunks that are added within, and the changes of the yielded state, count together or not at all."""
        state, self._added = json.loads(json.dumps(self.state)), []
        try:
            yield state
            self.progress.chunks += self._added
            self.progress.state = state
            self._keep()
        finally:
            self._added = []

    def next_file(self, origin: str) -> Path:
        """Where to write the next chunk of an origin."""
        number = len(self.progress.chunks) + len(self._added) + 1
        return self.folder / f"{number:06d}-{origin}.parquet"

    def add(self, origin: str, file: Path, rows: int) -> None:
        """A chunk that is complete on disk; counts once its step has ended."""
        self._added.append(Chunk(origin, file.name, rows))

    def files(self, origin: str, first: int = 0) -> list[Path]:
        """The chunks of an origin, from the so-manieth of all on."""
        return [self.folder / chunk.file for chunk in self.progress.chunks[first:] if chunk.origin == origin]

    def counted(self, window: Window) -> None:
        """The source's own count of one window beside ours; call it within a step."""
        self.progress.windows.append(window)

    def finish(self, cursor: dict, complete_through: datetime, at_source: int | None = None) -> None:
        """All that there was is fetched."""
        self.progress.is_done, self.progress.cursor, self.progress.at_source = True, cursor, at_source
        self.progress.complete_through = complete_through.isoformat()
        self._keep()

    def forget(self) -> None:
        """Throw away what was fetched: it has landed, or it is of no use."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def begin_again(self) -> None:
        """Throw away what was fetched and begin from the same cursor."""
        began_from = self.progress.began_from
        self.forget()
        self.progress = self._begun(began_from)

    def _begun(self, began_from: dict | None) -> Progress:
        self.folder.mkdir(parents=True, exist_ok=True)
        return Progress(began_from)

    def _found(self, began_from: dict | None) -> Progress | None:
        """Progress of an interrupted extraction; none where it began elsewhere, or cannot be read."""
        try:
            found = json.loads((self.folder / "progress.json").read_text())
            is_ours = found["version"] == VERSION and found["began_from"] == began_from
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            is_ours = False
        if not is_ours:
            return self.forget()
        chunks = [Chunk(**chunk) for chunk in found.pop("chunks")]
        windows = [Window(**window) for window in found.pop("windows")]
        return Progress(**found, chunks=chunks, windows=windows)

    def _keep(self) -> None:
        new = self.folder / "progress.json.new"
        with open(new, "w") as written:
            json.dump(asdict(self.progress), written)
            written.flush()
            os.fsync(written.fileno())
        os.replace(new, self.folder / "progress.json")


class Spool:
    """The folder of one system; what is in it may be deleted at any time, at the price of fetching it again."""

    def __init__(self, folder: Path):
        self.folder = folder

    def pull(self, object: str, cursor: dict | None) -> Pull:
        """The extraction of one object, begun or gone on with."""
        return Pull(self.folder / object, object, cursor)

    def note(self, name: str) -> dict[str, Any]:
        """A small thing to remember between runs, such as what of a day's quota is spent; {} where there is none."""
        try:
            return json.loads((self.folder / f"{name}.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}

    def remember(self, name: str, said: dict[str, Any]) -> None:
        """Replace a note."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / f"{name}.json.new"
        new.write_text(json.dumps(said))
        os.replace(new, self.folder / f"{name}.json")


def spool_of(settings: Settings, system: System) -> Spool:
    """The spool of a connected system, under the data dir."""
    return Spool(settings.data.absolute() / "extracts" / system.name)
