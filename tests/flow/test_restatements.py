"""What was published of a month, and all that changes it later: each change with its cause, and the sum of them."""

import os
import subprocess
from datetime import UTC, datetime

import pytest
from small_company import Company

from ingest.settings import Settings
from ingest.warehouse import connect
from orchestration.dbt import EXECUTABLE, PROJECT
from orchestration.publishing import builds
from orchestration.publishing.publication import publish

APRIL, JUNE = datetime(2026, 4, 1, 6, tzinfo=UTC), datetime(2026, 6, 1, 6, tzinfo=UTC)
FIGURES = """
    select 'funnel_by_month/' || basis || '/' || stage || '/reached' as metric, month, null as currency,
        reached as value
    from funnel_by_month where segment = 'all'
    union all
    select 'funnel_by_month/' || basis || '/' || stage || '/observed', month, null, observed
    from funnel_by_month where segment = 'all'
    union all
    select 'conversion_rates/' || basis || '/' || from_stage || '-' || to_stage || '/entered', month, null, entered
    from conversion_rates where segment = 'all'
    union all
    select 'conversion_rates/' || basis || '/' || from_stage || '-' || to_stage || '/converted', month, null, converted
    from conversion_rates where segment = 'all'
    union all
    select 'opportunities/period/won/amount', date_trunc('month', closed_at)::date, currency, sum(amount)
    from opportunities where is_won group by all
    union all
    select 'opportunities/period/won/amount_in_agreed_currency', date_trunc('month', closed_at)::date, 'EUR',
        sum(amount_in_agreed_currency)
    from opportunities where is_won group by all
"""
TOLD = "select metric, month::varchar, cause, change, people, value_before, value_after from restatements"
SUMS = "select metric, month, currency, sum(change) from restatements group by all having sum(change) <> 0"
MARCH, FEBRUARY, JANUARY = "2026-03-01", "2026-02-01", "2026-01-01"
# metric of the period basis, month, cause: change; worked out from the rows of small_company, edit by edit.
PERIOD = {
    ("funnel_by_month/period/mql/reached", MARCH, "late_sync"): 1,  # unknown
    ("funnel_by_month/period/mql/reached", MARCH, "back_dated"): -1,  # dated, which went to February
    ("funnel_by_month/period/mql/reached", FEBRUARY, "back_dated"): 1,
    ("funnel_by_month/period/mql/reached", MARCH, "merge"): -1,  # loser is winner
    ("funnel_by_month/period/mql/reached", MARCH, "delete"): -1,  # gone
    ("funnel_by_month/period/mql/reached", MARCH, "definition"): -1,  # partner is excluded by version 2
    ("funnel_by_month/period/sal/reached", MARCH, "late_sync"): 1,  # late
    ("funnel_by_month/period/sal/reached", MARCH, "correction"): 1,  # misspelt
    ("funnel_by_month/period/sal/reached", MARCH, "conversion"): -1,  # converted: its stamp was overwritten
    ("funnel_by_month/period/won/reached", MARCH, "back_dated"): 1,  # the deal back_dated
    ("funnel_by_month/period/won/reached", JANUARY, "delete"): -1,  # the deal deleted
    ("opportunities/period/won/amount", MARCH, "back_dated"): 999.84,  # 1000.10 - 250.25 + 249.99
    ("opportunities/period/won/amount", JANUARY, "delete"): -500,
    ("opportunities/period/won/amount_in_agreed_currency", MARCH, "back_dated"): 999.84,
    ("opportunities/period/won/amount_in_agreed_currency", JANUARY, "delete"): -500,
    ("opportunities/period/won/amount_in_agreed_currency", FEBRUARY, "definition"): -10,  # a dollar is 0.80, not 0.90
}


@pytest.fixture
def books(tmp_path, line, monkeypatch):
    """The books of a small company."""
    return Books(Company(tmp_path / "company"), line, monkeypatch)


