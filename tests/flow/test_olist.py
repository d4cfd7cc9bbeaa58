"""A real marketplace: its leads as a MAP, its deals as a CRM. The truth was computed by others, from the files."""

import pytest

AGREEMENT = """\
version: 1
effective_from: 2017-01-01
signed: {{marketing: {{role: CMO, on: 2016-12-01}}, sales: {{role: CSO, on: 2016-12-01}}}}
{zone}
stages:
  - {{name: mql, owner: marketing, meaning: A seller who asked to be contacted.}}
  - {{name: won, owner: sales, unit: opportunity, meaning: Signed.}}
stage_sources:
  - {{name: deals, system: shopcrm, side: crm, field: opportunity.stage, people: origin, values: {{Won: won}}}}
  - {{name: leads, system: shopmap, side: map, field: prospect.status, values: {{MQL: mql}}, speaks_until: mql}}
reports:
  - {{name: funnel, tables: [funnel_by_month, conversion_rates], holds_over: {{relative: 0.02, absolute: 5}}}}
"""
SOURCES = """\
systems:
  - name: shopmap
    kind: files
    role: map
    path: EXPORTS
    {zone}
    tables:
      people:
        file: olist_marketing_qualified_leads_dataset.csv
        columns:
          record_id: mql_id
          object: {{value: prospect}}
          lead_source: origin
          created_at: {{column: first_contact_date, format: "%Y-%m-%d"}}
        fields:
          status: {{value: MQL, set_at: {{column: first_contact_date, format: "%Y-%m-%d"}}}}
  - name: shopcrm
    kind: files
    role: crm
    path: EXPORTS
    {zone}
    tables:
      opportunities:
        file: olist_closed_deals_dataset.csv
        columns:
          opportunity_id: mql_id
          person_system: {{value: shopmap}}
          person_record_id: mql_id
          stage_value: {{value: Won}}
          closed_at: {{column: won_date, format: "%Y-%m-%d %H:%M:%S"}}
"""
REACHED = """
    select month, stage, reached from funnel_by_month
    where unit = 'person' and basis = 'cohort' and segment = 'all'
"""
DAYS = """
    select median(days), avg(days), min(days)
    from (
        select won.entered_on - mql.entered_on as days
        from stage_history as mql inner join stage_history as won using (person_id)
        where mql.unit = 'person' and won.unit = 'person' and mql.stage = 'mql' and won.stage = 'won'
    )
"""


@pytest.mark.parametrize("zone", ["", "timezone: America/Sao_Paulo"], ids=["no zone", "Sao Paulo"])
def test_a_real_marketplace_gives_the_numbers_that_others_computed_from_it(outside, line, zone):
    olist = line(*outside("olist", SOURCES.format(zone=zone), AGREEMENT.format(zone=zone)))
    if zone:
        olist.build()
    else:
        assert olist.run() == 0, olist.said
        assert olist.rows("select report, status from report_status") == [("funnel", "fresh")]
    assert olist.rows("select count(*), count(distinct person_id) from people") == [(8000, 8000)]
    assert olist.rows(f"select stage, sum(reached) from ({REACHED}) group by stage order by stage") == [
        ("mql", 8000),
        ("won", 842),
    ]
    by_month = {(str(month), stage): reached for month, stage, reached in olist.rows(REACHED)}
    assert (by_month["2018-01-01", "mql"], by_month["2018-01-01", "won"]) == (1141, 152)
    assert (by_month["2018-02-01", "mql"], by_month["2018-02-01", "won"]) == (1028, 149)
    assert (by_month["2018-03-01", "mql"], by_month["2018-03-01", "won"]) == (1174, 167)
    converted = "select sum(converted), sum(entered) from conversion_rates where unit = 'person' and basis = 'cohort'"
    assert olist.rows(f"{converted} and segment = 'all'") == [(842, 8000)]  # 10.525 %
    (median, mean, least), *_ = olist.rows(DAYS)
    assert (median, round(mean, 3), least) == (14.0, 48.441, -2)
    impossible = "select record_id, stage, cycle from stage_history where transition = 'impossible'"
    assert olist.rows(impossible) == [("b91cf8812365f50ff4bda4bcd6206b05", "won", 1)]
    assert olist.rows("select count(*) from stage_mismatches") == [(0,)]
    assert olist.rows("select sum(reached) from funnel_by_month where segment_value = '(none)' and stage = 'mql'"
                      " and segment = 'lead_source' and unit = 'person' and basis = 'period'") == [(60,)]  # fmt: skip
