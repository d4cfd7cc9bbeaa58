"""Files of proposed fixes: what is in them, what is not and why, and that no spreadsheet computes anything of them."""

import csv
import re
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from triages import company, fingerprint, mismatch, onefunnel

from orchestration.triage import exports
from orchestration.triage.inert import for_spreadsheet, is_formula

NOW = datetime(2025, 3, 10, 9)
SOURCES = """
systems:
  - {name: salesforce, kind: salesforce, role: crm, path: crm, fields: {contact: {stage: Funnel_Stage__c}}}
  - {name: marketo, kind: marketo, role: map, path: map}
"""
HUBSPOT = SOURCES.replace("name: marketo, kind: marketo", "name: hs, kind: hubspot")
FORMULA_STARTS = "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"  # the characters of OWASP's page on CSV injection


def lead(number: int, **said) -> dict:
    return mismatch(f"p{number}", **{"crm_record_id": f"00Q5g{number:010}AAA", "expected_value": "Nurture", **said})


@pytest.fixture
def export(tmp_path, monkeypatch):
    """`onefunnel triage export` over these mismatches: what it says, its exit code and the folder."""

    def of(*mismatches, to="salesforce", sources=SOURCES, words=()):
        (tmp_path / "sources.yml").write_text(sources)
        monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))
        monkeypatch.setenv("COLUMNS", "80")
        data, out = tmp_path / "data", tmp_path / "out"
        company(data, NOW, list(mismatches))
        said, code = onefunnel(monkeypatch, data, NOW, "triage", "export", "--for", to, "--out", str(out), *words)
        return said, code, out

    return of


