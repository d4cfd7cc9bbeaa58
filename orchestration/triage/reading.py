"""The queue as it stands now, with the published evidence of each mismatch: to list, to show, to choose from.

Reads the published file and `triage.sqlite`, and writes neither.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.triage import queue
from orchestration.triage.decisions import Seen
from orchestration.triage.store import TriageError, reading

OPEN = ("new", "acknowledged", "snoozed")
STATES = (*OPEN, "resolved")
SEVERITIES = ("high", "medium", "low")
INCIDENTS = queue.COLUMNS | {"crm_system": "VARCHAR", "map_system": "VARCHAR", "mended_at": "TIMESTAMP"}
CHANGES = {
    "number": "INTEGER",
    "fingerprint": "VARCHAR",
    "state": "VARCHAR",
    "reason": "VARCHAR",
    "changed_at": "TIMESTAMP",
    "changed_by": "VARCHAR",
    "snoozed_until": "TIMESTAMP",
    "note": "VARCHAR",
}
# A snooze is over when its time has come, also where no run has said so yet.
WORKED = f"""
    create temp table worked as
    with mismatches as (
        select
            *,
            severity as severity_seen,
            {queue.AS_SEEN} as as_seen,
            side_to_mend = 'crm' as is_crm_wrong,
            coalesce(crm_field, '') like 'opportunity.%' as is_crm_opportunity,
            coalesce(map_field, '') like 'opportunity.%' as is_map_opportunity
        from published.stage_mismatches
    ),
    sided as (
        select
            * exclude (mismatch_id, person_id, cause, severity, owner_team, work_item_id, parted_at, first_seen_at),
            person_id,
            if(is_crm_wrong, crm_system, map_system) as system,
            if(is_crm_wrong, crm_field, map_field) as field,
            if(is_crm_wrong, crm_value, map_value) as value,
            if(is_crm_wrong, crm_stage, map_stage) as stage,
            if(
                if(is_crm_wrong, is_crm_opportunity, is_map_opportunity), opportunity_id,
                if(is_crm_wrong, crm_record_id, map_record_id)
            ) as record_id,
            if(is_crm_wrong, map_system, crm_system) as other_system,
            if(is_crm_wrong, map_field, crm_field) as other_field,
            if(is_crm_wrong, map_value, crm_value) as other_value,
            if(
                if(is_crm_wrong, is_map_opportunity, is_crm_opportunity), opportunity_id,
                if(is_crm_wrong, map_record_id, crm_record_id)
            ) as other_record_id
        from mismatches
    )
    select
        incidents.* exclude (state, snoozed_until),
        if(is_over, 'new', state) as state,
        if(is_over, null, snoozed_until) as snoozed_until,
        sided.* exclude (person_id, crm_system, map_system, system),
        coalesce(sided.system, work_items.system) as system,
        work_items.people_count as people_in_work_item,
        work_items.high_count as high_in_work_item
    from (select *, coalesce(state = 'snoozed' and snoozed_until <= $now, false) as is_over from incidents) as incidents
    left join sided
        on incidents.person_id = sided.person_id
        and incidents.crm_system is not distinct from sided.crm_system
        and incidents.map_system is not distinct from sided.map_system
        and incidents.state <> 'resolved'
    left join published.work_items as work_items on incidents.work_item_id = work_items.work_item_id
"""
ORDER = """
    list_position(['new', 'acknowledged', 'snoozed', 'resolved'], state),
    list_position(['high', 'medium', 'low'], severity), people_in_work_item desc nulls last, work_item_id, parted_at,
    fingerprint
