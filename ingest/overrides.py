"""What people have decided about who is one person: a CSV that sources.yml names, validated whole.

A row says of two records that they are `always` or `never` one person. What it overrules is the models' business.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DECISIONS = ("always", "never")
REQUIRED = ("decision", "system", "record_id", "other_system", "other_record_id")
OPTIONAL = ("reason", "decided_by", "decided_on")
COLUMNS = dict.fromkeys((*REQUIRED, "reason", "decided_by"), "VARCHAR") | {"decided_on": "DATE"}

Wrong = tuple[str, str | None, str]  # where in the file, the value if it may be shown, what would be right


@dataclass(frozen=True)
class Override:
    """One decision about two records, the smaller first."""

    decision: str
    system: str
    record_id: str
    other_system: str
    other_record_id: str
    reason: str | None
    decided_by: str | None
    decided_on: date | None

    @property
    def ends(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The two records."""
        return (self.system, self.record_id), (self.other_system, self.other_record_id)


def read(file: Path, systems: list[str]) -> tuple[list[Override], list[Wrong]]:
    """The decisions in a file, and everything that is wrong with it; no record id is told, for some are e-mails."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return [], [("file", None, f"cannot be read ({getattr(error, 'strerror', None) or 'it is not UTF-8'})")]
    reader = csv.DictReader(io.StringIO(text), strict=True)
    header = [name.strip() for name in reader.fieldnames or []]
    wrongs = list(_of_header(header))
    if wrongs:
        return [], wrongs
    reader.fieldnames = header
    overrides, lines = [], []
    try:
        for row in reader:
            found = list(_of_row(row, systems))
            wrongs += [(f"line {reader.line_num}, {column}", value, right) for column, value, right in found]
            if not found:
                overrides.append(_override(row))
                lines.append(reader.line_num)
    except csv.Error as error:
        wrongs.append((f"line {reader.line_num}", None, f"is not CSV: {error}"))
    return overrides, wrongs + list(_of_all(overrides, lines))


def _of_header(header: list[str]) -> Iterator[Wrong]:
    known = (*REQUIRED, *OPTIONAL)
    for name in REQUIRED:
        if name not in header:
            yield "line 1", name, f"is missing: expected the columns {', '.join(known)}"
    for name in header:
        if name not in known:
            yield "line 1", name, f"is no column here: expected {', '.join(known)}"
        elif header.count(name) > 1:
            yield "line 1", name, "stands twice: keep one of them"


def _of_row(row: dict, systems: list[str]) -> Iterator[Wrong]:
    if None in row or None in row.values():
        yield "row", None, "has more or fewer fields than the header"
        return
    row = {name: value.strip() for name, value in row.items()}
    if row["decision"] not in DECISIONS:
        yield "decision", row["decision"], f"must be {' or '.join(DECISIONS)}"
    for name in ("system", "other_system"):
        if row[name] not in systems:
            yield name, row[name], f"is no connected system; there are: {', '.join(systems)}"
    for name in ("record_id", "other_record_id"):
        if not row[name]:
            yield name, "", "must name a record"
    if (row["system"], row["record_id"]) == (row["other_system"], row["other_record_id"]):
        yield "other_record_id", None, "is the same record: expected another"
    if _day(row.get("decided_on")) is ValueError:
        yield "decided_on", row["decided_on"], "is not a date such as 2026-01-31"


def _day(text: str | None) -> date | type[ValueError] | None:
    try:
        return date.fromisoformat(text.strip()) if text and text.strip() else None
    except ValueError:
        return ValueError


def _override(row: dict[str, str]) -> Override:
    row = {name: value.strip() or None for name, value in row.items()}
    one, other = sorted([(row["system"], row["record_id"]), (row["other_system"], row["other_record_id"])])
    told = (row.get("reason"), row.get("decided_by"), _day(row.get("decided_on")))
    return Override(row["decision"], *one, *other, *told)


def _of_all(overrides: list[Override], lines: list[int]) -> Iterator[Wrong]:
    """A pair is decided once, and no `never` contradicts what the `always` add up to."""
    first_line, person = {}, {}
    for override, line in zip(overrides, lines, strict=True):
        if override.ends in first_line:
            yield f"line {line}", None, f"decides the pair of line {first_line[override.ends]} again: keep one of them"
        first_line.setdefault(override.ends, line)
        if override.decision == "always":
            one, other = (_person(person, end) for end in override.ends)
            person[one] = other
    for override, line in zip(overrides, lines, strict=True):
        ends = [_person(person, end) for end in override.ends]
        if override.decision == "never" and ends[0] == ends[1] and first_line[override.ends] == line:
            yield f"line {line}", "never", "contradicts rows of `always`, by which the two are one person"


def _person(person: dict, record: tuple[str, str]) -> tuple[str, str]:
    """Who a record is by the decisions so far."""
    while record in person and person[record] != record:
        record = person[record]
    return record
