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
from ingest.systems.files.exports import Export

CHUNK = 1 << 20


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
        raise Unfit((None, "is empty: a header with the names of the columns is needed"))
    return header


def places_of(wanted: list[str], header: list[str]) -> list[int]:
    """Where the wanted names stand in the header, each exactly once."""
    faults = [(name, f"is missing{nearest(name, header)}") for name in wanted if name not in header]
    faults += [(name, "stands twice in the header") for name in wanted if header.count(name) > 1]
    if faults:
        raise Unfit(*faults)
    return [header.index(name) for name in wanted]


def refuse_open_quotes(path: Path, delimiter: str) -> None:
    """Raise Unfit for a quote that swallows a line end without closing well; a bad quote within a line is its own."""
    if path.name.lower().endswith(".gz") or path.stat().st_size == 0:
        return  # a compressed file that holds quotes comes as a plain copy
    end = re.escape(delimiter.encode()) + rb"\r\n"
    quoted = rb'"(?:[^"]++|"")*+"'
    plain = rb'[^"' + end + rb"][^" + end + rb"]*+"
    fields = re.compile(rb"(?:" + quoted + rb"(?=[" + end + rb"]|\Z)|" + plain + rb"|[" + end + rb"])*+")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        at = 3 if text[:3] == b"\xef\xbb\xbf" else 0
        while (at := fields.match(text, at).end()) < len(text):
            line_end = re.compile(rb"[\r\n]|\Z").search(text, at).start()
            closed = re.compile(quoted).match(text, at)
            if not closed or closed.end() > line_end:
                line = len(re.findall(rb"\r\n|\r|\n", text[:at])) + 1
                raise Unfit(
                    (None, f"a quote opens in line {line} and stays open: close it, or double it within a value")
                )
            at = line_end


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
