"""What an audited publication says of the queue: what is new, what has come back, what nobody has to mend any more.

A row of the queue is one person in two systems. Its fingerprint is the hash of the three, and it stays when the
person's id changes. The same data says the same, however often it is told; what people decide stands in `decisions`.
"""

import sqlite3
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.triage.store import TIME, stored, transaction

TABLE = "mismatch_incidents"
GRAIN = "One row per person and pair of systems that disagreed when a publication saw them; times are UTC."
DESCRIBED = {
    "fingerprint": ("VARCHAR", "Stable from run to run, also when the person gets another id."),
    "mismatch_id": ("VARCHAR", "In stage_mismatches; null when resolved."),
    "person_id": ("VARCHAR", "In people, while the person is there."),
    "state": ("VARCHAR", "new, acknowledged, snoozed, or resolved, which the data alone can say."),
    "first_seen_at": ("TIMESTAMP", "Load that first showed it."),
    "last_seen_at": ("TIMESTAMP", "Publication that last showed it."),
    "resolved_at": ("TIMESTAMP", "Publication that no longer showed it; null while it is open."),
    "reopened_count": ("INTEGER", "How often it came back, or the data contradicted an acknowledgement."),
    "snoozed_until": ("TIMESTAMP", "From when on it is new again; null unless snoozed."),
    "changed_at": ("TIMESTAMP", "When its state last changed."),
    "changed_by": ("VARCHAR", "Who changed it, null where the data did; published only with personal data."),
    "note": ("VARCHAR", "Why, in their words; published only with personal data."),
    "cause": ("VARCHAR", "As last seen, like the columns after it."),
    "severity": ("VARCHAR", "high, medium or low."),
    "owner_team": ("VARCHAR", "Whose job it is."),
    "work_item_id": ("VARCHAR", "In work_items, while one of its people is open."),
    "parted_at": ("TIMESTAMP", "Since when the systems disagree."),
}
COLUMNS = {name: kind for name, (kind, _) in DESCRIBED.items()}
TYPED_BY_PEOPLE = ("changed_by", "note")
# What somebody who acknowledges a mismatch has seen of it; when it differs, he has seen something else.
AS_SEEN = "md5(to_json([cause, crm_value, map_value, parted_at::varchar])::varchar)"
SEEN = f"""
    select
        md5(to_json([person_id, crm_system, map_system])::varchar) as own, mismatch_id, person_id, crm_system,
        map_system, cause, severity, owner_team, work_item_id, strftime(parted_at, '{TIME}') as parted_at,
        strftime(first_seen_at, '{TIME}') as first_seen_at, {AS_SEEN} as as_seen
    from new.main.stage_mismatches
"""
# Ids that records of a mismatched person had before, of people who are no more.
MOVED = """
    with held as (
        select system, record_id, arg_max(person_id, changed_at) as person_id
        from new.main.person_id_changes group by all
    )
    select distinct changes.previous_person_id, held.person_id
    from new.main.person_id_changes as changes
    inner join held using (system, record_id)
    semi join new.main.stage_mismatches as mismatches on held.person_id = mismatches.person_id
    anti join new.main.people as people on changes.previous_person_id = people.person_id
"""
# Who may hold a row that a mismatch goes on: its person, and those whose records became his.
HOLDERS = """
    create temp table holders as
    select own, person_id, crm_system, map_system, person_id as holder from seen
    union
    select seen.own, seen.person_id, seen.crm_system, seen.map_system, moved.previous_person_id
    from moved cross join seen on seen.person_id = moved.person_id
"""
# A row belongs to the person whose hash it is, else to the one whom it names, else to whom that person's records went;
# of several rows a mismatch takes one that is open, was seen last, is its own, is the oldest. A cross join tells
# SQLite, which knows nothing of how many rows there are, to go by the index of the table on its right.
CLAIMED = """
    create temp table claimed as
    with claims as (
        select holders.own, incidents.fingerprint, incidents.person_id = holders.person_id as is_named
        from holders
        cross join incidents
            on incidents.person_id = holders.holder
            and incidents.crm_system is holders.crm_system and incidents.map_system is holders.map_system
        where
            incidents.fingerprint = holders.own
            or not exists (select 1 from seen where seen.own = incidents.fingerprint)
        union
        select seen.own, incidents.fingerprint, incidents.person_id = seen.person_id
        from seen cross join incidents on incidents.fingerprint = seen.own
    ),
    granted as (
        select own, fingerprint, row_number() over (
            partition by fingerprint order by fingerprint = own desc, is_named desc, own
        ) as place
        from claims
    ),
    ordered as (
        select granted.own, granted.fingerprint, row_number() over (
            partition by granted.own
            order by
                incidents.state = 'resolved', incidents.last_seen_at desc, granted.fingerprint = granted.own desc,
                incidents.first_seen_at, granted.fingerprint
        ) as place
        from granted cross join incidents on incidents.fingerprint = granted.fingerprint
        where granted.place = 1
    )
    select own, fingerprint from ordered where place = 1
"""
AS_LAST_SEEN = ("mismatch_id", "person_id", "cause", "severity", "owner_team", "work_item_id", "parted_at")
RANK = "instr('low medium high', {})"  # a higher severity stands further right
TOLD = f"""
    create temp table told as
    select
        coalesce(incidents.fingerprint, seen.own) as fingerprint,
        seen.*,
        case
            when incidents.state is null then 'appeared'
            when incidents.state = 'resolved' then 'came back'
            when incidents.state = 'snoozed' and incidents.snoozed_until <= :moment then 'the snooze is over'
            when incidents.state = 'acknowledged' and incidents.acknowledged_as is not seen.as_seen then 'has changed'
            when
                incidents.state = 'acknowledged'
                and {RANK.format("seen.severity")} > {RANK.format("incidents.acknowledged_severity")}
                then 'is more severe'
            when incidents.state = 'acknowledged' and incidents.mended_at < :data_as_of then 'is not mended'
        end as reason
    from seen
    left join claimed on seen.own = claimed.own
    left join incidents on claimed.fingerprint = incidents.fingerprint
"""
GONE = "state <> 'resolved' and fingerprint not in (select fingerprint from told)"
KEPT = "case when told.reason is null then incidents.{0} end"
STEPS = (
    "create unique index seen_once on seen (own)",
    "create index seen_by_person on seen (person_id)",
    HOLDERS,
    CLAIMED,
    "create unique index claimed_once on claimed (own)",
    TOLD,
    "create unique index told_once on told (fingerprint)",
    "insert into changes (fingerprint, state, reason, changed_at)"
    " select fingerprint, 'new', reason, :moment from told where reason is not null order by fingerprint",
    "insert into changes (fingerprint, state, reason, changed_at)"
    f" select fingerprint, 'resolved', 'the systems agree', :moment from incidents where {GONE} order by fingerprint",
    f"""
    update incidents set
        state = 'resolved', mismatch_id = null, resolved_at = :moment, changed_at = :moment, changed_by = null,
        note = null, snoozed_until = null, acknowledged_as = null, acknowledged_severity = null, mended_at = null
    where {GONE}
    """,
    "update incidents set last_seen_at = :moment where fingerprint in (select fingerprint from told)",
    f"""
    insert or replace into incidents
    select
        told.fingerprint, told.mismatch_id, told.person_id, told.crm_system, told.map_system,
        case when told.reason is null then incidents.state else 'new' end,
        coalesce(incidents.first_seen_at, told.first_seen_at, :moment), :moment, null,
        coalesce(incidents.reopened_count, 0) + (told.reason not in ('appeared', 'the snooze is over') is true),
        {KEPT.format("snoozed_until")}, coalesce({KEPT.format("changed_at")}, :moment), {KEPT.format("changed_by")},
        {KEPT.format("note")}, told.cause, told.severity, told.owner_team, told.work_item_id, told.parted_at,
        {KEPT.format("acknowledged_as")}, {KEPT.format("acknowledged_severity")}, {KEPT.format("mended_at")}
    from told left join incidents using (fingerprint)
    where
        told.reason is not null
        or ({", ".join(f"told.{name}" for name in AS_LAST_SEEN)})
        is not ({", ".join(f"incidents.{name}" for name in AS_LAST_SEEN)})
    """,
)


