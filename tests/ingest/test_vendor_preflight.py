"""`onefunnel check` over the exports of vendors' kinds: what a load would refuse, and values without a meaning."""

import duckdb
import pytest
from vendor_exports import VendorExports

from ingest.preflight import check, vendors
from tests.ingest.agreements import RIGHT

LEADS = "Id,Status,OwnerId,Email,SystemModstamp\n1,Open,U1,ann@a.example,2025-02-01T10:00:00Z\n"
AGREEMENT = {
    "system: crm": "system: salesforce",
    "system: map": "system: marketo",
    "[crm, map]": "[salesforce, marketo]",
}


@pytest.fixture
def company(tmp_path) -> VendorExports:
    exports = VendorExports(tmp_path, "salesforce")
    exports.write("Lead.csv", LEADS)
    exports.write("Opportunity.csv", "Id,StageName\nD1,Closed Won\nD2,Closed Lost\n")
    exports.write("User.csv", "Id,Name,Email\nU1,Una Ray,una@our.example\n")
    (tmp_path / "marketo").mkdir()
    (tmp_path / "marketo" / "leads.csv").write_text("id,leadScore\n1,70\n")
    exports.connect(name="marketo", kind="marketo", role="map", path="marketo")
    (tmp_path / "agreement").mkdir()
    text = RIGHT
    for old, new in AGREEMENT.items():
        text = text.replace(old, new)
    (tmp_path / "agreement" / "v1.yml").write_text(text)
    return exports


def found(company):
    return check(company.settings(31).model_copy(update={"agreement": company.folder / "agreement"}))


def test_what_a_load_would_refuse_is_an_error_before_it(company):
    assert not found(company).errors
    company.write("Account.csv", "Id,NumberOfEmployees\n1,many\n")
    company.connect(name="second", kind="hubspot", path=None)
    errors = found(company).errors
    assert "salesforce: Account.csv: column 'NumberOfEmployees': number_of_employees is not a whole number" in errors[0]
    assert "second: api: credentials: ONEFUNNEL_SECOND_TOKEN: missing or unreadable in the environment" in errors[1]


def test_a_value_that_no_stage_source_maps_is_offered_for_pasting(company):
    company.write("Lead.csv", LEADS + "2,Wrking,U1,,2025-02-01T10:00:00Z\n3,Wrking,U1,,2025-02-01T10:00:00Z\n")
    company.write("Opportunity.csv", "Id,StageName\nD1,Closed Wnn\n")
    assert [(one.value, one.records) for one in found(company).unmapped] == [("Closed Wnn", 1), ("Wrking", 2)]


def test_a_revenue_stage_is_known_by_the_name_that_its_changes_carry(company):
    (company.folder / "marketo" / "leads.csv").write_text("id,leadScore,leadRevenueStageId\n1,70,5\n2,70,6\n")
    (company.folder / "marketo" / "activities.csv").write_text(
        'marketoGUID,leadId,attributes\ng,1,"{""New Stage ID"":""5"",""New Stage"":""Strange""}"\n'
    )
    with duckdb.connect() as con:
        (system,) = company.settings().read_sources().of_kind("marketo")
        read, tables = vendors.read(con, system, company.folder)
        assert not read.all_wrongs and tables == {"field_values"}
        assert con.execute(
            "select record_id, value from read_field_values where field = 'revenue_stage' order by 1"
        ).fetchall() == [("1", "Strange"), ("2", "6")]


def test_a_field_that_nothing_stands_for_is_an_error(company):
    file = company.folder / "agreement" / "v1.yml"
    file.write_text(file.read_text().replace("field: lead.status", "field: lead.stage"))
    assert any("no table of salesforce maps 'lead.stage'" in error for error in found(company).errors)


def test_nothing_of_a_person_is_in_what_was_found(company):
    company.write("Lead.csv", LEADS + "2,Open,U1,canary@x.example,canary\n")
    company.write("User.csv", "Id,Name,Email\nU1,Canary,canary@our.example\n")
    assert "canary" not in repr(found(company)).lower()
