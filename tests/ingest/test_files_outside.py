"""Exports that nobody here made, with the counts that stand in their README."""

import duckdb
import pytest

from ingest.settings import REPOSITORY, Settings
from ingest.systems import files

DATA = REPOSITORY.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the outside data is not beside this checkout")

OLIST = """
systems:
  - name: olist_map
    kind: files
    role: map
    path: {data}/olist
    timezone: {zone}
    tables:
      people:
        file: olist_marketing_qualified_leads_dataset.csv
        columns:
          record_id: mql_id
          object: {{value: prospect}}
          lead_source: origin
          created_at: first_contact_date
        fields:
          status: {{value: MQL, set_at: first_contact_date}}
  - name: olist_crm
    kind: files
    role: crm
    path: {data}/olist
    timezone: {zone}
    tables:
      opportunities:
        file: olist_closed_deals_dataset.csv
        columns:
          opportunity_id: mql_id
          person_system: {{value: olist_map}}
          person_record_id: mql_id
          stage_value: {{value: Won}}
          closed_at: won_date
"""
MAVEN = """
systems:
  - name: maven
    kind: files
    role: crm
    path: {data}/maven_crm
    tables:
      opportunities:
        file: sales_pipeline.csv
        columns:
          opportunity_id: opportunity_id
          account_id: account
          stage_value: deal_stage
          amount: close_value
          created_at: engage_date
          close_on: close_date
      accounts:
        file: accounts.csv
        columns: {{account_id: account, name: account, industry: sector, employees: employees}}
"""
X_EDUCATION = """
systems:
  - name: x
    kind: files
    role: map
    path: {data}/x_education
    tables:
      people:
        file: lead_scoring.csv
        nulls: [Select]
        columns: {{record_id: Prospect ID, object: {{value: prospect}}, region: City, score: TotalVisits}}
        fields:
          converted: {{column: Converted, map: {{1: "yes", 0: "no"}}}}
"""


def load(tmp_path, text, **words):
    (tmp_path / "sources.yml").write_text(text.format(data=DATA, **words))
    settings = Settings(data=tmp_path, sources=tmp_path / "sources.yml", now="2025-01-01T00:00:00Z")
    files.load(settings)
    return duckdb.connect(settings.warehouse)


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 0), ("America/Sao_Paulo", 2)])
def test_olists_leads_and_deals_land_with_their_dates_and_times(tmp_path, zone, hour):
    with load(tmp_path, OLIST, zone=zone) as con:
        leads = con.execute(
            "select count(*), count(distinct record_id), count(created_on), min(created_on)::text,"
            " max(created_on)::text, count(*) filter (lead_source is null) from raw_files.people"
        ).fetchone()
        assert leads == (8000, 8000, 8000, "2017-06-14", "2018-05-31", 60)
        february = "select distinct hour(created_at) from raw_files.people where created_on = date '2018-02-01'"
        assert con.execute(february).fetchall() == [(hour,)]
        assert con.execute(
            "select value, count(*), count(set_on) from raw_files.field_values group by 1"
        ).fetchall() == [("MQL", 8000, 8000)]
        deals = con.execute(
            "select count(*), count(closed_at), count(closed_on) from raw_files.opportunities"
        ).fetchone()
        assert deals == (842, 842, 0)
        days = con.execute(
            f"select median(d), round(avg(d), 3), min(d) from (select date_diff('day', people.created_on,"
            f" timezone('{zone}', timezone('UTC', closed_at))::date) as d from raw_files.opportunities"
            " join raw_files.people on record_id = person_record_id)"
        ).fetchone()
        assert days == (14.0, 48.441, -2)


def test_mavens_opportunities_land_with_500_that_have_no_date(tmp_path):
    with load(tmp_path, MAVEN) as con:
        assert con.execute(
            "select stage_value, count(*), count(created_on), count(close_on), sum(amount)::bigint"
            " from raw_files.opportunities group by 1 order by 1"
        ).fetchall() == [
            ("Engaging", 1589, 1589, 0, None),
            ("Lost", 2473, 2473, 2473, 0),
            ("Prospecting", 500, 0, 0, None),
            ("Won", 4238, 4238, 4238, 10005534),
        ]
        assert con.execute("select count(*) filter (account_id is null) from raw_files.opportunities").fetchone() == (
            1425,
        )
        assert con.execute("select count(*) from raw_files.rejected_rows").fetchone() == (0,)


def test_x_educations_select_means_empty(tmp_path):
    with load(tmp_path, X_EDUCATION) as con:
        assert con.execute("select value, count(*) from raw_files.field_values group by 1 order by 1").fetchall() == [
            ("no", 5679),
            ("yes", 3561),
        ]
        assert con.execute("select count(*) from raw_files.people where region = 'Select'").fetchone() == (0,)
