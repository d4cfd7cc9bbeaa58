"""What `onefunnel check` finds before anything is loaded: two systems of a few hand-written rows, one thing wrong."""

import pytest

from ingest.agreement import read
from ingest.preflight import check
from tests.ingest.agreements import RIGHT, changed, write

LEADS = """\
Id,Email,Status,Modified
L1,ann@a.example,Open,2025-02-01T10:00:00Z
L2,bob@b.example,Working,2025-02-01T10:00:00Z
L3,cas@c.example, Nurture ,2025-02-01T10:00:00Z
L4,dan@d.example,Imported,2025-02-01T10:00:00Z
L5,eve@e.example,,2025-02-01T10:00:00Z
"""
DEALS = "Id,Stage,Pipe\nD1,Closed Won,\nD2,Closed Lost,\n"
USERS = "Id,Name,Email\nU1,Una Ray,Una@our.example\n"
VISITS = "Id,Who,Kind,When\nA1,M1,form_fill,2025-02-01T10:00:00Z\n"
PROGRAMS = "Id,Name\n77,Demo Request\n"
PROSPECTS = "Id,Score\nM1,70\n"

CRM = {
    "people": {
        "file": "leads.csv",
        "columns": {"record_id": "Id", "object": {"value": "lead"}, "email": "Email"},
        "fields": {"status": {"column": "Status", "set_at": "Modified"}},
    },
    "opportunities": {
        "file": "deals.csv",
        "columns": {"opportunity_id": "Id", "stage_value": "Stage", "pipeline": "Pipe"},
    },
    "users": {"file": "users.csv", "columns": {"user_id": "Id", "name": "Name", "email": "Email"}},
}
MAP = {
    "people": {
        "file": "prospects.csv",
        "columns": {"record_id": "Id", "object": {"value": "prospect"}, "score": "Score"},
    },
    "activities": {
        "file": "visits.csv",
        "columns": {
            "activity_id": "Id",
            "record_id": "Who",
            "kind": "Kind",
            "side": {"value": "marketing"},
            "occurred_at": "When",
        },
    },
    "campaigns": {"file": "programs.csv", "columns": {"campaign_id": "Id", "name": "Name"}},
}
FILES = {
    "leads.csv": LEADS,
    "deals.csv": DEALS,
    "users.csv": USERS,
    "visits.csv": VISITS,
    "programs.csv": PROGRAMS,
    "prospects.csv": PROSPECTS,
}
CHANGES = {
    "file": "history.csv",
    "columns": {
        "change_id": "Id",
        "record_id": "Lead",
        "object": {"value": "lead"},
        "field": {"column": "Field", "map": {"Status": "status"}},
        "old_value": "Old",
        "new_value": "New",
        "changed_at": "When",
    },
}


@pytest.fixture
def checked(exports):
    """Check two systems in which everything is right but for what a test changes."""

    def run(*agreement: str, crm=None, connected=("crm", "map"), **files):
        for name, content in (FILES | {f"{key}.csv": content for key, content in files.items()}).items():
            exports.write(name, content)
        if "crm" in connected:
            exports.connect(CRM | (crm or {}), name="crm", bad_rows_at_most=0.5)
        if "map" in connected:
            exports.connect(MAP, name="map", role="map")
        texts = agreement or (RIGHT,)
        settings = exports.settings(now="2025-03-01T00:00:00+00:00")
        settings.agreement = write(exports.folder / "agreement", *texts)
        found = check(settings)
        assert not (exports.folder / "data").exists(), "a check writes nothing"
        return found

    return run


def sentences(found) -> list[str]:
    return [*found.errors, *found.warnings, *found.infos]


def test_a_right_agreement_over_right_data_finds_nothing(checked):
    found = checked()
    assert (sentences(found), found.unmapped, found.stub(), found.is_right) == ([], [], "", True)


def test_a_value_that_no_source_maps_is_offered_as_a_stub_with_its_count(checked):
    found = checked(
        leads=LEADS.replace("Working", "Wrking").replace("Imported", "Wrking") + "L6,,yes: no,\n",
        deals=DEALS + "D3,Negotiation,\n",
    )
    assert [(one.source, one.value, one.records) for one in found.unmapped] == [
        ("deals", "Negotiation", 1),
        ("status", "Wrking", 2),
        ("status", "yes: no", 1),
    ]
    assert not found.is_right
    assert found.stub() == (
        "stage_sources:\n"
        "  - name: deals\n"
        "    values:\n"
        "      Negotiation: ???   # 1 record\n"
        "  - name: status\n"
        "    values:\n"
        "      Wrking: ???   # 2 records\n"
        '      "yes: no": ???   # 1 record\n'
    )


