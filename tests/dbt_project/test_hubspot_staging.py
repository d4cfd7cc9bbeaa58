"""HubSpot's records, as its API answered once and as Fivetran lands them, through the loader and the models.

What must come out is computed here from the files themselves, without the line.
"""

import csv
import os
import subprocess
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ingest import agreement
from ingest.settings import Settings
from ingest.systems.connected import LOADS
from orchestration.dbt import EXECUTABLE, PROJECT

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
RECORDED, FIVETRAN = SHARED / "recorded" / "hubspot_v3", SHARED / "fivetran" / "hubspot"
EXAMPLE = Path(PROJECT.project_dir) / "agreement" / "examples" / "hubspot"
STAGING = ("--select", "staging.hubspot", "staging.sources")
UNMASKED = {  # names of properties are masked there: the most frequent ones stand for the stages
    "company_property_history": ("WRM+4i8iHBcBoIeVxhFUbA==", "lifecyclestage"),
    "deal_property_history": ("ky4p2Nx3U/ctHYnc+rKWvg==", "dealstage"),
}

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="shared/data is not here: records that nobody made up")


def built(folder: Path, system: str, *selected: str) -> duckdb.DuckDBPyConnection:
    """Load one system and run models; the warehouse."""
    folder.mkdir(exist_ok=True)
    (folder / "sources.yml").write_text(f"systems:\n  - {{name: hubspot, kind: hubspot, role: both, {system}}}\n")
    settings = Settings(data=folder / "data", sources=folder / "sources.yml", agreement=EXAMPLE)
    agreement.load(settings)
    LOADS["hubspot"](settings)
    environment = os.environ | {
        "ONEFUNNEL_DATA": str(settings.data),
        "DBT_PROFILES_DIR": str(PROJECT.profiles_dir),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "target"),
    }
    command = [EXECUTABLE, "--quiet", "--no-use-colors", "--log-level-file", "none", "run", *selected]
    done = subprocess.run(command, cwd=PROJECT.project_dir, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return duckdb.connect(settings.warehouse, read_only=True)


@pytest.fixture(scope="module")
def fivetran(tmp_path_factory) -> duckdb.DuckDBPyConnection:
    tables = (
        "contact company deal owner contact_merge_audit company_property_history deal_property_history deal_contact"
        " deal_company deal_pipeline deal_pipeline_stage engagement_call engagement_email engagement_meeting"
        " engagement_task engagement_contact contact_form_submission email_campaign email_event"
    )
    folder = tmp_path_factory.mktemp("fivetran")
    for table in tables.split():
        text = (FIVETRAN / f"{table}_data.csv").read_text(encoding="utf-8-sig")
        (folder / f"{table}.csv").write_text(text.replace(*UNMASKED[table]) if table in UNMASKED else text)
    with built(tmp_path_factory.mktemp("line"), f"path: '{folder}'", *STAGING) as con:
        yield con


def rows(table: str) -> list[dict[str, str]]:
    with open(FIVETRAN / f"{table}_data.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def merges() -> dict[str, str]:
    """Loser → survivor, by the audit and by the survivors' own lists."""
    listed = {
        loser.strip(): one["id"]
        for one in rows("contact")
        for loser in one["property_hs_merged_object_ids"].split(";")
        if loser.strip()
    }
    return listed | {one["vid_to_merge"]: one["contact_id"] for one in rows("contact_merge_audit")}


def test_a_contact_that_went_from_lead_to_opportunity_skipped_what_lies_between(tmp_path):
    files = "contact: mock_contacts_with_history.json, company: mock_companies_data.json, deal: mock_deals_data.json"
    with built(tmp_path / "recorded", f"path: '{RECORDED}', files: {{{files}}}") as con:
        history = con.execute(
            "select stage, transition, previous_stage, entered_at, entered_at_basis from marts.stage_history"
            " where unit = 'person' and record_id = '1' and stage <> 'idle' order by entered_at"
        ).fetchall()
        deals = con.execute(
            "select opportunity_id, stage, entered_at from marts.stage_history"
            " where unit = 'opportunity' and stage <> 'idle' order by opportunity_id"
        ).fetchall()
    # the lead's date is stamped 14 ms before the contact was created: it holds from then on
    assert history == [
        ("inquiry", "entry", None, datetime(2023, 6, 28, 13, 55, 47, 572000), "observed"),
        ("opportunity", "skip", "inquiry", datetime(2023, 7, 1, 21, 28, 1, 332000), "observed"),
    ]
    assert deals == [
        ("6744192456", "opportunity", datetime(2023, 2, 24, 3, 1, 1, 147000)),
        ("6744457152", "opportunity", datetime(2023, 2, 24, 3, 53, 39, 801000)),
    ]


def test_every_contact_of_fivetran_is_a_person_and_so_is_everybody_merged_away(fivetran):
    exported = {one["id"] for one in rows("contact")}
    assert len(merges()) == 7 and len(exported & merges().keys()) == 3
    found = fivetran.execute(
        "select record_id, merged_into_record_id, is_deleted from staging.stg_hubspot__people"
    ).fetchall()
    expected = {one: (merges().get(one), one in merges()) for one in exported | merges().keys()}
    assert {record: (into, is_deleted) for record, into, is_deleted in found} == expected
    assert len(found) == len(expected)


def test_a_merge_is_dated_where_the_audit_dates_it(fivetran):
    found = fivetran.execute(
        "select record_id, updated_at from staging.stg_hubspot__people where merged_into_record_id is not null"
        " and updated_at is not null"
    ).fetchall()
    audited = {one["vid_to_merge"]: datetime.fromisoformat(one["timestamp"]) for one in rows("contact_merge_audit")}
    assert dict(found) == audited


@pytest.mark.parametrize(
    ("of", "changes"),
    [
        ("company", "select record_id, {} from staging.stg_hubspot__field_changes where object = 'account'"),
        ("deal", "select opportunity_id, {} from staging.stg_hubspot__opportunity_changes"),
    ],
)
def test_a_history_is_a_chain_in_which_each_value_follows_the_one_before(fivetran, of, changes):
    histories = defaultdict(list)
    for one in rows(f"{of}_property_history"):
        if one["name"] == UNMASKED[f"{of}_property_history"][0]:
            histories[one[f"{of}_id"]].append((datetime.fromisoformat(one["timestamp"]), one["value"]))
    expected = []
    for record, history in histories.items():
        values = [None, *(value for _, value in sorted(history))]
        expected += [
            (record, old, new, moment)
            for old, new, (moment, _) in zip(values, values[1:], sorted(history), strict=False)
        ]
    assert len(expected) > len(histories) > 1
    found = fivetran.execute(changes.format("old_value, new_value, changed_at")).fetchall()
    assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_a_deal_keeps_its_stage_and_amount_and_whether_it_was_deleted(fivetran):
    expected = {
        one["deal_id"]: (
            one["deal_pipeline_stage_id"] or None,
            float(one["property_amount"]) if one["property_amount"] else None,
            one["is_deleted"].lower() == "true",
        )
        for one in rows("deal")
    }
    found = fivetran.execute(
        "select opportunity_id, stage_value, cast(amount as double), is_deleted from staging.stg_hubspot__opportunities"
    ).fetchall()
    assert {deal: tuple(rest) for deal, *rest in found} == expected
    assert len(found) == len(rows("deal"))


def test_contacts_of_deals_and_what_people_did_are_what_the_files_hold(fivetran):
    pairs = {(one["deal_id"], one["contact_id"], False) for one in rows("deal_contact")}
    found = fivetran.execute(
        "select opportunity_id, record_id, is_primary from staging.stg_hubspot__opportunity_people"
    ).fetchall()
    assert set(found) == pairs and len(found) == len(rows("deal_contact"))
    calls = {(one["contact_id"], "call") for one in rows("engagement_contact")}
    forms = {(one["contact_id"], "form_fill") for one in rows("contact_form_submission")}
    activities = fivetran.execute("select record_id, kind from staging.stg_hubspot__activities").fetchall()
    assert set(activities) == calls | forms
    titles = {one["title"] for one in rows("contact_form_submission")}
    campaigns = {
        one for (one,) in fivetran.execute("select campaign_id from staging.stg_hubspot__campaigns").fetchall()
    }
    assert campaigns == titles | {one["id"] for one in rows("email_campaign")}
