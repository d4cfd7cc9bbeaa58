"""Fivetran's tables of Salesforce and Marketo through the loader and the models.

What must come out is computed here from the files themselves, without the line.
"""

import csv
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from ingest import agreement
from ingest.exchange import TABLES
from ingest.settings import Settings
from ingest.systems.connected import LOADS
from orchestration.dbt import EXECUTABLE, PROJECT

FIVETRAN = Path(__file__).resolve().parents[3] / "shared" / "data" / "fivetran"
EXAMPLE = Path(PROJECT.project_dir) / "agreement" / "examples" / "salesforce-marketo"
SALESFORCE = ("lead", "contact", "account", "opportunity", "task", "event", "user")
DELETES = 29  # the number that these tables have for the type Delete Lead, which usually is 37

pytestmark = pytest.mark.skipif(not FIVETRAN.is_dir(), reason="shared/data is not here: tables that nobody made up")


def given(kind: str, name: str) -> list[dict[str, str]]:
    """The records of one file."""
    with open(FIVETRAN / kind / f"{name}_data.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def staged(tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of both systems, with their staging models."""
    folder = tmp_path_factory.mktemp("vendors")
    marketo = folder / "marketo"
    marketo.mkdir()
    for file in (FIVETRAN / "marketo").glob("marketo_*_data.csv"):
        (marketo / file.name).write_bytes(file.read_bytes())
    header, *leads = (FIVETRAN / "marketo" / "marketo_lead_data.csv").read_text(encoding="utf-8-sig").splitlines()
    named = [f"{header},contactType,Behavior_Score_Marketing__c", *(f"{lead},," for lead in leads)]
    (marketo / "marketo_lead_data.csv").write_text("\n".join(named))
    types = {13: "Change Data Value", 32: "Merge Leads", 10: "Open Email", 11: "Click Email", DELETES: "Delete Lead"}
    lines = [f"{number},{name}" for number, name in types.items()]
    (marketo / "activity_types.csv").write_text("\n".join(["id,name", *lines]))
    systems = [
        {
            "name": "crm",
            "kind": "salesforce",
            "role": "crm",
            "path": str(FIVETRAN / "salesforce"),
            "timezone": "America/New_York",
            "files": {name: f"sf_{name}_data.csv" for name in SALESFORCE},
        },
        {
            "name": "map",
            "kind": "marketo",
            "role": "map",
            "path": str(marketo),
            "files": {
                "activity": "marketo_activity_*_data.csv",
                **{name: f"marketo_{name}_data.csv" for name in ("lead", "program", "campaign")},
            },
            "fields": {"prospect": {"contact_type": "contactType", "behavior": "Behavior_Score_Marketing__c"}},
        },
    ]
    (folder / "sources.yml").write_text(yaml.safe_dump({"systems": systems}))
    settings = Settings(data=folder / "data", sources=folder / "sources.yml", agreement=EXAMPLE)
    agreement.load(settings)
    for kind in ("salesforce", "marketo"):
        LOADS[kind](settings)
    environment = os.environ | {
        "ONEFUNNEL_DATA": str(settings.data),
        "DBT_PROFILES_DIR": str(PROJECT.profiles_dir),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "target"),
    }
    selected = ("--select", "staging.salesforce", "staging.marketo")
    command = [EXECUTABLE, "--quiet", "--no-use-colors", "--log-level-file", "none", "run", *selected]
    done = subprocess.run(command, cwd=PROJECT.project_dir, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        yield con


def test_every_opportunity_is_one_and_all_are_deleted_and_half_of_them_won(staged):
    records = given("salesforce", "sf_opportunity")
    found = staged.execute(
        "select opportunity_id, stage_value, close_on::varchar, created_at::varchar, is_won, is_deleted"
        " from staging.stg_salesforce__opportunities"
    ).fetchall()
    assert sorted(found) == sorted(
        (
            record["id"],
            record["stage_name"],
            record["close_date"][:10],
            record["created_date"],
            record["is_won"] == "true",
            True,
        )
        for record in records
    )
    assert len(found) == 10
    assert sum(is_won for *_, is_won, _ in found) == 5


def test_nothing_was_closed_on_a_close_date(staged):
    found = staged.execute("select count(*), count(closed_at) from staging.stg_salesforce__opportunities").fetchone()
    assert found == (10, 0)


def test_leads_and_contacts_are_people_and_a_conversion_begins_with_its_day_in_new_york(staged):
    leads, contacts = given("salesforce", "sf_lead"), given("salesforce", "sf_contact")
    found = staged.execute(
        "select object, record_id, converted_to_record_id from staging.stg_salesforce__people"
    ).fetchall()
    assert set(found) == {("lead", one["id"], one["converted_contact_id"] or None) for one in leads} | {
        ("contact", one["id"], None) for one in contacts
    }
    (lead,) = leads
    day = lead["converted_date"][:10]  # in November, five hours behind
    assert staged.execute(
        "select converted_on::varchar, converted_at::varchar from staging.stg_salesforce__people where object = 'lead'"
    ).fetchall() == [(day, f"{day} 05:00:00")]


def test_tasks_and_events_of_nobody_and_deleted_ones_are_no_activities(staged):
    expected = {
        record["id"]
        for name in ("task", "event")
        for record in given("salesforce", f"sf_{name}")
        if record["who_id"] and record["is_deleted"].lower() != "true"
    }
    found = staged.execute("select activity_id from staging.stg_salesforce__activities").fetchall()
    assert {activity for (activity,) in found} == expected


def test_every_loser_of_a_merge_points_at_its_last_winner_and_ended_then(staged):
    merges = sorted(given("marketo", "marketo_activity_merge_leads"), key=lambda one: one["activity_date"])
    ends = {
        loser: (merge["lead_id"], merge["activity_date"].removesuffix(".000"))
        for merge in merges
        for loser in merge["merge_ids"].strip("[]").split(",")
        if loser
    }
    found = staged.execute(
        "select record_id, merged_into_record_id, updated_at::varchar from staging.stg_marketo__people"
        " where is_deleted and merged_into_record_id is not null"
    ).fetchall()
    assert {record: (winner, ended) for record, winner, ended in found} == ends


def test_every_deleted_lead_is_a_tombstone_and_every_other_exported_one_lives(staged):
    deleted = {one["lead_id"] for one in given("marketo", "marketo_activity_delete_lead")}
    merged = {
        loser
        for one in given("marketo", "marketo_activity_merge_leads")
        for loser in one["merge_ids"].strip("[]").split(",")
        if loser
    }
    exported = {one["id"] for one in given("marketo", "marketo_lead")}
    found = staged.execute("select record_id, is_deleted from staging.stg_marketo__people").fetchall()
    assert dict(found) == {record: record in deleted | merged for record in exported | deleted | merged}
    assert len(deleted) == 31


def test_of_a_hundred_changes_of_values_those_of_mapped_fields_are_changes(staged):
    changes = given("marketo", "marketo_activity_change_data_value")
    assert (len(changes), len({one["lead_id"] for one in changes})) == (100, 84)
    fields = {"Contact Type": "contact_type", "Behavior Score Marketing": "behavior"}
    expected = {
        (one["id"] + "/" + fields[one["primary_attribute_value"]], one["lead_id"], one["new_value"] or None)
        for one in changes
        if one["primary_attribute_value"] in fields
    }
    found = staged.execute("select change_id, record_id, new_value from staging.stg_marketo__field_changes").fetchall()
    assert set(found) == expected
    assert len(found) == len(expected) == 6


def test_opens_and_clicks_are_touches_and_what_was_sent_or_bounced_is_none(staged):
    expected = {
        (one["id"], kind)
        for kind, name in (("email_open", "open_email"), ("email_click", "click_email"))
        for one in given("marketo", f"marketo_activity_{name}")
    }
    found = staged.execute("select activity_id, kind from staging.stg_marketo__activities").fetchall()
    assert set(found) == expected
    assert len(found) == 200


def test_programs_are_campaigns(staged):
    expected = {(one["id"], one["name"], one["channel"] or None) for one in given("marketo", "marketo_program")}
    found = staged.execute("select campaign_id, name, channel from staging.stg_marketo__campaigns").fetchall()
    assert set(found) == expected


@pytest.mark.parametrize("kind", ["salesforce", "marketo"])
def test_every_table_has_the_columns_and_types_of_the_exchange_shape(staged, kind):
    left_out = ("source_file", "record_number", "content_hash", "landed_at", "rows_held")
    for table in TABLES.values():
        expected = [
            (name, declared.replace("DECIMAL(18, 2)", "DECIMAL(18,2)"))
            for name, declared in table.raw_columns.items()
            if name not in left_out
        ]
        described = staged.execute(f"describe staging.stg_{kind}__{table.name}").fetchall()
        found = [(name, declared) for name, declared, *_ in described if name != "email_normalised"]
        assert found == expected, table.name
