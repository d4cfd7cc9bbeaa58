"""What can go wrong with disk, memory and locks while something is published, as sentences that say what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.triage.store import TriageError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)
MORE_MEMORY = "Let it have more: ONEFUNNEL_MEMORY_LIMIT (3GB without it); end other programs, or take a larger machine."


class PublishingError(Exception):
    """Nothing was published; the text says why and what to do."""


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Raises PublishingError for whatever the disk, the memory or a lock refuses."""
    try:
        yield
    except (OSError, MemoryError, duckdb.Error, TriageError) as error:
        raise PublishingError(f"{_advice(error, folder)} What was published before still stands.") from error


def is_locked(error: Exception) -> bool:
    """Whether another program has a DuckDB file open."""
    return isinstance(error, duckdb.IOException) and "lock" in str(error)


def _advice(error: Exception, folder: Path) -> str:
    number, text = getattr(error, "errno", None), str(error)
    if number in NO_ROOM or "No space left" in text or "File too large" in text:
        return f"There is no room left to write into {folder}: free some space and run again. ({text})"
    if number in FORBIDDEN or "Read-only file system" in text or "Permission denied" in text:
        return f"{folder} cannot be written: allow it, or set ONEFUNNEL_DATA to another folder. ({text})"
    if is_locked(error):
        return f"Another program has the warehouse open: close it and run again. ({text})"
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException) or number == errno.ENOMEM:
        return f"There is too little memory. {MORE_MEMORY} ({text})"
    return text if isinstance(error, TriageError) else f"Publishing failed: {text}"