def test_the_stub_once_decided_makes_the_check_green(checked, exports):
    stub = checked(leads=LEADS.replace("Working", "Wrking: #1")).stub()
    line = next(line.strip() for line in stub.splitlines() if "???" in line)
    decided = changed(("Working: sal", line.partition("#   ")[0].split("   #")[0].replace("???", "sal")))
    assert read(write(exports.folder / "decided", decided))[0].stage_sources[1].values["Wrking: #1"] == "sal"


def test_a_field_that_is_no_picklist_is_not_spelled_out(checked):
    found = checked(leads=LEADS + "".join(f"X{number},,Note {number},\n" for number in range(51)))
    assert len(found.unmapped) == 50
    assert found.warnings == [
        "stage_sources[status].field: 51 values mean nothing, 50 are shown: is it the right field?"
    ]


def test_an_old_value_in_a_history_counts_too_and_a_record_counts_once(checked):
    history = (
        "Id,Lead,Field,Old,New,When\n"
        "H1,L1,Status,Fresh,Stale,2025-02-01T10:00:00Z\n"
        "H2,L1,Status,Stale,Fresh,2025-02-02T10:00:00Z\n"
        "H3,L2,Owner,Ann,Bob,2025-02-02T10:00:00Z\n"
    )
    found = checked(crm={"field_changes": CHANGES}, history=history)
    assert [(one.value, one.records) for one in found.unmapped] == [("Fresh", 1), ("Stale", 1)]


def test_a_value_has_the_meaning_in_force_when_it_was_set(checked):
    # v2 is in force from 2025-02-15 and says Busy for Working. Right are L1 (Busy, 02-20) and L2 (Working, 02-01),
    # wrong are L3 (Working, 02-20) and L4 (Busy, 02-01).
    second = changed(("version: 1\n", "version: 2\n"), ("2025-01-01", "2025-02-15"), ("Working: sal", "Busy: sal"))
    leads = LEADS.replace("Open,2025-02-01", "Busy,2025-02-20").replace(" Nurture ,2025-02-01", "Working,2025-02-20")
    leads = leads.replace("Imported,", "Busy,")
    found = checked(RIGHT, second, leads=leads)
    assert [(one.value, one.records, one.versions, one.is_in_newest) for one in found.unmapped] == [
        ("Busy", 1, (1,), False),
        ("Working", 1, (2,), True),
    ]
    assert found.stub() == (
        "stage_sources:\n"
        "  - name: status\n"
        "    values:\n"
        "      Working: ???   # 1 record\n"
        "corrections:\n"
        "  - {source: status, value: Busy, means: ???}   # 1 record, for v1\n"
    )


def test_a_source_that_maps_by_pipeline_is_asked_by_pipeline(checked):
    text = changed(("Closed Won: won", "New/Won: won, Closed Won: won"))
    deals = DEALS + "D3,Won,New\nD4,Won,Renewal\nD5,Closed Won,Renewal\n"
    assert [(one.value, one.records) for one in checked(text, deals=deals).unmapped] == [("Renewal/Won", 1)]


def test_a_mapped_value_that_was_never_seen_is_worth_a_word(checked):
    found = checked(changed(("Working: sal", "Working: sal, Paused: sal")))
    assert sentences(found) == ["stage_sources[status]: 'Paused' is mapped and was never seen"]
    assert found.is_right


def test_a_missing_column_is_an_error_and_the_other_system_is_still_checked(checked):
    found = checked(leads=LEADS.replace("Status", "State"), visits=VISITS.replace("form_fill", "form_fil"))
    assert len(found.errors) == 1
    assert "leads.csv" in found.errors[0]
    assert "'Status'" in found.errors[0]
    assert found.warnings == [
        "crm: its values are not checked until its files are right",
        "v1.yml: stage_sources[rule].any[2].activity: 'form_fill' was never seen: did you mean 'form_fil'?",
    ]


