"""The walls between the Python rooms, each broken once to see ruff stop it."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FORBIDDEN = [
    ("ingest", "dagster"),
    ("ingest", "dagster_dbt"),
    ("ingest", "great_expectations"),
    ("ingest", "expectations"),
    ("ingest", "orchestration"),
    ("expectations", "dagster"),
    ("expectations", "dagster_dbt"),
    ("expectations", "dlt"),
    ("expectations", "ingest"),
    ("expectations", "orchestration"),
    ("orchestration", "dlt"),
    ("orchestration", "great_expectations"),
]
ALLOWED = [
    ("ingest", "ingest.settings"),
    ("ingest", "dlt"),
    ("expectations", "great_expectations"),
    ("orchestration", "ingest.settings"),
    ("orchestration", "expectations"),
    ("orchestration", "dagster"),
    ("tests", "dagster"),
]


def complaint(room: str, code: str) -> str:
    """What ruff says of a module in this room."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--select",
        "TID251",
        "--stdin-filename",
        f"{room}/new_module.py",
        "-",
    ]
    return subprocess.run(command, cwd=REPOSITORY, input=code, text=True, capture_output=True).stdout


@pytest.mark.parametrize(("room", "module"), FORBIDDEN)
def test_ruff_stops_an_import_through_a_wall_and_says_where_the_code_belongs(room, module):
    said = complaint(room, f"import {module}\n")
    assert "TID251" in said
    assert " ".join(said.split("TID251", 1)[1].split()[:4])


@pytest.mark.parametrize(("room", "module"), ALLOWED)
def test_ruff_lets_a_room_use_what_lies_to_its_left(room, module):
    assert "TID251" not in complaint(room, f"import {module}\n")