def observe(connection: duckdb.DuckDBPyConnection, data: Path, moment: datetime, *, personal_data: bool) -> int:
    """Tell the queue what the new file holds, and write it into the file as `mismatch_incidents`; returns its rows.

    `connection` has the new file as `new` and the `warehouse`; raises TriageError, and then nothing has changed.
    """
    (data_as_of,) = connection.execute("select max(data_as_of) from warehouse.intermediate.int_clock").fetchone()
    moments = {"moment": stored(moment), "data_as_of": data_as_of and stored(data_as_of)}
    with transaction(data) as queue:
        _take_in(queue, "seen", connection.execute(SEEN))
        _take_in(queue, "moved", connection.execute(MOVED))
        for step in STEPS:
            queue.execute(step, {name: moments[name] for name in moments if f":{name}" in step})
        rows = queue.execute(f"select {', '.join(COLUMNS)} from incidents").fetchall()
        _write(connection, rows, personal_data)
    return len(rows)


def _take_in(queue: sqlite3.Connection, table: str, rows: duckdb.DuckDBPyConnection) -> None:
    """A result of DuckDB's as a temporary table beside the queue."""
    names = [column[0] for column in rows.description]
    queue.execute(f"create temp table {table} ({', '.join(f'{name} text' for name in names)})")
    queue.executemany(f"insert into {table} values ({', '.join('?' * len(names))})", rows.fetchall())


def arrow(rows: list[sqlite3.Row], columns: dict[str, str]) -> pa.Table:
    """Rows of the queue as a table for DuckDB, its moments still texts; `columns`: name → type there."""
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    types = [pa.int32() if kind == "INTEGER" else pa.string() for kind in columns.values()]
    return pa.table([pa.array(one, kind) for one, kind in zip(values, types, strict=True)], names=list(columns))


def _write(connection: duckdb.DuckDBPyConnection, rows: list[sqlite3.Row], personal_data: bool) -> None:
    selected = ", ".join(
        f"cast({'null' if name in TYPED_BY_PEOPLE and not personal_data else name} as {kind}) as {name}"
        for name, kind in COLUMNS.items()
    )
    connection.register("queued", arrow(rows, COLUMNS))
    connection.execute(f"create table new.main.{TABLE} as select {selected} from queued order by fingerprint")
    connection.unregister("queued")
    connection.execute(f"comment on table new.main.{TABLE} is '{GRAIN}'")
    for name, (_, meaning) in DESCRIBED.items():
        connection.execute(f"comment on column new.main.{TABLE}.{name} is '{meaning}'")
