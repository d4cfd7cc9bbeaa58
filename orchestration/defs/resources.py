"""What the steps share: the turn on the data dir, and dbt. Reads no secret and opens nothing at import."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

import dagster as dg
from dagster_dbt import DbtCliResource
from ingest.settings import Settings
from packaging.version import Version

from orchestration.dbt import EXECUTABLE, PROJECT
from orchestration.turns import turn


class Warehouse(dg.ConfigurableResource):
    """The data dir, held by one run from its first step to its last."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        settings = self.settings
        os.environ["ONEFUNNEL_DATA"] = str(settings.data.absolute())  # dbt's profile reads it from another folder
        with turn(settings.data.absolute(), settings.lock_wait_seconds, context.log.warning if context.log else print):
            yield self

    @property
    def settings(self) -> Settings:
        """The settings of this very run."""
        return Settings()


class Dbt(DbtCliResource):
    """The dbt of this environment, whose version is that of its package: asking the command takes seconds a step."""

    @property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: object) -> None:
        """No handle to the warehouse beside dbt's own: nothing asks for one, and making it takes seconds a step."""


@dg.definitions
def resources() -> dg.Definitions:
    """Resources and the executor: every run in one process, for each further process imports everything again."""
    return dg.Definitions(
        resources={"warehouse": Warehouse(), "dbt": Dbt(project_dir=PROJECT, dbt_executable=EXECUTABLE)},
        executor=dg.in_process_executor,
    )
