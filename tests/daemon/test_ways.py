"""The same data by hand, by automation, by the clock and in a backfill: the same tables, and the same refusals."""

import time
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.scheduler.instigation import ScheduleInstigatorData

from tests.daemon.dagster_dev import SENSORS, until
from tests.flow.test_held_broken_mended import OPEN_DEALS_OF_TOMORROW, bytes_of, change

MISSED = timedelta(days=2)


@pytest.fixture
def groups(manifest):
    """The assets of each group: groups("raw", "staging")."""
    from orchestration.definitions import defs

    graph = defs().resolve_asset_graph()

    def assets_of(*names: str) -> list[str]:
        return sorted(key.to_user_string() for key in graph.get_all_asset_keys() if graph.get(key).group_name in names)

    return assets_of


def forget_everything(line) -> None:
    """As if nothing had ever been loaded or published."""
    for file in [*line.data.glob("warehouse.duckdb*"), *line.published.parent.glob("onefunnel.duckdb*")]:
        file.unlink()


def touch(exports) -> None:
    """The same exports, exported again."""
    file = exports / "salesforce" / "Lead.csv"
    file.write_text(file.read_text())


def by_automation(daemon, exports) -> list[dg.DagsterRun]:
    """What the sensors make of exports that were exported again; the runs they started."""
    before = len(daemon.quiet(0))
    daemon.switch(*SENSORS, on=True)
    touch(exports)
    until(lambda: len(daemon.quiet(0)) > before, 120, "the sensor has seen the exports")
    runs = daemon.quiet(45)[before:]
    daemon.switch(*SENSORS, on=False)
    return runs


def by_the_clock(daemon) -> list[dg.DagsterRun]:
    """What the schedule starts after the daemon was down for two days in which it was due 48 times."""
    with daemon.instance() as instance:
        before = len(instance.get_runs())
        (state,) = [one for one in instance.all_instigator_state() if one.instigator_name == "sweep"]
        daemon.kill()
        then = time.time() - MISSED.total_seconds()
        instance.update_instigator_state(
            state.with_data(ScheduleInstigatorData(state.instigator_data.cron_schedule, then))
        )
    daemon.start()
    until(lambda: len(daemon.quiet(0)) > before, 120, "the schedule has seen that it was due")
    return daemon.quiet(45)[before:]


def in_a_backfill(daemon, assets) -> list[dg.DagsterRun]:
    """A backfill of everything; its runs."""
    before = len(daemon.quiet(0))
    backfill = daemon.backfill(*assets)
    with daemon.instance() as instance:
        until(lambda: instance.get_backfill(backfill).status.value.startswith(("COMPLETED", "FAILED")), 900, "its end")
    return daemon.quiet(0)[before:]


def succeeded(runs) -> bool:
    return bool(runs) and all(run.status == dg.DagsterRunStatus.SUCCESS for run in runs)


@pytest.fixture
def started(company, own_copy, connected):
    """Exports, a line and its daemon, whose sensors are off and whose schedule was due three minutes ago."""
    exports = own_copy(company(150, 6, {}))
    due = datetime.now(UTC) - timedelta(minutes=3)
    line, daemon = connected(exports, ONEFUNNEL_SCHEDULE=f"{due.minute} * * * *", ONEFUNNEL_NOW="2026-04-01T05:00:00")
    (exports / "sources.yml").rename(exports / "later.yml")  # until the sensors are off
    daemon.start()
    daemon.switch(*SENSORS, on=False)
    (exports / "later.yml").rename(exports / "sources.yml")
    return exports, line, daemon


def test_f21_by_hand_by_automation_by_the_clock_and_in_a_backfill_the_same_is_published(started, groups):
    exports, line, daemon = started
    everything = groups("raw", "staging", "intermediate", "marts", "reports", "published")
    published, took = {}, {}

    def keep(way, began):
        published[way], took[way] = line.tables(without=set()), time.time() - began
        forget_everything(line)

    began = time.time()
    assert daemon.run() == dg.DagsterRunStatus.SUCCESS
    keep("by hand, whole line", began)

    # In runs of their own, and in wrong orders, which publish nothing.
    began = time.time()
    assert daemon.run("published") == dg.DagsterRunStatus.FAILURE
    assert daemon.run(*groups("raw")) == dg.DagsterRunStatus.SUCCESS
    assert daemon.run("published", "page") == dg.DagsterRunStatus.FAILURE
    assert daemon.run(*groups("reports")) == dg.DagsterRunStatus.FAILURE
    assert daemon.run(*groups("staging", "intermediate", "marts"), checks=False) == dg.DagsterRunStatus.SUCCESS
    assert daemon.run("published") == dg.DagsterRunStatus.FAILURE
    assert daemon.run(*groups("reports")) == dg.DagsterRunStatus.SUCCESS
    assert daemon.run("published") == dg.DagsterRunStatus.FAILURE  # nobody has looked at the marts
    assert daemon.check(*groups("staging", "intermediate", "marts")) == dg.DagsterRunStatus.SUCCESS
    assert not line.published.exists()
    assert daemon.run("published") == dg.DagsterRunStatus.SUCCESS
    keep("by hand, one step after the other", began)

    began = time.time()
    runs = by_automation(daemon, exports)
    assert succeeded(runs)
    keep(f"by automation, {len(runs)} runs", began)

    began = time.time()
    runs = in_a_backfill(daemon, everything)
    assert succeeded(runs)
    keep(f"in a backfill, {len(runs)} runs", began)

    began = time.time()
    runs = by_the_clock(daemon)
    assert succeeded(runs) and len(runs) == 1, runs
    published["by the clock"], took["by the clock"] = line.tables(without=set()), time.time() - began
    first, *others = published
    assert sum(len(rows) > 1 for rows in published[first].values()) > 10
    for way in others:
        assert published[way].keys() == published[first].keys()
        for table, rows in published[first].items():
            assert published[way][table] == rows, (way, table)

    print("\n".join(f"{way}: {seconds:.0f} s, {len(published[way])} tables" for way, seconds in took.items()))
    print(f"starts of dagster dev: {', '.join(f'{seconds:.0f} s' for seconds in daemon.starts)}")


def test_by_hand_by_automation_by_the_clock_and_in_a_backfill_a_failing_check_lets_nothing_be_published(
    started, groups
):
    exports, line, daemon = started
    everything = groups("raw", "staging", "intermediate", "marts", "reports", "published")
    assert daemon.run() == dg.DagsterRunStatus.SUCCESS
    change(exports / "salesforce" / "Opportunity.csv", f"{OPEN_DEALS_OF_TOMORROW} as CreatedDate)")
    before, file = bytes_of(line.published), line.published.stat()
    refused = {
        "by automation": by_automation(daemon, exports),
        "in a backfill": in_a_backfill(daemon, everything),
        "by the clock": by_the_clock(daemon),
    }
    assert daemon.run() == dg.DagsterRunStatus.FAILURE
    assert daemon.run(*groups("reports")) == dg.DagsterRunStatus.SUCCESS
    assert daemon.run("published") == dg.DagsterRunStatus.FAILURE
    assert daemon.run("published", "page") == dg.DagsterRunStatus.FAILURE
    assert all(runs and not succeeded(runs) for runs in refused.values()), refused
    assert bytes_of(line.published) == before
    assert (line.published.stat().st_ino, line.published.stat().st_mtime_ns) == (file.st_ino, file.st_mtime_ns)
    print(f"refused, file untouched: by hand, published alone, {', '.join(refused)}")
