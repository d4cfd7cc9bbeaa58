"""Exports and answers that nobody here made: an extractor's tables, recorded traffic of the vendors' APIs."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from vendor_exports import VendorExports

from ingest.settings import REPOSITORY

DATA = REPOSITORY.parent / "shared" / "data"
FIVETRAN, RECORDED = DATA / "fivetran", DATA / "recorded"
needs_fivetran = pytest.mark.skipif(not FIVETRAN.exists(), reason="the extractor's tables are not on this machine")
needs_recorded = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded traffic is not on this machine")

SALESFORCE = ("account", "contact", "event", "lead", "opportunity", "task", "user")
MARKETO = ("campaign", "lead", "program")
HUBSPOT = (
    *("company", "company_property_history", "contact", "contact_form_submission", "contact_merge_audit"),
    *("contact_property_history", "deal", "deal_company", "deal_contact", "deal_pipeline", "deal_pipeline_stage"),
    *("deal_property_history", "email_campaign", "email_event", "owner", "engagement_company", "engagement_contact"),
    *("engagement_deal", "engagement", "engagement_call", "engagement_communication", "engagement_email"),
    *("engagement_meeting", "engagement_note", "engagement_task"),
)


def records(file: Path) -> list[dict]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def taken(folder: Path, kind: str, names, prefix: str) -> VendorExports:
    exports = VendorExports(folder, kind)
    for name in names:
        shutil.copy(FIVETRAN / kind / f"{prefix}{name}_data.csv", exports.path / f"{name}.csv")
    return exports


@needs_fivetran
def test_fivetrans_salesforce_lands_whole_and_lands_nothing_again(tmp_path):
    exports = taken(tmp_path, "salesforce", SALESFORCE, "sf_")
    result = exports.load(1)
    for name in SALESFORCE:
        given = {record["id"] for record in records(exports.path / f"{name}.csv")}
        assert {row[0] for row in exports.rows(f"select id from {name}")} == given
    assert exports.rows("select count(*), count(*) filter (is_deleted), count(*) filter (is_won) from opportunity") == [
        (10, 10, 5)
    ]
    assert result.landed == 55
    assert exports.load(2).landed == 0


@needs_fivetran
def test_fivetrans_marketo_lands_whole_with_its_activities_in_the_vendors_words(tmp_path):
    exports = taken(tmp_path, "marketo", MARKETO, "marketo_")
    activities = sorted((FIVETRAN / "marketo").glob("marketo_activity_*_data.csv"))
    for file in activities:
        shutil.copy(file, exports.path / file.name)
    exports.connect(files={"activity": "marketo_activity_*_data.csv"}).load(1)
    given = {(record["id"], record["lead_id"]) for file in activities for record in records(file)}
    assert set(exports.rows("select marketo_guid, lead_id from activity")) == given
    changes = records(FIVETRAN / "marketo" / "marketo_activity_change_data_value_data.csv")
    assert exports.rows(
        "select count(*), count(distinct lead_id), count(attributes->>'New Value') from activity"
        " where activity_type_id = 13"
    ) == [(100, 84, sum(1 for change in changes if change["new_value"]))]
    assert exports.rows("select count(*) from activity where extra is not null") == [(0,)]
    assert exports.load(2).landed == 0


@needs_fivetran
def test_fivetrans_hubspot_lands_whole_and_lands_nothing_again(tmp_path):
    exports = taken(tmp_path, "hubspot", HUBSPOT, "")
    tables = exports.load(1).systems["hubspot"].tables
    assert {name: table.landed for name, table in tables.items()} == {
        "contact": 22,
        "contact_property_history": 100,
        "company": 24,
        "company_property_history": 100,
        "deal": 44,
        "deal_property_history": 100,
        "pipeline": 6,
        "pipeline_stage": 71,
        "owner": 100,
        "engagement": 106,
        "association": 16,
        "contact_merge_audit": 4,
        "form_submission": 5,
        "email_event": 100,
        "email_campaign": 100,
    }
    given = {(r["pipeline_id"], r["stage_id"]) for r in records(exports.path / "deal_pipeline_stage.csv")}
    assert set(exports.rows("select pipeline_id, id from pipeline_stage")) == given
    assert exports.rows("select type, count(*) from engagement where id like '197%' group by 1 order by 1") == [
        ("CALL", 1),
        ("COMMUNICATION", 1),
        ("EMAIL", 1),
        ("NOTE", 1),
    ]
    assert exports.load(2).landed == 0


@needs_recorded
def test_recorded_answers_of_hubspot_land_with_their_histories(tmp_path):
    exports = VendorExports(tmp_path, "hubspot")
    answer = RECORDED / "hubspot_v3" / "mock_contacts_with_history.json"
    shutil.copy(answer, exports.path / "contacts.json")
    shutil.copy(RECORDED / "hubspot_v3" / "mock_deals_data.json", exports.path / "deals.json")
    shutil.copy(RECORDED / "hubspot_v3" / "mock_companies_data.json", exports.path / "companies.json")
    exports.load(1)
    given = [
        (contact["id"], name, entry["value"])
        for contact in json.loads(answer.read_text())["results"]
        for name, entries in contact["propertiesWithHistory"].items()
        for entry in entries
    ]
    assert len(given) == 22
    landed = exports.rows("select contact_id, name, coalesce(value, '') from contact_property_history")
    assert sorted(landed) == sorted((id, name, value or "") for id, name, value in given)
    assert exports.rows("select id, amount::int, pipeline, dealstage from deal order by id") == [
        ("6744192456", 500, "default", "qualifiedtobuy"),
        ("6744457152", 3233, "default", "qualifiedtobuy"),
    ]
    assert exports.load(2).landed == 0


@needs_recorded
def test_recorded_extracts_and_answers_of_marketo_land(tmp_path):
    exports = VendorExports(tmp_path, "marketo")
    shutil.copy(RECORDED / "embulk-input-marketo" / "activity_extract1.csv", exports.path / "activities.csv")
    for recording, name in (("activity-types", "activity_types"), ("lead-by-id-1", "leads")):
        text = (RECORDED / "node-marketo" / recording).read_text()
        (exports.path / f"{name}.json").write_text(text[text.index('{"requestId"') :])
    exports.load(1)
    given = records(exports.path / "activities.csv")
    assert exports.rows(
        "select count(*), count(campaign_id), count(distinct attributes->>'Source Type') from activity"
    ) == [(len(given), sum(1 for one in given if one["campaignId"] != "null"), 1)]
    assert exports.rows("select id, primary_attribute_name from activity_type") == [(1, "Webpage ID")]
    assert exports.rows("select first_name, updated_at::varchar from lead") == [("AK1", "2014-11-13 12:43:04")]


@needs_recorded
def test_a_recorded_bulk_file_of_salesforce_without_ids_is_refused_by_name(tmp_path):
    exports = VendorExports(tmp_path, "salesforce")
    shutil.copy(RECORDED / "jsforce" / "Account_bulk2_test.csv", exports.path / "Account.csv")
    assert "Account.csv: column 'id': is missing: account has no key without it" in str(exports.stopped())
