"""The queue as files for people and programs: JSON, CSV, and what the agreement has to say yet as YAML to paste."""

import csv
import io
import json

from ingest.agreement import AgreementError, read
from ingest.preflight.findings import Findings, Unmapped
from ingest.settings import Settings

from orchestration.triage.inert import for_spreadsheet

COLUMNS = (
    "fingerprint",
    "state",
    "severity",
    "cause",
    "owner_team",
    "parted_at",
    "system",
    "field",
    "record_id",
    "value",
    "expected_stage",
    "expected_value",
    "other_system",
    "other_field",
    "other_record_id",
    "other_value",
    "suggested_fix",
    "evidence",
    "work_item_id",
    "people_in_work_item",
    "person_id",
    "mismatch_id",
    "first_seen_at",
    "last_seen_at",
    "resolved_at",
    "reopened_count",
    "snoozed_until",
    "changed_at",
    "changed_by",
    "note",
)


def as_json(rows: list[dict]) -> str:
    """A list of objects; moments are UTC, as ISO 8601 writes them."""
    chosen = [{name: row[name] for name in COLUMNS} for row in rows]
    return json.dumps(chosen, indent=2, default=lambda moment: f"{moment.isoformat(timespec='seconds')}Z")


def as_csv(rows: list[dict]) -> str:
    """RFC 4180, every cell quoted, none of which a spreadsheet computes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([for_spreadsheet(row[name]) for name in COLUMNS] for row in rows)
    return text.getvalue()


def stub(rows: list[dict], settings: Settings) -> str:
    """The values among these rows that mean nothing yet, to paste into the agreement; empty where there are none."""
    unmapped = [(row["system"], row["field"], row["value"]) for row in rows if row["cause"] == "unmapped_value"]
    try:
        newest = read(settings.agreement)[-1]
    except (AgreementError, OSError):
        return ""
    names = {(source.system, source.field): source.name for source in newest.stage_sources}
    known = [one for one in sorted(set(unmapped), key=str) if one[:2] in names and one[2]]
    return Findings(
        unmapped=[
            Unmapped(names[system, field], value, unmapped.count((system, field, value)), (newest.version,), True)
            for system, field, value in known
        ]
    ).stub()