"""


@dataclass(frozen=True)
class Filters:
    """Which mismatches are meant; what is empty says nothing. `work_item` is the beginning of an id."""

    owner: str | None = None
    cause: str | None = None
    severity: str | None = None
    states: tuple[str, ...] = OPEN
    parted_by: datetime | None = None  # the systems had parted by then
    work_item: str | None = None

    @property
    def say_something(self) -> bool:
        """Whether they choose among the open mismatches at all."""
        return self != Filters()


@contextmanager
def opened(data: Path, now: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    """Tables `worked`, a row of the queue with its evidence, and `changes`, beside the published file `published`.

    `now`, naive UTC, decides which snoozes are over. Raises TriageError where there is nothing to read.
    """
    published = data.absolute() / "published" / "onefunnel.duckdb"
    if not published.exists():
        raise TriageError(f"Nothing was published in {data} yet: `onefunnel run` does it.")
    with reading(data) as store, duckdb.connect() as connection:
        for table, columns in (("incidents", INCIDENTS), ("changes", CHANGES)):
            rows = store.execute(f"select {', '.join(columns)} from {table}").fetchall()
            connection.register(f"{table}_stored", queue.arrow(rows, columns))
            selected = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in columns.items())
            connection.execute(f"create temp table {table} as select {selected} from {table}_stored")
        connection.execute("attach '{}' as published (read_only)".format(str(published).replace("'", "''")))
        connection.execute(WORKED, {"now": now})
        yield connection


def listed(connection: duckdb.DuckDBPyConnection, filters: Filters, limit: int = 0) -> tuple[list[dict], int]:
    """The rows that fit, the most pressing first, and how many there are of them without the limit."""
    condition, told = _condition(filters)
    rows = _dicts(
        connection.execute(
            f"select *, count(*) over () as fitting from worked where {condition} order by {ORDER}"
            + (f" limit {int(limit)}" if limit else ""),
            told,
        )
    )
    return rows, rows[0]["fitting"] if rows else 0


def found(connection: duckdb.DuckDBPyConnection, words: list[str]) -> list[dict]:
    """The rows that ids name: fingerprint, mismatch_id or person_id, or the beginning of one; else TriageError.

    A whole id wins over a beginning, an open row over a resolved one.
    """
    return list({row["fingerprint"]: row for word in words for row in _named(connection, word)}.values())


def seen(rows: list[dict]) -> list[Seen]:
    """The rows as whoever decides about them has them before him."""
    return [Seen(row["fingerprint"], row["as_seen"], row["severity_seen"]) for row in rows]


def counts(connection: duckdb.DuckDBPyConnection, since: datetime) -> dict[str, int]:
    """Rows by state, and how many of those that are open now or were at `since` came or went between."""
    row = _dicts(
        connection.execute(
            f"""
            with before as (
                select fingerprint, arg_max(state, number) as state from changes where changed_at <= $since group by all
            )
            select
                {", ".join(f"count(*) filter (worked.state = '{state}') as {state}" for state in STATES)},
                count(*) filter (worked.state <> 'resolved' and not was_open) as came,
                count(*) filter (worked.state = 'resolved' and was_open) as went
            from (
                select worked.state, coalesce(before.state, 'resolved') <> 'resolved' as was_open
                from worked left join before using (fingerprint)
            ) as worked
            """,
            {"since": since},
        )
    )[0]
    return row | {"open": sum(row[state] for state in OPEN)}


def history(connection: duckdb.DuckDBPyConnection, fingerprint: str) -> list[dict]:
    """Every change of one row, the earliest first."""
    return _dicts(connection.execute("from changes where fingerprint = ? order by number", [fingerprint]))


def addresses(connection: duckdb.DuckDBPyConnection, person_id: str) -> dict[tuple[str, str], tuple]:
    """System and record → object and address of each record of a person, where one is known."""
    rows = connection.execute(
        "select system, record_id, object, record_url from published.person_records where person_id = ?", [person_id]
    ).fetchall()
    return {(system, record): (kind, url) for system, record, kind, url in rows}


def entries(connection: duckdb.DuckDBPyConnection, person_id: str, moment: datetime, beside: int = 4) -> list[dict]:
    """What the person's stage history says around a moment: so many entries before it, and so many from it on."""
    return _dicts(
        connection.execute(
            """
            with placed as (
                select *, row_number() over (
                    partition by entered_at >= $moment
                    order by abs(epoch(entered_at) - epoch($moment::timestamp)), stage
                ) as distance
                from published.stage_history
                where unit = 'person' and person_id = $person and entered_at is not null
            )
            select entered_at, stage, transition, system, record_id, value from placed
            where distance <= $beside order by entered_at, stage
            """,
            {"moment": moment, "person": person_id, "beside": beside},
        )
    )


def positions(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Each stage's place on the agreed path."""
    return dict(
        connection.execute(
            "select term, arg_max(position, agreement_version)"
            " from published.definitions where kind = 'stage' group by term"
        ).fetchall()
    )


def _condition(filters: Filters) -> tuple[str, dict]:
    asked = {
        "owner_team = $owner": filters.owner,
        "cause = $cause": filters.cause,
        "severity = $severity": filters.severity,
        "starts_with(work_item_id, $work_item)": filters.work_item,
        "parted_at <= $parted_by": filters.parted_by,
        "list_contains($states, state)": list(filters.states),
    }
    meant = {part: value for part, value in asked.items() if value is not None}
    return " and ".join(meant), {part.split("$")[1].split(",")[0].rstrip(")"): value for part, value in meant.items()}


def _named(connection: duckdb.DuckDBPyConnection, word: str) -> list[dict]:
    for condition in (
        "$word in (fingerprint, mismatch_id, person_id)",
        "starts_with(fingerprint, $word) or starts_with(mismatch_id, $word) or starts_with(person_id, $word)",
    ):
        rows = _dicts(connection.execute(f"from worked where {condition} order by {ORDER}", {"word": word.lower()}))
        rows = [row for row in rows if row["state"] != "resolved"] or rows
        if len(rows) == 1:
            return rows
        if rows:
            those = ", ".join(row["fingerprint"][:12] for row in rows[:5]) + (" …" if len(rows) > 5 else "")
            raise TriageError(f"{word!r} may be any of {len(rows)} mismatches: {those}. Say more of the id.")
    nearest = connection.execute(
        "select fingerprint from worked"
        " order by levenshtein(left(fingerprint, length($word)), $word), fingerprint limit 1",
        {"word": word.lower()},
    ).fetchone()
    hint = f" The nearest is {nearest[0][:12]}." if nearest else ""
    raise TriageError(f"No mismatch has the id {word!r}, nor one that begins so.{hint}")


def _dicts(result: duckdb.DuckDBPyConnection) -> list[dict]:
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
