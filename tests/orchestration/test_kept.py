"""The last publications are kept, whatever is killed or lost; a rollback gives readers the very same bytes."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from warehouses import make_warehouse, rows

from orchestration.publishing import files, kept, publication
from orchestration.publishing.failures import PublishingError
from orchestration.publishing.publication import publish
from orchestration.publishing.rollback import roll_back

FIRST = datetime(2025, 3, 1, 9, tzinfo=UTC)
STATUS = "select status, published_at::date::varchar, held_since::date::varchar from report_status"


def on(day: int, hour: int) -> datetime:
    """A moment of March 2025, naive UTC."""
    return datetime(2025, 3, day, hour)


class Line:
    """`publish(reached)` publishes once a day; what readers saw of each publication is remembered."""

    def __init__(self, data: Path):
        self.data, self.seen = data, []
        self.file = data / "published" / "onefunnel.duckdb"

    def publish(self, keep: int = 10, **warehouse) -> None:
        """The next day's publication; the count of `mql` is its number unless told otherwise."""
        number = len(self.seen) + 1
        file = make_warehouse(self.data / "warehouse.duckdb", **{"reached": number} | warehouse)
        publish(file, self.data, FIRST + timedelta(days=number - 1), keep=keep)
        self.seen.append(self.digest())

    def digest(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def reached(self) -> int:
        return rows(self.file, "select reached from funnel_by_month")[0][0]

    def parquet(self) -> int:
        return duckdb.sql(f"select reached from '{self.data}/published/parquet/funnel_by_month.parquet'").fetchone()[0]

    def write(self, query: str) -> None:
        """Write into the published file, as only somebody can who means to."""
        self.file.chmod(0o644)
        self.file.with_name(f"{self.file.name}.wal").unlink()
        with duckdb.connect(str(self.file)) as connection:
            connection.execute(query)

    def kept(self) -> list[int]:
        return [one.number for one in kept.publications(self.data)]

    def current(self) -> list[int]:
        return [one.number for one in kept.publications(self.data) if one.is_current]


@pytest.fixture
def line(tmp_path) -> Line:
    return Line(tmp_path)


def test_the_last_publications_are_kept_newest_first_and_the_oldest_go(line):
    for _ in range(5):
        line.publish(keep=3)
    assert (line.kept(), line.current()) == ([5, 4, 3], [5])
    assert [one.published_at.day for one in kept.publications(line.data)] == [5, 4, 3]
    assert [hashlib.sha256(one.file.read_bytes()).hexdigest() for one in kept.publications(line.data)] == [
        *reversed(line.seen[2:])
    ]


def test_what_is_published_beside_is_not_kept(line):
    line.publish()
    publish(line.data / "warehouse.duckdb", line.data, FIRST, beside="known/then")
    assert line.kept() == [1]


def test_a_publication_that_fails_leaves_what_is_kept_as_it_was(line):
    line.publish()
    with duckdb.connect(str(make_warehouse(line.data / "warehouse.duckdb"))) as connection:
        connection.execute("create or replace view marts.broken as select error('broken') as x")
    with pytest.raises(PublishingError):
        publish(line.data / "warehouse.duckdb", line.data, FIRST)
    assert [path.name for path in (line.data / "publications").iterdir()] == ["000001_2025-03-01T09-00-00Z.duckdb"]


@pytest.mark.parametrize(("step", "kept_then"), [("swap_file", [1]), ("settle", [2, 1])])
def test_f2_what_was_killed_before_it_was_published_is_not_kept_and_what_was_published_is(
    line, monkeypatch, step, kept_then
):
    """F2: an exception that nobody handles stands in for the kill; test_histories.py kills in earnest."""
    line.publish()

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(kept if step == "settle" else publication, step, killed)
        line.publish()
    assert line.kept() == [1]
    with files.alone(line.data / "published"):
        kept.mended(line.data)
    assert line.kept() == kept_then
    assert not list((line.data / "publications").glob("*.new"))


def test_what_an_earlier_release_published_is_kept_by_the_next_publication(line):
    line.publish()
    shutil.rmtree(line.data / "publications")
    line.write("drop schema evidence cascade")
    unnumbered = line.digest()
    line.publish()
    assert line.kept() == [1, 0]
    roll_back(line.data)
    assert (line.digest(), line.reached(), line.current()) == (unnumbered, 1, [0])


def test_a_rollback_goes_to_the_publication_that_readers_saw_before_byte_for_byte(line):
    for _ in range(3):
        line.publish()
    roll_back(line.data)
    assert (line.digest(), line.current(), line.reached(), line.parquet()) == (line.seen[1], [2], 2, 2)
    assert kept.rolled_back_from(line.data).number == 3
    roll_back(line.data)
    assert line.digest() == line.seen[0]


def test_what_was_rolled_back_from_is_not_what_was_before_the_next_publication(line):
    line.publish()
    line.publish()
    roll_back(line.data)
    line.publish()
    assert (line.kept(), line.current(), kept.rolled_back_from(line.data)) == ([3, 2, 1], [3], None)
    roll_back(line.data)
    assert line.digest() == line.seen[0]


@pytest.mark.parametrize(("to", "number"), [(1, 1), (3, 3), (on(2, hour=23), 2), (on(2, hour=9), 2)])
def test_a_rollback_goes_to_a_number_or_to_what_was_published_at_a_moment(line, to, number):
    for _ in range(3):
        line.publish()
    assert roll_back(line.data, to).number == number
    assert (line.digest(), line.current()) == (line.seen[number - 1], [number])


@pytest.mark.parametrize(
    ("to", "words"),
    [(7, "number 7 is kept. Kept are 1:"), (on(1, hour=8), "2025-03-01 08:00 UTC"), (None, "before")],
)
def test_a_rollback_to_what_is_not_kept_says_what_is_and_changes_nothing(line, to, words):
    line.publish()
    with pytest.raises(PublishingError, match=words):
        roll_back(line.data, to)
    assert line.digest() == line.seen[0]


def test_where_nothing_was_published_a_rollback_says_so(line):
    with pytest.raises(PublishingError, match="Nothing was published yet"):
        roll_back(line.data)


def test_a_lost_published_folder_comes_back_from_what_is_kept(line):
    line.publish()
    line.publish()
    shutil.rmtree(line.data / "published")
    roll_back(line.data)
    assert (line.digest(), line.parquet()) == (line.seen[1], 2)


def test_a_report_that_is_held_after_a_rollback_keeps_the_tables_of_what_was_rolled_back_to(line):
    line.publish(reached=10)
    line.publish(reached=66)
    roll_back(line.data)
    line.publish(reached=99, held=True, reason="mql", mismatches=7)
    assert (line.reached(), rows(line.file, "select count(*) from stage_mismatches")) == (10, [(7,)])
    assert rows(line.file, STATUS) == [("held", "2025-03-01", "2025-03-03")]


def test_personal_data_that_is_no_longer_allowed_does_not_come_back(line):
    publish(make_warehouse(line.data / "warehouse.duckdb"), line.data, FIRST, personal_data=True)
    line.publish()
    before = line.digest()
    with pytest.raises(PublishingError, match="publish_personal_data"):
        roll_back(line.data)
    assert line.digest() == before
    roll_back(line.data, personal_data=True)
    assert rows(line.file, "select email from person_details") == [("a@b.example",)]


def test_who_writes_into_the_published_file_changes_neither_what_is_kept_nor_what_is_carried_over(line):
    line.publish(reached=10)
    line.write("update funnel_by_month set reached = 66")
    line.publish(reached=99, held=True, reason="mql")
    assert line.reached() == 10
    roll_back(line.data)
    assert line.digest() == line.seen[0]
