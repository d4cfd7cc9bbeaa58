"""A text file before DuckDB reads it: one kind of line end, no quote left open, the names in its header.

DuckDB needs one line end to read strictly; read leniently, or with an open quote, it loses records without a word.
"""

import csv
import gzip
import mmap
import re
from io import StringIO
from pathlib import Path

from ingest.sources import nearest
from ingest.systems.loads import Export

CHUNK = 1 << 20
BAD_QUOTE = b"\x02"


class Unfit(Exception):
    """A file whose shape does not fit its mapping: (column or None, what would be right) for each fault."""

    def __init__(self, *faults: tuple[str | None, str]):
        self.faults = faults
        super().__init__(str(faults))


def readable(export: Export, scratch: Path) -> Path:
    """The file itself, or in `scratch` a plain copy with \\n throughout if it mixes line ends or hides its quotes."""
    ends, has_quotes = _scan(export)
    if len(ends) < 2 and not (export.is_gzip and has_quotes):
        return export.path
    copy = scratch / f"copy_{len(list(scratch.iterdir()))}.txt"
    with copy.open("wb") as out:
        for chunk in _chunks(export.path):
            out.write(chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if len(ends) > 1 else chunk)
    return copy


def header_of(path: Path, delimiter: str) -> list[str]:
    """The names in the first record of a CSV."""
    with _open(path) as file:
        start = file.read(CHUNK)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unfit((None, "is UTF-16: export it as UTF-8"))
    text = StringIO(start.decode("utf-8-sig", errors="replace"), newline="")
    header = next(csv.reader(text, delimiter=delimiter), None)
    if not header:
        raise Unfit((None, "begins with nothing: a header with the names of the columns is needed"))
    return header


def places_of(wanted: list[str], header: list[str]) -> list[int]:
    """Where the wanted names stand in the header, each exactly once."""
    faults = [(name, f"is missing{nearest(name, header)}") for name in wanted if name not in header]
    faults += [(name, "stands twice in the header") for name in wanted if header.count(name) > 1]
    if faults:
        raise Unfit(*faults)
    return [header.index(name) for name in wanted]


def without_bad_quotes(path: Path, delimiter: str, width: int, scratch: Path) -> Path:
    """The file itself, or a copy with BAD_QUOTE and the hex of the record for each that has a bad quote within a line.

    Such a stand-in has too many columns, so it is rejected whole: of the record DuckDB would invent another one.
    Raises Unfit for a quote that swallows a line end without closing well.
    """
    if path.name.lower().endswith(".gz") or path.stat().st_size == 0:
        return path  # a compressed file that holds quotes comes as a plain copy
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        bad = list(_bad_records(text, re.escape(delimiter.encode())))
        if not bad:
            return path
        copy, at = scratch / f"copy_{len(list(scratch.iterdir()))}.txt", 0
        with copy.open("wb") as out:
            for start, end in bad:
                record = text[start:end][:1000].decode(errors="replace").encode()
                out.write(text[at:start] + BAD_QUOTE + record.hex().encode() + delimiter.encode() * width + b"-")
                at = end
            out.write(text[at:])
    return copy


def _bad_records(text: mmap.mmap, delimiter: bytes):
    """Where a record with a bad quote starts and ends; DuckDB takes spaces around quotes for none, and so do we."""
    quoted = rb' *+"(?:[^"]++|"")*+" *+'
    field = rb"(?:" + quoted + rb'|(?! *+")[^\r\n' + delimiter + rb"]++)?+"
    well = rb"(?:" + field + delimiter + rb")*+"
    records = re.compile(rb"(?:" + well + field + rb"(?:\r\n?+|\n))*+(?:" + well + field + rb"\Z)?+")
    well, quoted, line_end = re.compile(well), re.compile(quoted), re.compile(rb"[\r\n]|\Z")
    at = 3 if text[:3] == b"\xef\xbb\xbf" else 0
    while (start := records.match(text, at).end()) < len(text):
        bad = well.match(text, start).end()
        at, closed = line_end.search(text, bad).start(), quoted.match(text, bad)
        if not closed or closed.end() > at or start <= 3:
            line = len(re.findall(rb"\r\n?|\n", text[:bad])) + 1
            raise Unfit((None, f"a quote opens in line {line} and stays open: close it, or double it within a value"))
        yield start, at


def _open(path: Path):
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")


def _chunks(path: Path):
    """The file's bytes, decompressed; never cut between \\r and \\n."""
    with _open(path) as file:
        while chunk := file.read(CHUNK):
            while chunk.endswith(b"\r") and (following := file.read(1)):
                chunk += following
            yield chunk


def _scan(export: Export) -> tuple[set[str], bool]:
    """The kinds of line end, and whether there is a quote at all."""
    ends, has_quotes = set(), False
    for chunk in _chunks(export.path):
        both = chunk.count(b"\r\n")
        ends |= {"crlf"} if both else set()
        ends |= {"lf"} if chunk.count(b"\n") > both else set()
        ends |= {"cr"} if chunk.count(b"\r") > both else set()
        has_quotes = has_quotes or b'"' in chunk
    return ends, has_quotes
