"""What stands on top of the page: a run did not publish and why, alerts are silent, it is an earlier publication."""

import hashlib
from datetime import UTC, datetime, timedelta

import dagster as dg
import duckdb
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError
from test_page import SCHEMA
from test_page_triage import INCIDENTS, people
from warehouses import make_warehouse

from ingest.settings import Settings
from orchestration.alerts import outbox
from orchestration.publishing.page.notices import Unpublished, gather
from orchestration.publishing.publication import publish
from orchestration.publishing.rollback import roll_back

YESTERDAY, TODAY = datetime(2025, 3, 2, 5, 20, tzinfo=UTC), datetime(2025, 3, 3, 5, 20, tzinfo=UTC)
AGREED = """
create table marts.definitions as select 'Europe/Berlin' as term, 'timezone' as kind, null as meaning, null as owner,
    1 as agreement_version, null as position
"""


@dg.asset(name="published")
def good():
    """Stands for a publication."""


def broken(name: str, says: str):
    """A step that fails and says so."""

    @dg.asset(name=name)
    def step():
        raise dg.Failure(says, allow_retries=False)

    return step


@dg.asset(name="people", check_specs=[dg.AssetCheckSpec("plausible", asset="people", blocking=True)])
def implausible():
    """A mart whose check fails."""
    yield dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=False)])


@pytest.fixture
def instance():
    """A Dagster of its own."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def why(manifest, instance):
    """Runs these assets, one run each, and gives why nothing was published at last; null when something was."""
    from orchestration.defs.page import unpublished

    def of(*assets) -> str | None:
        for asset in assets:
            dg.materialize([asset], instance=instance, raise_on_error=False)
        found = unpublished(instance)
        return found and found.why

    return of


def test_a_run_that_failed_after_the_last_publication_says_which_step_and_why(why):
    assert why(good, broken("raw_salesforce", "Lead.csv: the column Status\n is gone.")) == (
        "Loading Salesforce failed. Lead.csv: the column Status is gone"
    )


def test_the_next_publication_ends_it(why):
    assert why(broken("raw_salesforce", "Gone."), good) is None


def test_the_latest_of_several_runs_is_told(why):
    assert "second" in why(good, broken("raw_salesforce", "first"), broken("raw_marketo", "second"))


def test_a_step_that_follows_publishing_keeps_nothing_from_being_published(why):
    assert why(good, broken("page", "No room.")) is None


def test_a_failed_check_is_named(why):
    assert why(good, implausible) == "the check plausible of people failed"


def test_a_run_that_was_killed_is_told_too(why, instance):
    why(good)
    line = dg.Definitions([good], jobs=[dg.define_asset_job("line")]).resolve_job_def("line")
    run = instance.create_run_for_job(line)
    instance.report_run_failed(run, "Killed.")
    assert why() == "it ended before its end"


def test_a_run_that_was_interrupted_says_so_in_words(why):
    @dg.asset(name="marts")
    def endless():
        raise DagsterExecutionInterruptedError

    assert why(good, endless) == "Building the marts failed. It was interrupted"


def test_no_address_and_no_novel_is_put_on_the_page(why):
    said = why(broken("raw_salesforce", f"ann@acme.example is twice. {'And so on. ' * 100}"))
    assert "ann@" not in said and said.startswith("Loading Salesforce failed. (e-mail) is twice.") and len(said) < 250


@pytest.fixture
def data(tmp_path):
    """A data dir with two publications, of yesterday and of today."""
    for moment in (YESTERDAY, TODAY):
        with duckdb.connect(str(make_warehouse(tmp_path / "warehouse.duckdb"))) as connection:
            connection.execute(AGREED)
        publish(tmp_path / "warehouse.duckdb", tmp_path, moment)
    return tmp_path


def test_while_all_is_well_there_is_no_notice(data, tmp_path):
    assert gather(data, None) == []
    assert gather(tmp_path / "empty", Unpublished(TODAY, "it was cancelled")) == []


def test_what_did_not_publish_is_told_with_how_old_that_is_which_one_sees(data):
    told = gather(data, Unpublished(datetime(2025, 3, 4, 5, 20, tzinfo=UTC), "the check plausible of people failed"))
    assert [sentence.replace("\u00a0", " ") for sentence in told] == [
        "The run of 4 March 2025, 06:20 Europe/Berlin did not publish: the check plausible of people failed. "
        "What you see is of 3 March 2025, 06:20 Europe/Berlin."
    ]


def test_a_publication_that_was_taken_back_is_told(data):
    roll_back(data)
    assert [sentence.replace("\u00a0", " ") for sentence in gather(data, None)] == [
        "Rolled back: what you see is the publication of 2 March 2025, 06:20 Europe/Berlin, not the newest, of "
        "3 March 2025, 06:20 Europe/Berlin. The next good run publishes again."
    ]


def test_silent_alerts_are_told(data):
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    outbox.take(data, outbox.Look("sensor", long_ago, []), [], {})
    (told,) = gather(data, None)
    assert told.startswith(f"Nobody has looked for alerts since {long_ago:%Y-%m-%d %H:%M} UTC")


def test_the_pages_are_drawn_anew_when_their_notices_change_and_the_published_file_is_not_touched(
    data_dir, instance, why
):
    from orchestration.defs.page import draw_what_has_changed

    folder = data_dir / "published"
    folder.mkdir()
    with duckdb.connect(str(folder / "onefunnel.duckdb")) as connection:
        connection.execute(SCHEMA)
        people(connection)
        connection.execute(INCIDENTS)
    bytes_before = hashlib.sha256((folder / "onefunnel.duckdb").read_bytes()).hexdigest()

    def drawn() -> tuple[bool, bool]:
        is_new = draw_what_has_changed(instance, Settings())
        return is_new, all("did not publish" in (folder / name).read_text() for name in ("index.html", "triage.html"))

    assert not draw_what_has_changed(instance, Settings()), "where no page was ever drawn, the line itself draws it"
    (folder / "index.html").write_text("as an earlier release drew it")
    assert drawn() == (True, False)
    assert drawn() == (False, False)
    why(broken("raw_salesforce", "Gone."))
    assert drawn() == (True, True)
    assert drawn() == (False, True)
    why(good)
    assert drawn() == (True, False)
    assert hashlib.sha256((folder / "onefunnel.duckdb").read_bytes()).hexdigest() == bytes_before


def test_while_a_run_goes_on_nobody_says_that_it_did_not_publish(data_dir, instance, why):
    from orchestration.defs.page import notices

    def looked() -> str:
        return notices(dg.build_sensor_context(instance=instance)).skip_message

    line = dg.Definitions([good], jobs=[dg.define_asset_job("line")]).resolve_job_def("line")
    run = instance.create_run_for_job(line)
    assert looked().startswith("A run is going on")
    instance.report_run_failed(run, "Killed.")
    assert looked() == "The pages say how things are."
