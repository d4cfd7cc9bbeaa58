"""What a run says of its steps while they go on."""

from io import StringIO
from types import SimpleNamespace

import pytest
from rich.console import Console

from ingest.settings import Settings
from orchestration.terminal.progress import Progress
from orchestration.terminal.running import _idle

CONNECTED = """
systems:
  - {name: crm, kind: salesforce, role: crm, path: crm}
"""


@pytest.fixture
def said():
    """said(step, outcome): what is printed of one step, where HubSpot is not connected."""

    def run(step: str, outcome: str) -> str:
        shown = StringIO()
        progress = Progress(Console(file=shown), idle={"raw_hubspot"})
        for kind in ("STEP_START", outcome):
            progress.event(SimpleNamespace(dagster_event=SimpleNamespace(event_type_value=kind), step_key=step))
        return shown.getvalue()

    return run


def test_a_load_of_nothing_says_nothing_unless_it_fails(said):
    assert "Loading Salesforce" in said("raw_salesforce", "STEP_SUCCESS")
    assert said("raw_hubspot", "STEP_SUCCESS") == ""
    assert "✗ Loading HubSpot" in said("raw_hubspot", "STEP_FAILURE")


def test_idle_are_the_loads_of_kinds_that_are_not_connected(tmp_path):
    (tmp_path / "sources.yml").write_text(CONNECTED)
    assert _idle(Settings(sources=tmp_path / "sources.yml")) == {"raw_files", "raw_marketo", "raw_hubspot"}
    assert _idle(Settings(sources=tmp_path / "missing.yml")) == set()
