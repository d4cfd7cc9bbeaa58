"""Months that are published again and again: whatever comes later, what was first published and all changes add up."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingest import world
from tests.flow.books import TOLD, Books, difference
from tests.flow.conftest import EXAMPLES
from tests.flow.small_company import Company
from tests.proofs.conftest import PAIRS
from tests.proofs.test_kills import killed_after

MARCH = "2026-03-01"
NEVER_HELD = "holds_over: {relative: 1, absolute: 1000000}"
ALL = "from restatements order by all"


def on(month: int, day: int) -> datetime:
    """Six in the morning of a day in 2026."""
    return datetime(2026, month, day, 6, tzinfo=UTC)


def news(books: Books, moment: datetime) -> set[tuple]:
    """What the load of that moment restated, by the period basis: metric, month, cause, change."""
    rows = books.line.rows(f"{TOLD} where restated_at = '{moment:%Y-%m-%d %H:%M}' and basis = 'period'")
    return {(metric, month, cause, float(change)) for metric, month, cause, change, *_ in rows}


def test_kills_holds_repetitions_and_reversals_neither_lose_nor_invent_a_restatement(tmp_path, line, monkeypatch):
    company = Company(tmp_path / "company")
    books = Books(line(company.folder / "sources.yml", company.folder / "agreement"), monkeypatch)
    april = books.publish(on(4, 1))

    # The run of May is killed after it has built everything; the run of June finds all that May found.
    company.everything_happens()
    monkeypatch.setenv("ONEFUNNEL_NOW", on(5, 20).isoformat())
    assert "Building the reports" in killed_after("Building the reports", books.line)
    assert books.line.rows("select count(*) from restatements") == [(0,)]
    june = books.publish(on(6, 1))
    assert books.adds_up()
    assert books.sums() == difference(april, june) != {}
    assert len(books.line.rows("select distinct restated_at from restatements")) == 1
    told = books.line.rows(ALL)

    # Nothing changes: nothing is told anew.
    assert books.publish(on(6, 2)) == june
    assert books.line.rows(ALL) == told

    # The systems disagree about two people, so that the funnel is held, while a late lead and an edited deal arrive.
    lead, change, deal, prospect = "crm/leads.csv", "crm/changes.csv", "crm/deals.csv", "map/prospects.csv"
    for id in ("known", "winner"):
        email = f"{id}@a.example"
        company.edit(prospect, f"m-{id}", email=email, created="2026-05-20", lead=id, stage="SAL", since="2026-05-21")
    company.edit(
        lead, "later", object="lead", email="l@a.example", created="2026-03-05", updated="2026-03-09", status="MQL"
    )
    company.edit(change, "7", lead="later", new="MQL", at="2026-03-09 09:00:00")
    company.edit(deal, "edited", amount="250.00", updated="2026-06-02 12:00:00")
    held = books.publish(on(6, 3))
    assert books.line.rows("select status from report_status") == [("held",)]
    amounts = {("opportunities/period/won/amount", MARCH, "back_dated", 0.01)}
    assert news(books, on(6, 3)) == amounts | {
        ("opportunities/period/won/amount_in_agreed_currency", MARCH, "back_dated", 0.01)
    }
    assert books.adds_up()
    assert books.sums() == difference(april, held)

    # They agree: what the held run would have told is told now, and says what it stands against.
    for id in ("known", "winner"):
        company.edit(prospect, f"m-{id}", stage="MQL", since="2026-06-03")
    mended = books.publish(on(6, 4))
    assert books.line.rows("select status from report_status") == [("fresh",)]
    assert ("funnel_by_month/period/mql/reached", MARCH, "late_sync", 1.0) in news(books, on(6, 4))
    against = "select distinct published_at from restatements where restated_at = '2026-06-04 06:00'"
    assert books.line.rows(against) == [(datetime(2026, 6, 2, 6),)]
    assert books.adds_up()
    assert books.sums() == difference(april, mended)

    # What was merged is parted, what was deleted is restored.
    company.edit(lead, "loser", merged_into="", updated="2026-06-04")
    company.edit(lead, "gone", deleted="", updated="2026-06-04")
    company.edit(deal, "deleted", deleted="", updated="2026-06-04")
    undone = books.publish(on(6, 5))
    reached = "funnel_by_month/period/mql/reached"
    assert {row for row in news(books, on(6, 5)) if row[0] == reached} == {
        (reached, MARCH, "merge", 1.0),
        (reached, MARCH, "delete", 1.0),
    }
    assert books.adds_up()
    assert books.sums() == difference(april, undone)

    # An older record of somebody arrives: the person has another id, and nothing was counted otherwise.
    told = books.line.rows(TOLD + " order by all")
    company.edit(prospect, "old", email="unknown@a.example", created="2020-01-01", lead="unknown")
    assert books.publish(on(6, 6)) == undone
    assert books.line.rows(TOLD + " order by all") == told
    assert books.line.rows("select count(*) from person_id_changes where record_id = 'unknown'") == [(1,)]
    nobody = "select count(*) from restated_people anti join people using (person_id) where person_id is not null"
    assert books.line.rows(nobody) == [(0,)]
    assert books.line.rows("select count(*) from restatements where cause = 'other'") == [(0,)]
    assert books.adds_up()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("pair", PAIRS)
def test_half_of_the_exports_first_and_all_of_them_later_add_up_and_nobody_is_said_to_have_edited_anything(
    tmp_path, line, monkeypatch, pair, seed
):
    world.write(tmp_path / "whole", 600, seed, pair)
    exports = Path(shutil.copytree(tmp_path / "whole", tmp_path / "exports"))
    for file in exports.glob("[!t]*/*.parquet"):  # every row has an even chance to come late
        rows = f"select * from '{tmp_path / 'whole' / file.relative_to(exports)}' as row"
        duckdb.sql(f"copy ({rows} where hash(row::varchar) % 2 = 0) to '{file}' (format parquet)")
    (tmp_path / "agreement").mkdir()
    for version in (EXAMPLES / pair).glob("*.yml"):
        never_held = re.sub(r"holds_over: \{.*?\}", NEVER_HELD, version.read_text())
        (tmp_path / "agreement" / version.name).write_text(never_held)
    books = Books(line(exports / "sources.yml", tmp_path / "agreement"), monkeypatch)
    half = books.publish(on(4, 1))
    shutil.copytree(tmp_path / "whole", exports, dirs_exist_ok=True)
    whole = books.publish(on(6, 1))
    assert len(half) > 100
    assert books.sums() == difference(half, whole) != {}
    assert books.adds_up()
    causes = dict(books.line.rows("select cause, sum(people)::int from restatements group by 1 order by 2 desc"))
    print(pair, seed, causes)
    assert causes["late_sync"] > 1000
    assert not causes.keys() & {"other", "back_dated", "correction", "definition", "moved_on"}
