"""Which build each published table is of: the published file says it, and nothing that was published is forgotten."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from warehouses import make_warehouse, rows

from ingest.warehouse import prepare
from orchestration.publishing.builds import NOTED, take_in
from orchestration.publishing.publication import publish
from orchestration.publishing.rollback import roll_back

MONDAY, TUESDAY = datetime(2025, 3, 3, 9, tzinfo=UTC), datetime(2025, 3, 4, 9, tzinfo=UTC)
NOTES = f"select table_name, build_id, published_at::date::varchar from {NOTED} order by all"


@pytest.fixture
def published(tmp_path):
    """Publishes a warehouse made by hand: published(build, moment, held=…); the published file."""

    def publish_build(build: str, moment: datetime, **warehouse) -> Path:
        file = make_warehouse(tmp_path / "warehouse.duckdb", **warehouse)
        with duckdb.connect(str(file)) as connection:
            connection.execute(
                "create table intermediate.int_builds_numbered as select * from (values (1, 'an older one'), (2, ?))"
                " as built (build, build_id)",
                [build],
            )
        return publish(file, tmp_path, moment).file

    return publish_build


@pytest.fixture
def warehouse(tmp_path):
    """An empty warehouse that takes in what was published: warehouse() → builds, and tables of each."""
    connection = duckdb.connect(str(tmp_path / "other.duckdb"))
    prepare(connection)

    def taken() -> list[tuple]:
        take_in(connection, tmp_path)
        return connection.execute(
            "select build_id, count(*) from raw_published.builds group by 1 order by 1"
        ).fetchall()

    return taken


def test_a_table_that_was_carried_over_is_still_of_the_build_that_it_was_published_from(published):
    published("first", MONDAY)
    assert rows(published("second", TUESDAY, held=True), NOTES) == [
        ("conversion_rates", "first", "2025-03-03"),
        ("funnel_by_month", "first", "2025-03-03"),
        ("people", "second", "2025-03-04"),
        ("person_id_changes", "second", "2025-03-04"),
        ("stage_mismatches", "second", "2025-03-04"),
    ]


def test_a_table_that_was_held_from_the_start_is_of_no_build(published):
    assert [table for table, *_ in rows(published("first", MONDAY, held=True), NOTES)] == [
        "people",
        "person_id_changes",
        "stage_mismatches",
    ]


def test_a_build_that_is_published_twice_was_published_when_it_was_first(published):
    published("first", MONDAY)
    assert {moment for *_, moment in rows(published("first", TUESDAY), NOTES)} == {"2025-03-03"}


def test_what_was_published_is_taken_in_once_and_stays_when_the_file_says_something_else_or_is_lost(
    published, warehouse
):
    file = published("first", MONDAY)
    assert warehouse() == [("first", 5)]
    assert warehouse() == [("first", 5)]
    published("second", TUESDAY, held=True)
    assert warehouse() == [("first", 5), ("second", 3)]
    file.unlink()
    assert warehouse() == [("first", 5), ("second", 3)]


def test_what_was_rolled_back_is_as_if_it_had_never_been_published_until_it_is_gone_forward_to(
    published, warehouse, tmp_path
):
    published("first", MONDAY)
    assert warehouse() == [("first", 5)]
    published("second", TUESDAY, held=True)
    assert warehouse() == [("first", 5), ("second", 3)]
    roll_back(tmp_path)
    assert warehouse() == [("first", 5)]
    roll_back(tmp_path, 2)
    assert warehouse() == [("first", 5), ("second", 3)]


def test_the_file_of_a_release_that_noted_no_builds_says_nothing(tmp_path, warehouse):
    publish(make_warehouse(tmp_path / "warehouse.duckdb"), tmp_path, MONDAY)
    assert warehouse() == []
