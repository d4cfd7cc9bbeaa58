"""A CRM alone, half of it without dates. The truth was computed by others, from the files."""

AGREEMENT = """\
version: 1
effective_from: 2016-01-01
signed: {marketing: {role: CMO, on: 2015-12-01}, sales: {role: CSO, on: 2015-12-01}}
stages:
  - {name: opportunity, owner: sales, unit: opportunity, meaning: A deal is open.}
  - {name: won, owner: sales, unit: opportunity, meaning: Signed.}
exits:
  lost: {owner: sales, unit: opportunity, reopens: true, meaning: Closed without a deal.}
stage_sources:
  - name: deals
    system: crm
    side: crm
    field: opportunity.stage
    values: {Prospecting: opportunity, Engaging: opportunity, Won: won, Lost: lost}
reports:
  - {name: funnel, owner: ops, tables: [funnel_by_month, conversion_rates], holds_over: {relative: 0.02, absolute: 5}}
"""
SOURCES = """\
systems:
  - name: crm
    kind: files
    role: crm
    path: EXPORTS
    tables:
      accounts:
        file: accounts.csv
        columns: {account_id: account, name: account, industry: sector, employees: employees, country: office_location}
      opportunities:
        file: sales_pipeline.csv
        columns:
          opportunity_id: opportunity_id
          account_id: account
          stage_value: deal_stage
          amount: close_value
          created_at: {column: engage_date, format: "%Y-%m-%d"}
          closed_at: {column: close_date, format: "%Y-%m-%d"}
          owner_id: sales_agent
"""


def test_a_crm_alone_gives_the_numbers_that_others_computed_from_it(outside, line):
    maven = line(*outside("maven_crm", SOURCES, AGREEMENT))
    assert maven.run() == 0, maven.said
    assert maven.rows("select count(*), count(account_id) from opportunities") == [(8800, 8800 - 1425)]
    assert maven.rows("select sum(amount) from opportunities where is_won") == [(10005534,)]
    assert dict(maven.rows("select stage, count(*) from opportunities group by stage")) == {
        "opportunity": 1589 + 500,
        "won": 4238,
        "lost": 2473,
    }
    closed = "from conversion_rates where from_stage = 'closed' and basis = 'period' and segment = 'all'"
    (won, ended), *_ = maven.rows(f"select sum(converted), sum(entered) {closed}")
    assert (won, ended, round(100 * won / ended, 3)) == (4238, 4238 + 2473, 63.150)
    undated = "select count(*) from stage_history where entered_at is null and stage = 'opportunity' and cycle = 1"
    assert maven.rows(undated) == [(500,)]
    in_no_month = "from funnel_by_month where month is null and stage = 'opportunity' and segment = 'all'"
    assert maven.rows(f"select basis, reached {in_no_month} order by basis") == [("cohort", 500), ("period", 500)]
    assert maven.rows("select count(*) from people") == [(0,)]
    assert maven.rows("select count(*) from stage_mismatches") == [(0,)]
    assert maven.rows("select count(*) from accounts") == [(85,)]
    assert maven.rows("select status from report_status") == [("fresh",)]
