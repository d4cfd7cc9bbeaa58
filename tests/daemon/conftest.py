"""Proofs under the real `dagster dev`: `make proof`. What a proof prints is told at the end."""

import pytest

from tests.daemon.dagster_dev import Daemon
from tests.flow.conftest import EXAMPLES, Line, company, own_copy
from tests.proofs.conftest import pytest_terminal_summary

__all__ = ["company", "own_copy", "pytest_terminal_summary"]


@pytest.fixture
def connected(tmp_path, manifest):
    """A line and its daemon, not yet started: connected(exports, **environment)."""
    made = []

    def make(exports, **environment: str) -> tuple[Line, Daemon]:
        data = tmp_path / f"data{len(made)}"
        made.append(Daemon(data, exports / "sources.yml", EXAMPLES / "salesforce-marketo", **environment))
        return Line(data, exports / "sources.yml", EXAMPLES / "salesforce-marketo"), made[-1]

    yield make
    for daemon in made:
        daemon.kill()
