"""Audited publications made by hand, as far as the queue reads them, and what the queue then holds."""

import hashlib
import json
import sqlite3
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from typer.testing import CliRunner

from orchestration.triage import queue
from orchestration.triage.decisions import Decision, Seen, decide

MISMATCHES = """
create table new.main.stage_mismatches (mismatch_id varchar, person_id varchar, crm_system varchar, map_system varchar,
    crm_value varchar, map_value varchar, cause varchar, severity varchar, owner_team varchar, work_item_id varchar,
    parted_at timestamp, first_seen_at timestamp)
"""
CHANGES = """
create table new.main.person_id_changes
    (previous_person_id varchar, person_id varchar, system varchar, record_id varchar, changed_at timestamp)
"""


def mismatch(person: str, **said) -> dict:
    """One row of stage_mismatches, as plain as can be, but for what is said."""
    return {
        "mismatch_id": f"m-{person}",
        "person_id": person,
        "crm_system": "salesforce",
        "map_system": "marketo",
        "crm_value": "Working",
        "map_value": "MQL",
        "cause": "not_synced",
        "severity": "medium",
        "owner_team": "sales_ops",
        "work_item_id": "w1",
        "parted_at": datetime(2025, 2, 1),
        "first_seen_at": datetime(2025, 2, 2),
    } | said


def fingerprint(person: str, crm: str | None = "salesforce", map: str | None = "marketo") -> str:
    """What the contract says: the hash of person and systems."""
    return hashlib.md5(json.dumps([person, crm, map], separators=(",", ":")).encode()).hexdigest()


def opened(
    mismatches: list[dict], as_of: datetime, people: list[str] | None = None, moves: list[tuple] = ()
) -> duckdb.DuckDBPyConnection:
    """A new file with these mismatches, people (by default those who mismatch) and changes of ids."""
    connection = duckdb.connect()
    connection.execute(f"attach ':memory:' as new; attach ':memory:' as warehouse; {MISMATCHES}; {CHANGES}")
    connection.execute("create table new.main.people (person_id varchar); create schema warehouse.intermediate")
    connection.execute("create table warehouse.intermediate.int_clock as select ?::timestamp as data_as_of", [as_of])
    for table, rows in (
        ("stage_mismatches", [list(one.values()) for one in mismatches]),
        ("people", [[one] for one in people or [one["person_id"] for one in mismatches]]),
        ("person_id_changes", [list(move) for move in moves]),
    ):
        if rows:
            connection.executemany(f"insert into new.main.{table} values ({', '.join('?' * len(rows[0]))})", rows)
    return connection


def observe(data: Path, moment: datetime, mismatches: list[dict], *, personal_data=False, as_of=None, **world) -> list:
    """One publication; what `mismatch_incidents` says then, a dict a row."""
    with opened(mismatches, as_of or moment, **world) as connection:
        queue.observe(connection, data, moment, personal_data=personal_data)
        found = connection.execute("from new.main.mismatch_incidents")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def states(rows: list[dict]) -> dict[str, str]:
    """Person → state, of rows of which each is about another person."""
    return {row["person_id"]: row["state"] for row in rows}


def seen(one: dict, moment: datetime) -> Seen:
    """A mismatch as the publication that holds it shows it to whoever decides."""
    with opened([one], moment) as connection:
        (as_seen,) = connection.execute(f"select {queue.AS_SEEN} from new.main.stage_mismatches").fetchone()
    return Seen(fingerprint(one["person_id"], one["crm_system"], one["map_system"]), as_seen, one["severity"])


def decided(data: Path, moment: datetime, state: str, *mismatches: dict, who: str = "ada", **said) -> int:
    """Somebody decides about these; returns how many it concerned."""
    return decide(data, Decision(state, who, moment, **said), [seen(one, moment) for one in mismatches])


