"""Models built in a process of their own, on any data dir: for companies that nobody publishes. Knows no Dagster.

The line of the connected company is built by `defs/models.py`, between whose steps the checks stand.
"""

import os
import subprocess
from pathlib import Path

from orchestration.dbt import EXECUTABLE, PROJECT, workplace


class BuildError(Exception):
    """A model could not be built; the text is dbt's own."""


def build(data: Path, models: list[str] = [], parsed_in: Path | None = None) -> None:  # noqa: B006
    """`dbt run` of these models, or of all, in the warehouse of a data dir; raises BuildError.

    `parsed_in`: the data dir that keeps what dbt has parsed; a second build there starts three seconds sooner.
    """
    target = str(workplace(parsed_in or data, "alone"))
    command = [EXECUTABLE, "--quiet", "--no-use-colors", "--log-level-file", "none", "run"]
    selected = ["--select", *models] if models else []
    environment = os.environ | {
        "ONEFUNNEL_DATA": str(data.absolute()),
        "DBT_PROFILES_DIR": str(PROJECT.profiles_dir),
        "DBT_TARGET_PATH": target,
        "DBT_LOG_PATH": target,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    done = subprocess.run(
        command + selected, cwd=PROJECT.project_dir, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"dbt could not build {data}:\n{done.stdout}{done.stderr}".strip())