def cells(file) -> list[list[str]]:
    """A file as any reader of RFC 4180 has it."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, strict=True))


def files(out) -> set[str]:
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}


def refusals(out) -> dict[str, str]:
    return {row[0]: row[-1] for row in cells(out / "not_exported.csv")[1:]}


def test_a_file_for_data_loader_sets_one_field_by_id_and_says_what_stood_there(export):
    said, code, out = export(lead(1), lead(2, crm_value="Größe, „neu“"))
    assert code == 0 and files(out) == {"salesforce/Lead.Status.csv", "not_exported.csv"}
    assert cells(out / "salesforce/Lead.Status.csv") == [
        ["Id", "Status", "Status seen", "OneFunnel mismatch"],
        ["00Q5g0000000001AAA", "Nurture", "Working", fingerprint("p1")],
        ["00Q5g0000000002AAA", "Nurture", "Größe, „neu“", fingerprint("p2")],
    ]
    raw = (out / "salesforce/Lead.Status.csv").read_bytes()
    assert raw.count(b"\r\n") == 3 and not raw.startswith(b"\xef\xbb\xbf")
    assert duckdb.sql(f"from '{out}/salesforce/Lead.Status.csv'").columns[0] == "Id"
    assert "2  " in said and "Data Loader: Update" in said and "map the first two columns" in said


def test_each_object_and_field_has_a_file_with_the_system_s_own_names(export):
    contact = {"crm_field": "contact.stage", "crm_record_id": "0035g0000000003AAA"}
    deal = {"crm_field": "opportunity.stage", "crm_record_id": "0035g0000000004AAA", "crm_value": "Proposal"}
    deal |= {"opportunity_id": "0065g0000000001AAA", "expected_value": "Closed Lost"}
    _, _, out = export(lead(1), mismatch("p3", expected_value="SAL", **contact), mismatch("p4", **deal))
    assert files(out) >= {"salesforce/Contact.Funnel_Stage__c.csv", "salesforce/Opportunity.StageName.csv"}
    assert cells(out / "salesforce/Contact.Funnel_Stage__c.csv")[1][:3] == ["0035g0000000003AAA", "SAL", "Working"]
    assert cells(out / "salesforce/Opportunity.StageName.csv")[1][:3] == [
        "0065g0000000001AAA",
        "Closed Lost",
        "Proposal",
    ]


def test_a_file_for_hubspot_is_by_record_id_and_internal_name_and_sets_no_lifecycle_stage_back(export):
    of_contact = {"side_to_mend": "map", "map_system": "hs", "map_field": "contact.lifecyclestage"}
    forward = of_contact | {"map_stage": "mql", "expected_stage": "sal", "expected_value": "1043550021"}
    back = of_contact | {"map_stage": "sql", "expected_stage": "mql", "expected_value": "marketingqualifiedlead"}
    left = of_contact | {"map_stage": "sql", "expected_stage": "recycled", "expected_value": "other"}
    said, code, out = export(
        mismatch("p1", map_record_id="501", **forward),
        mismatch("p2", map_record_id="502", **back),
        mismatch("p3", map_record_id="503", **left),
        mismatch(
            "p4", map_record_id="504", **(back | {"map_field": "contact.hs_lead_status", "expected_value": "OPEN"})
        ),
        to="hubspot",
        sources=HUBSPOT,
    )
    assert code == 0, said
    assert cells(out / "hs/contacts.lifecyclestage.csv") == [
        ["Record ID", "lifecyclestage", "lifecyclestage seen", "OneFunnel mismatch"],
        ["501", "1043550021", "MQL", fingerprint("p1", map="hs")],
    ]
    assert cells(out / "hs/contacts.hs_lead_status.csv")[1][:2] == ["504", "OPEN"]
    assert set(refusals(out).values()) == {"HubSpot's import never sets this field back: clear it, then set it"}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"cause": "missing_record"}, "has to be created"),
        ({"cause": "deleted_record"}, "restored, created or linked"),
        ({"cause": "merged_record"}, "merged or linked"),
        ({"cause": "duplicate_record"}, "have to be merged"),
        ({"cause": "conversion_gap"}, "link to the contact"),
        ({"cause": "no_contact_role"}, "contact role"),
        ({"cause": "conflict"}, "which system is right"),
        ({"cause": "unmapped_value"}, "the agreement has to say"),
        ({"side_to_mend": "map"}, "marketo is to be mended, which is no salesforce"),
        ({"crm_field": None}, "follows from a rule"),
        ({"crm_field": "lead.unknown"}, "sources.yml does not name the field"),
        ({"expected_value": None}, "no value there"),
        ({"crm_record_id": "hash-0123456789abcdef"}, "no record id"),
        ({"crm_record_id": "0035g0000000003AAA"}, "no record id"),  # a contact's, where a lead's is expected
        ({"expected_value": "=1+1"}, "formula"),
        ({"crm_value": "@SUM(A1)"}, "formula"),
        ({"expected_value": "#N/A"}, "clear the field"),
        ({"expected_value": "x" * 32_001}, "cut it short"),
    ],
)
def test_what_cannot_be_imported_is_in_no_file_and_named_with_its_reason_and_count(export, said, reason):
    told, code, out = export(lead(1), lead(2, **said))
    assert code == 0 and [row[0] for row in cells(out / "salesforce/Lead.Status.csv")[1:]] == ["00Q5g0000000001AAA"]
    assert list(refusals(out)) == [fingerprint("p2")] and reason in refusals(out)[fingerprint("p2")]
    assert reason in " ".join(told.split()) and f"1 {refusals(out)[fingerprint('p2')][:20]}" in " ".join(told.split())


def test_one_record_is_set_once_and_not_at_all_where_two_fixes_disagree(export):
    shared = {"crm_field": "opportunity.stage", "crm_value": "Proposal"}
    same = shared | {"opportunity_id": "0065g0000000001AAA", "expected_value": "Closed Won"}
    other = shared | {"opportunity_id": "0065g0000000002AAA"}
    _, _, out = export(
        lead(1, **same),
        lead(2, **same),
        lead(3, **other | {"expected_value": "Closed Won"}),
        lead(4, **other | {"expected_value": "Closed Lost"}),
    )
    assert [row[0] for row in cells(out / "salesforce/Opportunity.StageName.csv")[1:]] == ["0065g0000000001AAA"]
    assert set(refusals(out)) == {fingerprint("p3"), fingerprint("p4")}


def test_a_value_to_map_is_a_stub_for_the_agreement(export, tmp_path, monkeypatch):
    example = Path(exports.__file__).parents[2] / "dbt_project/agreement/examples/salesforce-marketo"
    monkeypatch.setenv("ONEFUNNEL_AGREEMENT", str(example))
    wrong = {"cause": "unmapped_value", "crm_value": "=Wrking"}
    _, _, out = export(lead(1), lead(2, **wrong), lead(3, **wrong))
    assert (out / "values_to_map.yml").read_text() == (
        'stage_sources:\n  - name: lead_status\n    values:\n      "=Wrking": ???   # 2 records\n'
    )


def test_an_export_goes_into_a_folder_of_its_own(export, tmp_path):
    (tmp_path / "out").mkdir()
    assert export(lead(1))[1] == 0
    said, code, out = export(lead(2))
    assert code == 1 and "is not empty" in " ".join(said.split())
    assert cells(out / "salesforce/Lead.Status.csv")[1][0] == "00Q5g0000000001AAA"


def test_an_export_for_a_system_that_is_not_connected_says_so(export):
    said, code, out = export(lead(1), to="hubspot")
    assert code == 1 and "connects no hubspot" in said and not out.exists()


def test_an_export_leaves_out_what_is_snoozed_and_takes_the_filters_of_the_list(export, tmp_path, monkeypatch):
    company(tmp_path / "data", NOW, [lead(1), lead(2), lead(3, owner_team="others")])
    onefunnel(monkeypatch, tmp_path / "data", NOW, "triage", "snooze", "p2", "--for", "1d")
    _, _, out = export(lead(1), lead(2), lead(3, owner_team="others"), words=["--owner", "sales_ops"])
    assert [row[-1] for row in cells(out / "salesforce/Lead.Status.csv")[1:]] == [fingerprint("p1")]


def test_a_large_export_is_in_several_files_none_of_which_is_too_long(monkeypatch, tmp_path):
    monkeypatch.setattr(exports, "ROWS_PER_FILE", 2)
    fixes = [exports.Fix("salesforce", "Lead", str(number), "Status", "a", "b", "f") for number in range(5)]
    target, out = exports.TARGETS["salesforce"], tmp_path / "out"
    written = exports.write(exports.Export({("salesforce", "Lead", "Status"): fixes}), target, "", out)
    assert [(file.name, rows) for file, rows in written] == [
        ("Lead.Status.csv", 2),
        ("Lead.Status.2.csv", 2),
        ("Lead.Status.3.csv", 1),
    ]
    assert [row[0] for file, _ in written for row in cells(file)[1:]] == ["0", "1", "2", "3", "4"]


def computed(text: str) -> bool:
    """OWASP's rule, for each way in which a spreadsheet may cut the line into cells; numbers compute to themselves."""
    line = f'"x","{text.replace(chr(34), chr(34) * 2)}"'
    found = [cell for mark in ",;|\t" for row in csv.reader(line.splitlines(True), delimiter=mark) for cell in row]
    return any(
        cell.lstrip(' \u00a0"')[:1] in FORMULA_STARTS and not re.fullmatch(r"[+-][\d ().-]+", cell, re.ASCII)
        for cell in found
        if cell.lstrip(' \u00a0"')
    )


