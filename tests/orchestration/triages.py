"""Audited publications made by hand, as far as the queue reads them, and what the queue then holds."""

import hashlib
import json
import sqlite3
from datetime import datetime
from pathlib import Path

import duckdb

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
