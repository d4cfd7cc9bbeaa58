"""Who is one person, held against a world that knows; the proof at full length is tests/proofs/test_identity.py."""

import duckdb
import pytest

from tests.flow.identities import MODELS, agreeing, judge

FAULTS = {"shared_mailbox": 0.15, "mistyped_email": 0.04, "private_email": 0.04}


@pytest.fixture(scope="module")
def blurred(company):
    return company(700, 11, FAULTS)


def test_a_mailbox_that_a_firm_shares_does_not_make_it_one_person(line, blurred):
    built = line(blurred / "sources.yml")
    built.build(*MODELS)
    found = judge(built.warehouse, blurred)
    assert found.unknown_to_the_truth == 0
    assert set(found.by_rule) >= {"conversion", "merge", "linked_id", "external_id", "email"}
    for rule in found.by_rule:
        assert found.precision_of(rule) >= 0.999, rule
    assert found.precision >= 0.999
    assert found.strangers_in_a_person == 1
    assert found.recall < 0.97
    assert found.recall_once_reviewed >= 0.99


def test_without_that_safeguard_the_firm_is_swallowed_and_from_merge_from_on_likeness_joins(line, blurred, tmp_path):
    """An agreement in which no mailbox is shared: the proof that the world asks the question at all."""
    said = "{shared_mailboxes: [], names_in_a_mailbox: 1000, merge_from: 0.99}"
    built = line(blurred / "sources.yml", agreeing(tmp_path / "open", "salesforce-marketo", said))
    built.build(*MODELS)
    found = judge(built.warehouse, blurred)
    assert found.precision_of("email") < 0.9
    assert found.strangers_in_a_person >= 5
    assert found.by_rule["probable"][0] >= 10
    assert found.precision_of("probable") == 1


SYSTEM = """\
  - name: {name}
    kind: files
    role: {name}
    path: exports
    tables:
      people:
        file: {name}.csv
        columns:
          {{record_id: id, object: {{value: lead}}, email: mail, last_name: name, created_at: created,
           linked_system: to, linked_record_id: link, merged_into_record_id: winner}}
"""
SOURCES = "identity_overrides: overrides.csv\nsystems:\n" + SYSTEM.format(name="crm") + SYSTEM.format(name="map")
HEADER = "id,mail,name,created,to,link,winner\n"
CRM = (
    "1,ann@a.example,Lee,2025-01-01,,,\n2,bob@b.example,Ray,2025-01-02,,,{winner}\n3,cem@c.example,Kim,2025-01-03,,,\n"
)
MAP = "7,ann@a.example,Lee,2025-01-04,,,\n8,bob@b.example,Ray,2025-01-05,,,\n9,dee@d.example,Kim,2025-01-06,crm,3,\n"
DECIDED = "decision,system,record_id,other_system,other_record_id\n"
SIGNED = """\
version: 1
effective_from: 2025-01-01
signed: {marketing: {role: CMO, on: 2024-12-12}, sales: {role: CRO, on: 2024-12-12}}
stages: [{name: mql}]
stage_sources: [{name: status, system: crm, side: crm, field: lead.status, values: {MQL: mql}}]
reports: [{name: funnel, tables: [funnel_by_month]}]
"""


def test_a_merge_and_decisions_that_are_taken_back_leave_what_a_rebuild_gives(line, tmp_path, monkeypatch):
    (tmp_path / "exports").mkdir()
    (tmp_path / "signed").mkdir()
    (tmp_path / "signed" / "v1.yml").write_text(SIGNED)
    (tmp_path / "sources.yml").write_text(SOURCES)

    def told(day: int, winner: str = "", decided: str = "") -> None:
        monkeypatch.setenv("ONEFUNNEL_NOW", f"2026-01-0{day}T00:00:00Z")
        (tmp_path / "exports" / "crm.csv").write_text(HEADER + CRM.format(winner=winner))
        (tmp_path / "exports" / "map.csv").write_text(HEADER + MAP)
        (tmp_path / "overrides.csv").write_text(DECIDED + decided)

    def people(built) -> list[list[tuple]]:
        """The records of each person, and everything else that a record says of it."""
        with duckdb.connect(str(built.warehouse), read_only=True) as con:
            return [
                con.execute(f"from {table} order by all").fetchall()
                for table in ("marts.person_records", "marts.identity_reviews")
            ]

    def together(tables: list[list[tuple]]) -> set[frozenset]:
        persons = {}
        for person, system, _, record, *_ in tables[0]:
            persons.setdefault(person, set()).add((system, record))
        return {frozenset(records) for records in persons.values()}

    lived, rebuilt = (line(tmp_path / "sources.yml", tmp_path / "signed") for _ in range(2))
    told(1, winner="1", decided="always,crm,1,crm,3\nnever,crm,3,map,9\nnever,crm,1,map,7\n")
    lived.build(*MODELS, "+person_records")
    one = {("crm", "1"), ("crm", "2"), ("crm", "3"), ("map", "8")}
    assert together(people(lived)) == {frozenset(one), frozenset({("map", "7")}), frozenset({("map", "9")})}
    told(2)
    lived.build(*MODELS, "+person_records")
    rebuilt.build(*MODELS, "+person_records")
    pairs = ({("crm", "1"), ("map", "7")}, {("crm", "2"), ("map", "8")}, {("crm", "3"), ("map", "9")})
    assert together(people(lived)) == {frozenset(pair) for pair in pairs}
    assert people(lived) == people(rebuilt)