@given(st.text(alphabet=st.sampled_from(" \u00a0\"'ab1.(;,|" + FORMULA_STARTS), max_size=8))
def test_f24_nothing_that_somebody_typed_is_computed_by_a_spreadsheet(text):
    assert not computed(for_spreadsheet(text)) and for_spreadsheet(text).replace("'", "") == text.replace("'", "")
    assert is_formula(text) or not computed(text)


@pytest.mark.parametrize(
    "phone", ["+1-555", "+49 30 1234567", "+1 (555) 010-0100", "+491701234567", "-12.5", "0170-123"]
)
def test_f24_phone_numbers_are_unbroken(phone):
    assert for_spreadsheet(phone) == phone and not is_formula(phone)


@pytest.mark.parametrize(
    "typed", ["=HYPERLINK(1)", "+1+A1", "@x", "\tx", "\rx", "-1|cmd", "a;=1", "\uff1d1", " =1", "+"]
)
def test_f24_no_formula_is_in_a_file_for_import_neither_as_value_nor_as_guard(export, typed):
    _, _, out = export(lead(1), lead(2, expected_value=typed), lead(3, crm_value=typed))
    rows = cells(out / "salesforce/Lead.Status.csv")
    assert [row[0] for row in rows[1:]] == ["00Q5g0000000001AAA"]
    assert not any(computed(cell) for file in out.rglob("*.csv") for row in cells(file) for cell in row)


@pytest.mark.parametrize(
    "called", ["=cmd|' /C calc'!A0", "../../../Status", "Status\nId", 'a"b', "größe", "x" * 300, "a/b", ".hidden", "-1"]
)
def test_f25_a_field_whose_name_is_none_is_no_header_and_no_file(export, tmp_path, called):
    sources = yaml.safe_dump(
        {
            "systems": [
                {"name": "salesforce", "kind": "salesforce", "role": "crm", "path": "crm"}
                | {"fields": {"contact": {"stage": called}}},
                {"name": "marketo", "kind": "marketo", "role": "map", "path": "map"},
            ]
        }
    )
    of_contact = {"crm_field": "contact.stage", "crm_record_id": "0035g0000000003AAA", "expected_value": "SAL"}
    said, code, out = export(lead(1), mismatch("p3", **of_contact), sources=sources)
    assert code == 0, said
    assert files(out) == {"salesforce/Lead.Status.csv", "not_exported.csv"}
    assert refusals(out) == {fingerprint("p3"): "sources.yml calls its field what no field of salesforce is called"}
