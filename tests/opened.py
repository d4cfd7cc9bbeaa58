"""One path for the data dirs of all tests of a worker, in turn: dbt parses the project anew for another path."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY / "data" / "test" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
OPENED = SHARED / "opened"


def opened(data: Path) -> Path:
    """The same data dir, until another is opened, by the path with which the project was parsed."""
    OPENED.parent.mkdir(parents=True, exist_ok=True)
    OPENED.unlink(missing_ok=True)
    OPENED.symlink_to(data.absolute(), target_is_directory=True)
    return OPENED
