"""What is published when the data is good, disputed, broken and mended: one data dir, separate runs."""

import hashlib

import duckdb

FUNNEL = "from funnel_by_month order by all"
UNKNOWN_STATUS = "select * replace (case when IsConverted = 'true' then Status else 'Wrking' end as Status"
OPEN_DEALS_OF_TOMORROW = "select * replace (case when IsClosed = 'true' then CreatedDate else '2099-01-01 00:00:00' end"


def change(file, query: str) -> str:
    """Rewrite one export by a query over it; what stood there before."""
    before = file.read_text()
    exports = f"from read_csv('{file}', all_varchar = true, header = true)"
    duckdb.sql(f"{query} {exports}").write_csv(str(file) + ".new", header=True)
    file.with_suffix(".csv.new").replace(file)
    return before


def bytes_of(file) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_report_is_held_while_disputed_and_nothing_is_published_while_a_check_fails(company, own_copy, line):
    exports = own_copy(company(500, 6, {}))
    gate = line(exports / "sources.yml")
    assert gate.run() == 0, gate.said
    fresh = gate.rows(FUNNEL)

    # Somebody renames a status in the CRM: nobody knows what it means, and the funnel depends on it.
    leads = change(exports / "salesforce" / "Lead.csv", f"{UNKNOWN_STATUS}, '2026-03-31 20:00:00' as LastModifiedDate)")
    assert gate.run() == 3, gate.said
    assert "held" in gate.said
    statuses = "select report, status from report_status order by report"
    assert gate.rows(statuses) == [("funnel", "held"), ("handoffs", "fresh")]
    assert gate.rows(FUNNEL) == fresh
    (disputed,) = gate.rows("select count(*) from stage_mismatches where cause = 'unmapped_value'")
    assert disputed > (5,)
    assert gate.rows("select count(*) > 0 from mismatch_effects where holds") == [(True,)]

    # On top of it a broken export: deals that are opened in the far future.
    deals = change(exports / "salesforce" / "Opportunity.csv", f"{OPEN_DEALS_OF_TOMORROW} as CreatedDate)")
    before = bytes_of(gate.published)
    assert gate.run() == 1, gate.said
    assert "no_opportunity_was_created_after_the_load" in gate.said
    assert bytes_of(gate.published) == before

    # Both are mended.
    (exports / "salesforce" / "Lead.csv").write_text(leads)
    (exports / "salesforce" / "Opportunity.csv").write_text(deals)
    assert gate.run() == 0, gate.said
    mended = "select report, status, held_since from report_status order by report"
    assert gate.rows(mended) == [("funnel", "fresh", None), ("handoffs", "fresh", None)]
    assert gate.rows("select count(*) from stage_mismatches") == [(0,)]
    assert "Recovered" in gate.said
    assert bytes_of(gate.published) != before
