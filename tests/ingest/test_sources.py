"""sources.yml: everything that is wrong with it is said at once, and what would be right."""

from pathlib import Path

import pytest

from ingest.settings import Settings
from ingest.sources import SourcesError


def read(folder: Path, text: str):
    (folder / "sources.yml").write_text(text, encoding="utf-8")
    return Settings(sources=folder / "sources.yml").read_sources()


def faults(folder: Path, text: str):
    with pytest.raises(SourcesError) as caught:
        read(folder, text)
    assert all(fault.file.endswith("sources.yml") for fault in caught.value.faults)
    return {fault.key: (fault.value, fault.right) for fault in caught.value.faults}


def test_the_example_of_the_exchange_shape_reads_as_it_stands(tmp_path):
    sources = read(
        tmp_path,
        """
systems:
  - name: salesforce            # a vendor connector
    kind: salesforce
    role: crm
  - name: shopcrm
    kind: files
    role: crm
    path: exports/shopcrm
    timezone: America/Sao_Paulo
    bad_rows_at_most: 0.01
    tables:
      people:
        file: leads_*.csv
        nulls: ["", "Select"]
        columns:
          record_id: Lead ID
          object: {value: lead}
          email: Email
          created_at: {column: Created, format: "%d %b, %Y %H:%M:%S"}
        fields:
          status: {column: Lead Status, set_at: {column: Modified, format: "%Y-%m-%d"}, writer: {column: Modified By}}
""",
    )
    shop = sources.systems[1]
    assert shop.path == tmp_path / "exports" / "shopcrm"
    mapping = shop.tables["people"][0]
    assert mapping.columns["record_id"].column == "Lead ID"
    assert mapping.columns["object"].value == "lead"
    assert not mapping.columns["created_at"].is_date_only
    assert mapping.fields["status"].set_at.is_date_only
    assert sources.publish_personal_data is False
    assert [system.name for system in sources.of_kind("files")] == ["shopcrm"]


def test_systems_are_utc_and_allow_no_bad_row_unless_they_say_so(tmp_path):
    (system,) = read(tmp_path, "systems: [{name: a, kind: hubspot, role: both}]").systems
    assert (system.timezone, system.bad_rows_at_most) == ("UTC", 0.01)


def test_everything_that_is_wrong_is_said_at_once(tmp_path):
    found = faults(
        tmp_path,
        """
publish_personal_data: perhaps
systems:
  - name: crm
    kind: files
    role: sales
    path: exports
    timezone: Europe/Berln
    bad_rows_at_most: 7
    tables:
      peple: {file: a.csv, columns: {record_id: Id}}
      people:
        file: a.xlsx
        columns:
          record_id: Id
          emial: Mail
          email: {column: Mail, format: "%Y"}
          created_at: {column: Made, format: "%Q"}
          updated_at: {column: Made, value: 2024-01-01}
          object: {value: person}
      activities: {file: b.csv, columns: {activity_id: Id}, fields: {status: S}}
  - {name: crm, kind: files, role: map, colour: red}
  - {name: x, kind: excel, role: map}
""",
    )
    people = "systems.0.tables.people"
    assert found.keys() == {
        "publish_personal_data",
        "systems.0.role",
        "systems.0.timezone",
        "systems.0.bad_rows_at_most",
        "systems.0.tables.peple",
        f"{people}.0.file",
        f"{people}.columns.emial",
        f"{people}.columns.email.format",
        f"{people}.0.columns.created_at.format",
        f"{people}.0.columns.updated_at",
        f"{people}.columns.object.value",
        "systems.0.tables.activities.columns",
        "systems.0.tables.activities.fields",
        "systems.1.name",
        "systems.1.path",
        "systems.1.tables",
        "systems.1.colour",
        "systems.2.kind",
    }
    assert found["systems.0.tables.peple"] == ("peple", "is no exchange table; did you mean people?")
    assert found[f"{people}.columns.emial"] == ("emial", "is no column of people; did you mean email?")
    assert found["systems.0.timezone"] == ("Europe/Berln", "must be an IANA time zone, perhaps Europe/Berlin")
    assert found[f"{people}.columns.object.value"] == ("person", "must be one of lead, contact, prospect")


def test_every_required_column_that_is_not_mapped_is_named(tmp_path):
    with pytest.raises(SourcesError) as caught:
        read(
            tmp_path,
            "systems: [{name: a, kind: files, role: crm, path: x, tables: {users: {file: a.csv, columns: {name: N}},"
            " opportunities: {file: a.csv, columns: {name: N}}}}]",
        )
    assert [fault.right.split(" must ")[0] for fault in caught.value.faults] == [
        "user_id",
        "opportunity_id",
        "stage_value",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("systems: [", "expected the node content"),
        ("systems: []\nsystems: []", "the key 'systems' stands twice"),
        ("- a", "valid dictionary"),
        ("", "valid dictionary"),
    ],
)
def test_a_file_that_is_no_sources_yml_says_so(tmp_path, text, said):
    with pytest.raises(SourcesError, match=said):
        read(tmp_path, text)


