"""The exports of a simulated company, changed in ways that say nothing new: a row is text, as an extractor wrote it."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

ELSEWHERE = timezone(timedelta(hours=5, minutes=30))
MOMENT = re.compile(r"""(?<=[,"])\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?Z?(?=[,"\n])""")


class Exports:
    """Every export of a company's systems, CSV or JSON lines; `folder` has sources.yml, and is changed in place."""

    def __init__(self, folder: Path):
        self.folder = folder

    def rows(self) -> dict[Path, tuple[str, list[str]]]:
        """File → its header, none for JSON lines, and its rows."""
        found = {}
        for file in sorted([*self.folder.glob("[hms]*/*.csv"), *self.folder.glob("[hms]*/*.jsonl")]):
            lines = file.read_text().splitlines(keepends=True)
            header = lines.pop(0) if file.suffix == ".csv" else ""
            found[file] = header, lines
        return found

    def write(self, rows: dict[Path, tuple[str, list[str]]], keep: Callable[[int], bool] = lambda number: True) -> None:
        """Write these rows of each file instead of what it holds: those whose number is to be kept."""
        for file, (header, lines) in rows.items():
            file.write_text(header + "".join(line for number, line in enumerate(lines) if keep(number)))

    def double(self) -> None:
        """Every row twice."""
        self.write({file: (header, lines * 2) for file, (header, lines) in self.rows().items()})

    def shuffle(self) -> None:
        """The rows in an order of chance."""
        chance, rows = random.Random(1), self.rows()
        for _, lines in rows.values():
            chance.shuffle(lines)
        self.write(rows)

    def split(self, parts: int) -> None:
        """Each file in several."""
        for file, (header, lines) in self.rows().items():
            for part in range(parts):
                numbered = file.with_name(f"{file.stem}-{part + 1:04d}{file.suffix}")
                numbered.write_text(header + "".join(lines[part::parts]))
            file.unlink()

    def shift_the_zone(self) -> None:
        """The same moments as clocks elsewhere show them, with the distance from UTC."""
        for file, (header, lines) in self.rows().items():
            file.write_text(header + "".join(MOMENT.sub(_elsewhere, line) for line in lines))


def _elsewhere(match: re.Match) -> str:
    moment = datetime.fromisoformat(match[0].removesuffix("Z")).replace(tzinfo=UTC)
    return moment.astimezone(ELSEWHERE).isoformat()
