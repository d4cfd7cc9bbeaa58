"""Does every quote of a CSV close? DuckDB's reader can lose the rest of a file without a word where one does not.

A value with a bad quote within its own line is no matter for this module: that record is rejected by itself.
"""

import mmap
import re
from pathlib import Path


def line_of_open_quote(path: Path, delimiter: str) -> int | None:
    """The line, from 1, of the first quote that swallows a line end without closing well; None when all is well."""
    if path.name.lower().endswith(".gz") or path.stat().st_size == 0:
        return None  # a compressed file is only read in place when it holds no quote at all
    end = re.escape(delimiter.encode()) + rb"\r\n"
    quoted = rb'"(?:[^"]++|"")*+"'
    fields = re.compile(
        rb"(?:" + quoted + rb"(?=[" + end + rb"]|\Z)|[^\"" + end + rb"][^" + end + rb"]*+|[" + end + rb"])*+"
    )
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        at = 3 if text[:3] == b"\xef\xbb\xbf" else 0
        while (at := fields.match(text, at).end()) < len(text):
            line_end = re.compile(rb"[\r\n]|\Z").search(text, at).start()
            closed = re.compile(quoted).match(text, at)
            if not closed or closed.end() > line_end:
                return len(re.findall(rb"\r\n|\r|\n", text[:at])) + 1
            at = line_end
    return None