def test_a_wrong_format_is_counted_with_its_first_records_and_without_the_value(checked):
    leads = LEADS.replace("Open,2025-02-01T10:00:00Z", "Open,01.02.2025").replace("Imported,2025-02-01", "Imported,x")
    found = checked(leads=leads)
    (warning,) = found.warnings
    assert warning.startswith("crm: leads.csv: column 'Modified': set_at is not a time")
    assert warning.endswith(": 2 of field_values would be set aside, first in record 1, 4")
    assert "01.02.2025" not in warning


def test_too_many_bad_rows_are_an_error(checked):
    found = checked(leads=LEADS.replace("2025-02-01T10", "2025-02-01 at 10"))
    assert any("5 of 5 rows of field_values are bad" in error for error in found.errors), found.errors


def test_a_system_that_is_not_connected_is_an_error_with_the_nearest(checked):
    text = changed(("system: map", "system: mapp")) + "sync: [{between: [crm, mop], within: 1 hour}]\n"
    assert checked(text).errors == [
        "v1.yml: stage_sources[rule].system: 'mapp' is not in sources.yml: did you mean 'map'?",
        "v1.yml: sync[1].between: 'mop' is not in sources.yml: did you mean 'map'?",
    ]


def test_a_side_that_the_system_does_not_have_is_a_warning(checked):
    text = changed(("system: map\n    side: map", "system: map\n    side: crm"))
    assert checked(text).warnings == [
        "v1.yml: stage_sources[rule].side: is crm, but sources.yml gives map the role map"
    ]


def test_a_field_that_no_table_maps_is_an_error_with_the_nearest(checked):
    text = changed(("field: lead.status", "field: lead.statsu\n    reason_field: lead.reason"))
    assert checked(text).errors == [
        "v1.yml: stage_sources[status].field: no table of crm maps 'lead.statsu': did you mean 'lead.status'?",
        "v1.yml: stage_sources[status].reason_field: no table of crm maps 'lead.reason': expected one of: lead.status",
    ]


def test_opportunities_that_are_not_mapped_are_an_error(checked):
    text = changed(("system: crm\n    side: crm\n    field: opp", "system: map\n    side: map\n    field: opp"))
    assert checked(text).errors == [
        "v1.yml: stage_sources[deals].field: map maps no table opportunities: map it in sources.yml"
    ]


def test_a_condition_that_nothing_can_fulfil_is_a_warning(checked):
    text = changed(("campaign: [Demo Request]", "campaign: [Demo Rekwest, 77]"))
    assert checked(text).warnings == [
        "v1.yml: stage_sources[rule].any[2].campaign: 'Demo Rekwest' is no campaign's id or name:"
        " did you mean 'Demo Request'?"
    ]


def test_a_member_that_is_no_user_is_told_by_its_place_for_it_may_be_an_address(checked):
    text = changed(("{sdr: [U1]}", "{sdr: [UNA@our.example, Una Ray], ae: [U1, gone@our.example]}"))
    found = checked(text)
    assert sentences(found) == ["v1.yml: teams.ae[2]: is no user's id, e-mail or name in any system"]


def test_what_is_wrong_in_both_files_is_told_at_once(checked, exports):
    found = checked(changed(("14 days", "14 dayz")), crm={"peeple": CRM["people"]})
    assert any(error.startswith("v1.yml, line 32: windows.inquiry-mql") for error in found.errors)
    assert any("peeple" in error for error in found.errors)


def test_a_wrong_agreement_does_not_hide_what_is_wrong_in_the_exports(checked):
    found = checked(changed(("14 days", "14 dayz")), leads=LEADS.replace("Status", "State"))
    assert len(found.errors) == 2


def test_a_version_that_is_no_longer_in_force_may_speak_of_a_system_that_is_gone(checked):
    first = changed(("system: map", "system: old_map"))
    second = changed(("version: 1\n", "version: 2\n"), ("2025-01-01", "2025-02-15"))
    assert sentences(checked(first, second)) == []


def test_nothing_of_a_person_is_in_what_was_found(checked):
    leads = LEADS.replace("Working", "Wrking").replace(
        "L1,ann@a.example,Open,2025", "L1,ann@a.example,Open,zzz@z.example"
    )
    found = checked(changed(("{sdr: [U1]}", "{sdr: [eve@e.example]}")), leads=leads)
    assert found.warnings and found.infos and found.unmapped
    assert "@" not in "\n".join([*sentences(found), found.stub(), repr(found.unmapped)])
