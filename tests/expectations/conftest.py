"""What the tests of the audit share: warehouses that differ from a healthy one by one change."""

from pathlib import Path

import healthy
import pytest


@pytest.fixture
def warehouse(tmp_path):
    """A function that writes the healthy warehouse with changes, in SQL, and says where."""

    def write(*changes: str, name: str = "warehouse.duckdb") -> Path:
        return healthy.warehouse(tmp_path / name, *changes)

    return write
