"""What was published of a month, and all that changes it later: each change with its cause, and the sum of them."""

from datetime import UTC, datetime

from ingest.settings import Settings
from ingest.warehouse import connect
from tests.flow.books import TOLD, Books, difference
from tests.flow.small_company import Company

APRIL, JUNE = datetime(2026, 4, 1, 6, tzinfo=UTC), datetime(2026, 6, 1, 6, tzinfo=UTC)
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


def test_every_change_of_a_published_month_has_its_cause_and_all_changes_add_up_to_the_last_cent(
    tmp_path, line, monkeypatch
):
    company = Company(tmp_path / "company")
    books = Books(line(company.folder / "sources.yml", company.folder / "agreement"), monkeypatch)
    april = books.publish(APRIL)
    assert books.line.rows("select * from restatements") == []
    assert april["funnel_by_month/period/mql/reached", MARCH, None, "person"] == 8

    company.everything_happens()
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
    people = (
        "select metric, unit, month, cause, currency, sum(change), count(distinct coalesce(person_id, opportunity_id))"
    )
    assert books.line.rows(f"{people} from restated_people group by all order by all") == books.line.rows(
        "select metric, unit, month, cause, currency, change, people from restatements order by all"
    )

    with connect(Settings(data=books.line.data)) as warehouse:
        warehouse.execute("update marts.restatements set change = change + 0.01 where metric like 'opportunities/%'")
    assert not books.adds_up()
