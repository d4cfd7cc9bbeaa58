"""Proposed fixes as files that Salesforce Data Loader and HubSpot's import take. Nothing is ever written to a system.

A file sets one field of one object, by record id, so that no cell is ever empty: with "Insert null values" switched on,
Data Loader would clear a field for it. Beside the value stands the guard, what the field held when the fix was
proposed: a person, or a validation rule on a field that it is mapped to, can refuse a record that has moved on. Cells
are written as the system is to have them; a row in which a spreadsheet would compute something is refused, and named.

Data Loader takes CSV in UTF-8, up to 5 million records by the Bulk API (https://developer.salesforce.com/tools/data-loader),
fields of up to 32,000 characters, and reads #N/A as nothing
(https://developer.salesforce.com/docs/platform/data-loader-impl/guide/loader-using-bulk-api.html). HubSpot takes CSV in
UTF-8 with one header row, less than 1,000 columns, at most 1,048,576 rows and 512 MB, without a subscription 20 MB
(https://knowledge.hubspot.com/import-and-export/set-up-your-import-file), and never sets a lifecycle stage back
(https://knowledge.hubspot.com/crm-setup/import-frequently-asked-questions). RFC 4180: lines end in CR LF.
"""

import csv
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from ingest.sources import Sources

from orchestration.triage.inert import for_spreadsheet, is_formula
from orchestration.triage.store import TriageError

ROWS_PER_FILE = 100_000  # 20 MB even where a row has two hundred bytes
LONGEST = 32_000
API_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ .]{0,99}")  # of a field, or its label
UNSUITED = {
    "missing_record": "a record has to be created first",
    "deleted_record": "a record has to be restored, created or linked anew first",
    "merged_record": "records have to be merged or linked first, or a summed score corrected",
    "duplicate_record": "two records have to be merged",
    "conversion_gap": "the link to the contact has to be mended first",
    "no_contact_role": "a contact role has to be added to the opportunity",
    "conflict": "somebody has to decide which system is right",
}


@dataclass(frozen=True)
class Target:
    """An import: how it calls records, objects and fields, beside those that sources.yml names."""

    kind: str
    tool: str
    how: str
    id_column: str
    objects: dict[str, tuple[str, str]]  # exchange object → its name in the import, and what a record id looks like
    fields: dict[str, dict[str, str]]
    words_for_nothing: tuple[str, ...] = ()
    only_forward: tuple[str, ...] = ()  # fields that the import never sets back


TARGETS = {
    "salesforce": Target(
        "salesforce",
        "Data Loader",
        "Update, with the object and the field that the file is named by; map the first two columns, and no other.",
        "Id",
        {
            "lead": ("Lead", "00Q[A-Za-z0-9]{12}([A-Z0-5]{3})?"),
            "contact": ("Contact", "003[A-Za-z0-9]{12}([A-Z0-5]{3})?"),
            "opportunity": ("Opportunity", "006[A-Za-z0-9]{12}([A-Z0-5]{3})?"),
        },
        {"opportunity": {"stage": "StageName"}},
        words_for_nothing=("#N/A",),
    ),
    "hubspot": Target(
        "hubspot",
        "HubSpot's import",
        "Update existing records only; map the first two columns, and import no other.",
        "Record ID",
        {"contact": ("contacts", "[0-9]+"), "opportunity": ("deals", "[0-9]+")},
        {"opportunity": {"stage": "dealstage"}},
        only_forward=("lifecyclestage",),
    ),
}


@dataclass(frozen=True)
class Fix:
    """Set this field of this record to this value, if it still holds what was seen."""

    system: str
    object: str
    record_id: str
    field: str
    value: str
    seen: str
    fingerprint: str


@dataclass
class Export:
    """What can be imported, by file, and what cannot, by reason."""

    fixes: dict[tuple[str, str, str], list[Fix]] = field(default_factory=dict)  # system, object, field → in order of id
    refused: dict[str, list[dict]] = field(default_factory=dict)


def proposed(rows: list[dict], target: Target, sources: Sources, positions: dict[str, int]) -> Export:
    """Sort rows of the queue into fixes and refusals; `positions`: stage → its place on the path."""
    if not sources.of_kind(target.kind):
        names = ", ".join(f"{system.name} ({system.kind})" for system in sources.systems)
        raise TriageError(
            f"sources.yml connects no {target.kind}: {names}. Fixes are exported for one that it connects."
        )
    refused, by_place = defaultdict(list), defaultdict(list)
    for row in rows:
        fix, reason = _fix(row, target, sources, positions)
        if fix:
            by_place[fix.system, fix.object, fix.field, fix.record_id].append((fix, row))
        else:
            refused[reason].append(row)
    fixes = defaultdict(list)
    for (system, on, name, _), wanted in sorted(by_place.items(), key=lambda item: item[0]):
        if len({fix.value for fix, _ in wanted}) == 1:
            fixes[system, on, name].append(wanted[0][0])
        else:
            refused["two fixes want different values of one record"] += [row for _, row in wanted]
    return Export(dict(fixes), dict(sorted(refused.items(), key=lambda item: -len(item[1]))))