def history(data: Path, key: str) -> list[tuple]:
    """State, reason and who, of each change of one row of the queue."""
    with sqlite3.connect(data / "triage.sqlite") as connection:
        return connection.execute(
            "select state, reason, changed_by from changes where fingerprint = ? order by number", [key]
        ).fetchall()


def company(data: Path, moment: datetime, mismatches: list[dict]) -> Path:
    """A data dir in which these mismatches, with all their columns, are published and the queue has heard of them."""
    file = data / "published" / "onefunnel.duckdb"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    whole = pa.Table.from_pylist([_evidence(one) | one for one in mismatches])
    with duckdb.connect() as connection:
        connection.register("whole", whole)
        connection.execute(f"attach '{file}' as new; attach ':memory:' as warehouse; {CHANGES}; {BESIDE}")
        nulls = "opportunity_id::varchar as opportunity_id"
        connection.execute(f"create table new.main.stage_mismatches as select * replace ({nulls}) from whole")
        connection.execute("create schema warehouse.intermediate")
        connection.execute(
            "create table warehouse.intermediate.int_clock as select ?::timestamp as data_as_of", [moment]
        )
        connection.execute(FILLED)
        queue.observe(connection, data, moment, personal_data=False)
        connection.execute("detach new")
    return data


def _evidence(one: dict) -> dict:
    person, is_crm_wrong = one["person_id"], one.get("side_to_mend", "crm") == "crm"
    wrong, right = ("salesforce", "marketo") if is_crm_wrong else ("marketo", "salesforce")
    return {
        "crm_record_id": f"00Q{person}000000000AAA"[:18],
        "crm_field": "lead.status",
        "crm_stage": "sal",
        "crm_since": datetime(2025, 1, 1),
        "crm_writer": "person",
        "map_record_id": f"1{person}",
        "map_field": "prospect.revenue_stage",
        "map_stage": "mql",
        "map_since": datetime(2025, 1, 1),
        "map_writer": "workflow",
        "evidence": f"{right} still holds {one['map_value']}",
        "has_sufficient_evidence": True,
        "side_to_mend": "crm",
        "expected_stage": "recycled",
        "expected_value": "Nurture",
        "suggested_fix": f"Set {'lead.status' if is_crm_wrong else 'prospect.revenue_stage'} of {person} in {wrong}.",
        "opportunity_id": None,
    }


BESIDE = """
create table new.main.work_items (work_item_id varchar, system varchar, people_count bigint, high_count bigint);
create table new.main.people (person_id varchar);
create table new.main.person_records
    (person_id varchar, system varchar, object varchar, record_id varchar, record_url varchar);
create table new.main.definitions as
    select term, 'stage' as kind, position, 1 as agreement_version
    from (values ('mql', 1), ('sal', 2), ('sql', 3)) as stages(term, position);
create table new.main.stage_history
    (unit varchar, person_id varchar, stage varchar, entered_at timestamp, transition varchar, system varchar,
     record_id varchar, value varchar)
"""
FILLED = """
insert into new.main.people select distinct person_id from new.main.stage_mismatches;
insert into new.main.work_items
    select work_item_id, any_value(crm_system), count(*), 0 from new.main.stage_mismatches group by all;
insert into new.main.person_records
    select person_id, crm_system, 'lead', crm_record_id, 'https://crm.example/' || crm_record_id
    from new.main.stage_mismatches;
insert into new.main.stage_history
    select 'person', person_id, 'mql', parted_at - interval 1 day, 'entry', 'marketo', map_record_id, 'MQL'
    from new.main.stage_mismatches
"""


def onefunnel(monkeypatch, data: Path, now: datetime, *words: str) -> tuple[str, int]:
    """`onefunnel` with these words, in this process: what it says, its exit code."""
    from orchestration.cli import app

    monkeypatch.setenv("ONEFUNNEL_DATA", str(data))
    monkeypatch.setenv("ONEFUNNEL_NOW", f"{now.isoformat()}Z")
    result = CliRunner().invoke(app, words)
    return result.output, result.exit_code