class Books:
    """The line of a small company at a clock that the test sets."""

    def __init__(self, company: Company, line, monkeypatch):
        self.company, self.patch = company, monkeypatch
        self.line = line(company.folder / "sources.yml", company.folder / "agreement")

    def build(self, moment: datetime) -> None:
        """Load and build as a run does that dies before it publishes."""
        self.patch.setenv("ONEFUNNEL_NOW", moment.isoformat())
        self.line.load()
        with connect(Settings(data=self.line.data)) as connection:
            builds.take_in(connection, self.line.published)
        self.line.build()

    def publish(self, moment: datetime) -> dict[tuple, float]:
        """Build and publish, whatever the audits would say; every published figure."""
        self.build(moment)
        publish(self.line.warehouse, self.line.data, moment)
        return self.figures()

    def adds_up(self) -> bool:
        """What the data tests say of the warehouse, which hold what is told against what stands in the tables."""
        environment = os.environ | {
            "ONEFUNNEL_DATA": str(self.line.data),
            "DBT_TARGET_PATH": str(self.line.data / "tests"),
        }
        command = [EXECUTABLE, "--quiet", "--log-level-file", "none", "test", "--profiles-dir", "."]
        command += ["--select", "test_name:restatements_add_up"]
        done = subprocess.run(command, cwd=PROJECT.project_dir, env=environment, capture_output=True, text=True)
        assert done.returncode == 0 or "restatements_add_up" in done.stdout, done.stdout + done.stderr
        return done.returncode == 0

    def figures(self) -> dict[tuple, float]:
        """Figure → value, of months that were over in April, by the published tables themselves."""
        rows = self.line.rows(
            f"select metric, month::varchar, currency, value from ({FIGURES}) where month < '2026-04-01'"
        )
        return {tuple(figure): value for *figure, value in rows if value}

    def sums(self) -> dict[tuple, float]:
        """Figure → sum of its restatements, without those that cancel."""
        return {(metric, str(month), currency): value for metric, month, currency, value in self.line.rows(SUMS)}


def difference(before: dict, after: dict) -> dict:
    """What every figure changed by."""
    changes = {figure: after.get(figure, 0) - before.get(figure, 0) for figure in before | after}
    return {figure: change for figure, change in changes.items() if change}


def test_every_change_of_a_published_month_has_its_cause_and_all_changes_add_up_to_the_last_cent(books):
    april = books.publish(APRIL)
    assert books.line.rows("select * from restatements") == []
    assert april["funnel_by_month/period/mql/reached", MARCH, None] == 8

    books.company.everything_happens()
    assert books.line.run(ONEFUNNEL_NOW=JUNE.isoformat()) == 0, books.line.said
    told = books.line.rows(TOLD)
    period = {tuple(key): float(change) for *key, change, _, _, _ in told if "/period/" in key[0]}
    assert {
        key: change for key, change in period.items() if key[0].endswith(("reached", "amount", "currency"))
    } == PERIOD
    assert ("funnel_by_month/cohort/sal/reached", MARCH, "moved_on", 1, 1, 1, 3) in told  # mover, in May
    assert "other" not in {cause for _, _, cause, *_ in told}
    assert {people for metric, *_, people, _, _ in told if metric.startswith("funnel_by_month")} == {1}
    assert books.sums() == difference(april, books.figures())

    times = "select distinct published_at, first_published_at, restated_at from restatements"
    assert books.line.rows(times) == [tuple(moment.replace(tzinfo=None) for moment in (APRIL, APRIL, JUNE))]
    who = (
        "select record_id from restated_people where metric = 'funnel_by_month/period/mql/reached' and cause = 'merge'"
    )
    assert books.line.rows(who) == [("loser",)]
    people = "select metric, month, cause, currency, sum(change), count(distinct coalesce(person_id, opportunity_id))"
    assert books.line.rows(f"{people} from restated_people group by all order by all") == books.line.rows(
        "select metric, month, cause, currency, change, people from restatements order by all"
    )

    with connect(Settings(data=books.line.data)) as warehouse:
        warehouse.execute("update marts.restatements set change = change + 0.01 where metric like 'opportunities/%'")
    assert not books.adds_up()