def test_a_missing_file_names_the_variable_that_would_name_another(tmp_path):
    with pytest.raises(SourcesError, match="ONEFUNNEL_SOURCES"):
        Settings(sources=tmp_path / "none.yml").read_sources()


def test_words_of_yaml_are_texts_as_an_export_would_write_them(tmp_path):
    (system,) = read(
        tmp_path,
        "systems: [{name: a, kind: files, role: crm, path: x, tables: {users: {file: a.csv, nulls: [0, no],"
        " columns: {user_id: 2018, is_active: {column: X, map: {1: true, off: false, 2024-01-01: null}}}}}}]",
    ).systems
    mapping = system.tables["users"][0]
    assert mapping.nulls == ["0", "false"]
    assert mapping.columns["user_id"].column == "2018"
    assert mapping.columns["is_active"].map == {"1": "true", "false": "false", "2024-01-01": None}


VENDORS = """
systems:
  - {name: sf, kind: salesforce, role: crm, path: sf}
  - {name: mk, kind: marketo, role: map, path: mk}
"""


def vendors(folder: Path, system: str):
    return faults(folder, VENDORS + f"  - {system}\n")


@pytest.mark.parametrize(
    ("system", "key", "right"),
    [
        ("kind: salesforce, files: {Leed: x.csv}", "files.Leed", "is no object of salesforce; did you mean lead?"),
        ("kind: salesforce, files: {Lead: x.xlsx}", "files.Lead", "must end in one of .csv"),
        ("kind: salesforce, fields: {leads: {a: b}}", "fields.leads", "the agreement reads; did you mean lead?"),
        ("kind: salesforce, fields: {lead: {a: ''}}", "fields.lead.a", "must name a field of salesforce"),
        ("kind: salesforce, tables: {people: {}}", "tables", "is for kind files; salesforce has files and fields"),
        ("kind: salesforce, linked_to: mk", "linked_to", "is for marketo and hubspot"),
        ("kind: hubspot, linked_to: sff", "linked_to", "is no other system; did you mean sf?"),
        ("kind: hubspot, linked_to: new", "linked_to", "is no other system"),
        ("kind: files, path: x, tables: {}, fields: {}", "fields", "is for a vendor's kind; kind files has tables"),
    ],
)
def test_what_a_vendors_system_may_not_say_is_said_with_what_would_be_right(tmp_path, system, key, right):
    found = vendors(tmp_path, f"{{name: new, role: map, {system}}}")
    assert right in found[f"systems.2.{key}"][1]


def test_everything_that_is_wrong_with_a_vendors_system_is_said_at_once(tmp_path):
    found = vendors(
        tmp_path, "{name: new, role: map, kind: hubspot, files: {x: y}, fields: {z: {}}, linked_to: w, bad: 1}"
    )
    assert {key.split(".", 2)[2] for key in found} == {"files.x", "fields.z", "linked_to", "bad"}


def test_a_marketing_system_links_to_the_only_salesforce_or_to_what_it_names(tmp_path):
    sources = read(tmp_path, VENDORS + "  - {name: hs, kind: hubspot, role: map, path: x, linked_to: mk}\n")
    assert [sources.linked_to(system) for system in sources.systems] == [None, "sf", "mk"]


def test_beside_two_salesforces_a_marketing_system_must_name_one_or_none(tmp_path):
    second = "  - {name: sf2, kind: salesforce, role: crm, path: y}\n"
    assert faults(tmp_path, VENDORS + second) == {
        "systems.1.linked_to": (None, "must name one of sf, sf2, or be null for none")
    }
    for said, linked in (("sf2", "sf2"), ("null", None)):
        sources = read(tmp_path, VENDORS.replace("path: mk", f"path: mk, linked_to: {said}") + second)
        assert sources.linked_to(sources.systems[1]) == linked


def test_fields_of_sources_yml_go_before_those_of_the_kind(tmp_path):
    system = "{name: hs, kind: hubspot, role: both, path: x, fields: {contact: {owner: my_owner, reason: why}}}"
    fields = read(tmp_path, VENDORS + f"  - {system}\n").systems[2].known_fields
    assert fields["contact"] == {
        "lifecyclestage": "lifecyclestage",
        "hs_lead_status": "hs_lead_status",
        "owner": "my_owner",
        "score": "hubspotscore",
        "reason": "why",
    }
    assert fields["account"] == {"lifecyclestage": "lifecyclestage"}
