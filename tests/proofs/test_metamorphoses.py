"""What says nothing new changes nothing, one way at a time and in all pairs; and what was merged comes apart again."""

import json
import re

import pytest

from tests.flow.metamorphoses import Exports
from tests.proofs.conftest import PAIRS

BUILDS = {"person_id_changes", "restatements"}  # what each build changed: two builds are not one
CHANGES = {
    "every row twice": lambda exports: exports.double(),
    "in another order": lambda exports: exports.shuffle(),
    "in five files": lambda exports: exports.split(5),
    "in another zone": lambda exports: exports.shift_the_zone(),
}


@pytest.fixture
def built(company, line):
    """built(pair): a company's folder, and its tables as one load and one build give them."""
    kept = {}

    def build(pair: str):
        if pair not in kept:
            exports = company(700, 11, None, pair)
            once = line(exports / "sources.yml", pair=pair)
            once.build()
            kept[pair] = exports, once.tables()
            assert len(kept[pair][1]["stage_mismatches"]) > 8
        return kept[pair]

    return build


def without(tables: dict, names: set[str]) -> dict:
    return {name: rows for name, rows in tables.items() if name not in names}


@pytest.mark.parametrize("pair", PAIRS)
def test_rows_that_say_nothing_new_change_nothing(pair, built, own_copy, line):
    exports, expected = built(pair)
    for name, change in CHANGES.items():
        changed = Exports(own_copy(exports, name))
        before = changed.rows()
        change(changed)
        assert changed.rows() != before, name
        again = line(changed.folder / "sources.yml", pair=pair)
        again.build()
        assert again.tables() == expected, name
        print(f"{pair}: {name}: {len(expected)} tables equal")


@pytest.mark.parametrize("pair", PAIRS)
def test_rows_that_come_late_and_two_halves_with_a_build_between_give_what_one_load_gives(pair, built, own_copy, line):
    exports, expected = built(pair)
    for name, share in (("a tenth comes late", 10), ("two halves", 2)):
        late = Exports(own_copy(exports, name))
        rows = late.rows()
        twice = line(late.folder / "sources.yml", pair=pair)
        late.write(rows, keep=lambda number, share=share: number % share != 0)
        twice.build()
        assert without(twice.tables(), BUILDS) != without(expected, BUILDS)
        late.write(rows, keep=lambda number, share=share: number % share == 0)
        twice.build()
        assert without(twice.tables(), BUILDS) == without(expected, BUILDS), name
        print(f"{pair}: {name}: {len(expected)} tables equal")


def merged(pair: str, rows: dict) -> dict:
    """The rows as they would be if the CRM had merged its second live record of each ten into the first."""
    changed = dict(rows)
    for file, (header, lines) in rows.items():
        if file.parent.name == "salesforce" and file.stem == "Lead":
            changed[file] = header, merged_leads(header, lines)
        if pair == "hubspot" and file.stem == "contacts":
            changed[file] = header, merged_contacts(lines)
    return changed


def merged_leads(header: str, lines: list[str]) -> list[str]:
    """Leads as Salesforce shows those that lost a merge: deleted, with the id of the one that they became."""
    said = list(lines)
    for number in range(0, len(lines) - 1, 10):
        winner = re.search("00Q[0-9A-Za-z]{15}", lines[number])[0]
        if header:
            cells, names = lines[number + 1].rstrip("\n").split(","), header.rstrip("\n").split(",")
            if len(cells) != len(names):
                continue
            cells[names.index("MasterRecordId")], cells[names.index("IsDeleted")] = winner, "true"
            said[number + 1] = ",".join(cells) + "\n"
        else:
            lead = json.loads(lines[number + 1]) | {"MasterRecordId": winner, "IsDeleted": True}
            said[number + 1] = json.dumps(lead, ensure_ascii=False) + "\n"
    return said


def merged_contacts(lines: list[str]) -> list[str]:
    """Contacts as HubSpot shows those that won a merge, with the ids of those that they absorbed."""
    said = list(lines)
    for number in range(0, len(lines) - 1, 10):
        winner, loser = json.loads(lines[number]), json.loads(lines[number + 1])
        winner["properties"]["hs_merged_object_ids"] = loser["id"]
        said[number] = json.dumps(winner, ensure_ascii=False) + "\n"
    return said


@pytest.mark.parametrize("pair", PAIRS)
def test_what_was_merged_and_is_unmerged_gives_what_was_never_merged(pair, built, own_copy, line):
    exports, expected = built(pair)
    apart = Exports(own_copy(exports, "merged"))
    rows = apart.rows()
    apart.write(merged(pair, rows))
    twice = line(apart.folder / "sources.yml", pair=pair)
    twice.build()
    people_merged = len(expected["people"]) - len(twice.tables()["people"])
    assert people_merged > 20
    apart.write(rows)
    twice.build()
    assert without(twice.tables(), BUILDS) == without(expected, BUILDS)
    print(f"{pair}: {people_merged} people were merged into others and came apart: {len(expected)} tables equal")