def write(export: Export, target: Target, stub: str, out: Path) -> list[tuple[Path, int]]:
    """Write a folder a system with a file a field, what was refused, and what the agreement lacks; file and rows.

    `out` is new or empty; a kill leaves it so.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise TriageError(
            f"{out} is not empty: choose another folder, so that no file of an earlier export is imported."
        )
    new = out.parent / f"{out.name}.new"
    shutil.rmtree(new, ignore_errors=True)  # of an export that was killed
    new.mkdir(parents=True)
    written = []
    for (system, on, name), fixes in export.fixes.items():
        header = [target.id_column, name, f"{name} seen", "OneFunnel mismatch"]
        for part, start in enumerate(range(0, len(fixes), ROWS_PER_FILE)):
            chunk = fixes[start : start + ROWS_PER_FILE]
            file = Path(_folder(system)) / f"{on}.{name}{f'.{part + 1}' if part else ''}.csv"
            _csv(new / file, header, ([fix.record_id, fix.value, fix.seen, fix.fingerprint] for fix in chunk))
            written.append((out / file, len(chunk)))
    columns = ["fingerprint", "system", "record_id", "cause", "owner_team", "suggested_fix"]
    _csv(
        new / "not_exported.csv",
        [*columns, "reason"],
        (
            [*(for_spreadsheet(row[one]) for one in columns), why]
            for why, rows in export.refused.items()
            for row in rows
        ),
    )
    if stub:
        (new / "values_to_map.yml").write_text(stub, encoding="utf-8")
    new.replace(out)
    return written


def _fix(row: dict, target: Target, sources: Sources, positions: dict[str, int]) -> tuple[Fix | None, str]:
    """The fix that a row is, or why it is none."""
    system = next((one for one in sources.systems if one.name == row["system"]), None)
    on, _, name = (row["field"] or "").partition(".")
    called, shape = target.objects.get(on, (None, ""))
    fields = (system.known_fields.get(on, {}) if system else {}) | target.fields.get(on, {})
    value, seen = row["expected_value"], row["value"] or ""
    reasons = {
        "it is not in the current publication: run again": not row["suggested_fix"],
        "the agreement has to say what the value means: values_to_map.yml has the stub": (
            row["cause"] == "unmapped_value"
        ),
        f"{row['system']} is to be mended, which is no {target.kind}": not system or system.kind != target.kind,
        UNSUITED.get(row["cause"]): row["cause"] in UNSUITED,
        "no field of a record holds it: it follows from a rule, or sources.yml does not name the field": (
            not called or name not in fields
        ),
        f"sources.yml calls its field what no field of {target.kind} is called": (
            name in fields and not API_NAME.fullmatch(fields[name])
        ),
        "the agreement has no value there for the stage that is expected": not value,
        "the id is no record id of that object": not re.fullmatch(shape, row["record_id"] or ""),
        "its value, or the one that stands there now, would be a formula to a spreadsheet": (
            is_formula(value) or is_formula(seen)
        ),
        f"{target.tool} would clear the field, or cut it short": (
            value in target.words_for_nothing or len(value or "") > LONGEST
        ),
        f"{target.tool} never sets this field back: clear it, then set it": (
            fields.get(name) in target.only_forward and not _is_forward(row, positions)
        ),
    }
    reason = next((reason for reason, applies in reasons.items() if applies), None)
    if reason:
        return None, reason
    return Fix(system.name, called, row["record_id"], fields[name], value, seen, row["fingerprint"]), ""


def _is_forward(row: dict, positions: dict[str, int]) -> bool:
    """Whether the fix moves on along the path, as far as one can tell; from nothing everything does."""
    places = positions.get(row["stage"]), positions.get(row["expected_stage"])
    return row["value"] is None or (None not in places and places[0] <= places[1])


def _folder(system: str) -> str:
    """A system's name as a folder's."""
    return re.sub(r"[^\w.-]", "_", system).lstrip(".") or "_"


def _csv(file: Path, header: list[str], rows) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        writer.writerows(rows)
