"""The code location: loads `defs/` and nothing else."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Every asset, check, sensor and job of OneFunnel."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
