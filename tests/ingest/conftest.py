"""Fixtures of the tests of ingest."""

import pytest
from exporting import Exports


@pytest.fixture
def exports(tmp_path) -> Exports:
    return Exports(tmp_path)
