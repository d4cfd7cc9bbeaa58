"""A line whose months are published again and again, at clocks that a test sets, and what each publication changed."""

import os
import subprocess
from datetime import datetime

from opened import opened

from ingest.settings import Settings
from ingest.warehouse import connect
from orchestration.dbt import EXECUTABLE, PROJECT, workplace
from orchestration.publishing import builds
from orchestration.publishing.publication import publish

FIGURES = """
    select 'funnel_by_month/' || basis || '/' || stage || '/reached' as metric, month, null as currency, unit,
        reached as value
    from funnel_by_month where segment = 'all'
    union all
    select 'funnel_by_month/' || basis || '/' || stage || '/observed', month, null, unit, observed
    from funnel_by_month where segment = 'all'
    union all
    select 'conversion_rates/' || basis || '/' || from_stage || '-' || to_stage || '/entered', month, null, unit,
        entered
    from conversion_rates where segment = 'all'
    union all
    select 'conversion_rates/' || basis || '/' || from_stage || '-' || to_stage || '/converted', month, null, unit,
        converted
    from conversion_rates where segment = 'all'
    union all
    select 'opportunities/period/won/amount', date_trunc('month', closed_on)::date, currency, 'opportunity', sum(amount)
    from opportunities where is_won group by all
    union all
    select 'opportunities/period/won/amount_in_agreed_currency', date_trunc('month', closed_on)::date, 'EUR',
        'opportunity', sum(amount_in_agreed_currency)
    from opportunities where is_won group by all
"""
TOLD = "select metric, month::varchar, cause, change, people, value_before, value_after from restatements"
SUMS = (
    "select metric, month::varchar, currency, unit, sum(change) from restatements group by all having sum(change) <> 0"
)


class Books:
    """A line at a clock that the test sets."""

    def __init__(self, line, monkeypatch):
        self.line, self.patch = line, monkeypatch

    def build(self, moment: datetime) -> None:
        """Load and build as a run does that dies before it publishes."""
        self.patch.setenv("ONEFUNNEL_NOW", moment.isoformat())
        self.line.load()
        with connect(Settings(data=self.line.data)) as connection:
            builds.take_in(connection, self.line.data)
        self.line.build()

    def publish(self, moment: datetime) -> dict[tuple, float]:
        """Build and publish, whatever the audits would say; every published figure."""
        self.build(moment)
        publish(self.line.warehouse, self.line.data, moment)
        return self.figures()

    def adds_up(self) -> bool:
        """What the data tests say of the warehouse, which hold what is told against what stands in the tables."""
        environment = os.environ | {
            "ONEFUNNEL_DATA": str(opened(self.line.data)),
            "DBT_TARGET_PATH": str(workplace(self.line.data, "alone")),
        }
        command = [EXECUTABLE, "--quiet", "--log-level-file", "none", "test", "--profiles-dir", "."]
        command += ["--select", "test_name:restatements_add_up"]
        done = subprocess.run(command, cwd=PROJECT.project_dir, env=environment, capture_output=True, text=True)
        assert done.returncode == 0 or "restatements_add_up" in done.stdout, done.stdout + done.stderr
        return done.returncode == 0

    def figures(self) -> dict[tuple, float]:
        """Figure → value, of months that were over in April, by the published tables themselves."""
        rows = self.line.rows(
            f"select metric, month::varchar, currency, unit, value from ({FIGURES}) where month < '2026-04-01'"
        )
        return {tuple(figure): value for *figure, value in rows if value}

    def sums(self) -> dict[tuple, float]:
        """Figure → sum of its restatements, without those that cancel."""
        return {tuple(figure): value for *figure, value in self.line.rows(SUMS)}


def difference(before: dict, after: dict) -> dict:
    """What every figure changed by."""
    changes = {figure: after.get(figure, 0) - before.get(figure, 0) for figure in before | after}
    return {figure: change for figure, change in changes.items() if change}
