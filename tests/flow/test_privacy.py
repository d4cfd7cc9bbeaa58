"""F23, F24, F27: what people typed is inert, and who they are stays in the house, unless it is asked for."""

import csv

import duckdb
import pytest

CANARY = "canary.person@acme.example"
NAME = '=HYPERLINK("https://evil.example")'
COMPANY = "<script>alert(1)</script>"
PHONE = "+1-555-0100"
SOURCES = """\
publish_personal_data: {publish}
systems:
  - name: crm
    kind: files
    role: crm
    path: exports
    tables:
      people:
        file: people.csv
        columns:
          record_id: Id
          object: {{value: lead}}
          email: Email
          first_name: Name
          company: Company
          phone: Phone
          owner_id: Owner
          account_id: Company
          created_at: Created
        fields:
          status: Status
      accounts:
        file: people.csv
        columns: {{account_id: Company, name: Company}}
"""
AGREEMENT = """\
version: 1
effective_from: 2025-01-01
signed: {marketing: {role: CMO, on: 2024-12-01}, sales: {role: CSO, on: 2024-12-01}}
stages: [{name: mql, owner: marketing}, {name: won, owner: sales}]
stage_sources: [{name: status, system: crm, side: crm, field: lead.status, values: {New: mql, Won: won}}]
reports: [{name: funnel, tables: [funnel_by_month, conversion_rates]}]
"""
PEOPLE = [
    ["Id", "Email", "Name", "Company", "Phone", "Owner", "Created", "Status"],
    ["1", CANARY, NAME, COMPANY, PHONE, "owner@ourco.example", "2025-02-01T00:00:00Z", "New"],
    ["2", f" {CANARY.upper()} ", "\tTab", "Acme", "@x", "owner@ourco.example", "2025-02-02T00:00:00Z", "Won"],
    ["3", "canary.person+tag@acme.example", "İ", "Acme", PHONE, "U1", "2025-02-03T00:00:00Z", "New"],
    ["4", "info@аcme.example", "Look", "Look-alike", PHONE, "U1", "2025-02-04T00:00:00Z", "New"],
    ["5", "n/a", "Nobody", "None", PHONE, "U1", "2025-02-05T00:00:00Z", "New"],
    ["6", "n/a", "Nobody", "None", PHONE, "U1", "2025-02-06T00:00:00Z", "New"],
]


@pytest.fixture
def typed(tmp_path, line):
    """A CRM in which people typed what people type: typed(publish_personal_data)."""

    def make(publish: bool):
        (tmp_path / "exports").mkdir()
        with open(tmp_path / "exports" / "people.csv", "w", newline="") as file:
            csv.writer(file).writerows(PEOPLE)
        (tmp_path / "agreement").mkdir()
        (tmp_path / "agreement" / "v1.yml").write_text(AGREEMENT)
        (tmp_path / "sources.yml").write_text(SOURCES.format(publish=str(publish).lower()))
        return line(tmp_path / "sources.yml", tmp_path / "agreement")

    return make


def test_f23_an_address_is_found_nowhere_outside_the_warehouse_and_f27_one_form_names_one_person(typed):
    private = typed(publish=False)
    assert private.run() == 0, private.said
    # One and two are one address; a tag, a look-alike letter and "n/a" join nobody.
    assert private.rows("select count(*) from people") == [(5,)]
    assert private.rows("select count(distinct person_id) from person_records where record_id in ('1', '2')") == [(1,)]
    assert private.rows("select distinct owner_id like 'hash-%' from people where owner_id <> 'U1'") == [(True,)]

    for needle in (CANARY, "owner@ourco.example", PHONE, "HYPERLINK"):
        for file in sorted(private.data.rglob("*")):
            if file.is_file() and not file.name.startswith("warehouse.duckdb"):
                assert needle.encode() not in file.read_bytes().lower().replace(b"hyperlink", b"HYPERLINK"), file
        assert needle not in private.said
    page = (private.data / "published" / "index.html").read_text()
    assert "<script" not in page


def test_f24_what_was_typed_reaches_bi_as_it_was_typed_where_personal_data_is_published(typed):
    public = typed(publish=True)
    assert public.run() == 0, public.said
    assert public.rows("select email, first_name, phone from person_details order by email limit 1") == [
        ("canary.person+tag@acme.example", "İ", PHONE)
    ]
    with duckdb.connect(str(public.warehouse), read_only=True) as con:
        assert con.execute(
            "select first_name from raw_files.people where record_id in ('1', '2') order by 1"
        ).fetchall() == [
            ("\tTab",),
            (NAME,),
        ]
    assert public.rows("select name from accounts where source_account_id like '<script%'") == [(COMPANY,)]
    assert "<script" not in (public.data / "published" / "index.html").read_text()
