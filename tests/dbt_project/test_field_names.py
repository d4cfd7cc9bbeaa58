"""F25: a field may be called anything, by vendor and agreement; a name is looked up, and never becomes SQL."""

import csv
import json

import duckdb
import pytest
import yaml

from ingest.settings import Settings
from ingest.systems.connected import LOADS
from orchestration import building
from tests.flow.conftest import EXAMPLES

STRANGE = [
    'a"b',
    "select",
    "a'b; drop table raw_salesforce.lead; --",
    "größe ✓",
    "x" * 300,
    "a/b~c",
    "~1",
    "Case__c",
    "case__C",
    "*",
    "$[0]",
    "a.b",
    "{{ this }}",
    "0",
    "=cmd|' /C calc'!A0",
]
OBJECTS = {"salesforce": "lead", "marketo": "prospect", "hubspot": "contact"}
KINDS = [*OBJECTS, "files"]


@pytest.fixture(scope="module")
def staged(tmp_path_factory) -> dict[str, dict[str, str]]:
    """System → field → the value that staging found; the agreement calls each field as its vendor does."""
    folder = tmp_path_factory.mktemp("names")
    values = {name: f"right {number}" for number, name in enumerate(STRANGE)}
    for kind in KINDS:
        (folder / kind).mkdir()
    for file, own in (
        ("salesforce/Lead.csv", {"Id": "1"}),
        ("marketo/leads.csv", {"id": "1"}),
        ("files/a.csv", {"Id": "1"}),
    ):
        with open(folder / file, "w", newline="") as out:
            csv.writer(out).writerows([[*own, *values], [*own.values(), *values.values()]])
    contact = {
        "id": "1",
        "properties": values,
        "createdAt": "2025-01-01T00:00:00Z",
        "updatedAt": "2025-01-01T00:00:00Z",
    }
    (folder / "hubspot" / "contacts.jsonl").write_text(json.dumps(contact))
    systems = [
        {"name": kind, "kind": kind, "role": role, "path": kind, "fields": {on: {name: name for name in STRANGE}}}
        for (kind, on), role in zip(OBJECTS.items(), ("crm", "map", "map"), strict=True)
    ]
    mapped = {"file": "a.csv", "columns": {"record_id": "Id", "object": {"value": "prospect"}}}
    mapped["fields"] = {name: name for name in STRANGE}
    systems.append({"name": "files", "kind": "files", "role": "map", "path": "files", "tables": {"people": mapped}})
    (folder / "sources.yml").write_text(yaml.safe_dump({"systems": systems}, allow_unicode=True))
    settings = Settings(data=folder / "data", sources=folder / "sources.yml", agreement=EXAMPLES / "salesforce-marketo")
    for load in LOADS.values():
        load(settings)
    models = {kind: f"stg_{kind}__field_values" for kind in KINDS}
    building.build(settings.data, list(models.values()))
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        found = {
            kind: dict(con.execute(f"select field, value from staging.{model} where value is not null").fetchall())
            for kind, model in models.items()
        }
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_f25_whatever_a_field_is_called_its_own_value_is_read(staged, kind):
    found = {name: value for name, value in staged[kind].items() if name in STRANGE}
    assert found == {name: f"right {number}" for number, name in enumerate(STRANGE)}
