"""Hand-overs of the last half year: by week and status, how long they wait, and why they are sent back.

Verdicts and delays stand in `handoffs`; here they are counted, by week, reason and source, never by salesperson.
"""

from datetime import date, datetime, timedelta

from orchestration.publishing.page import answers
from orchestration.publishing.page.funnel import Published, report_of
from orchestration.publishing.page.words import count, local, plain

WEEKS = 26
SOURCES = 10
STATUSES = {
    "met": "in time",
    "breached": "late or not at all",
    "unknown": "cannot be told",
    "unassigned": "nobody assigned",
    "waiting": "not due yet",
    "withdrawn": "withdrawn",
}
UNKNOWN = {
    "date_only": "what decides is known by its day alone",
    "activities_incomplete": "the activities are not loaded that far",
    "owner_silent": "the owner logged nothing for anybody around that time",
    "owner_history": "who owned it then is not known",
    "record_deleted": "what was done is deleted with the record",
    "impossible_time": "the times contradict each other",
    "no_time": "the time of the hand-over is not known",
}
WEEK = "cast(date_trunc('week', handed_over_at at time zone 'UTC' at time zone zone) as date)"

DATED = f"select *, {WEEK} as week from (select *, $zone as zone from handoffs where handoff = $handoff)"


def median(name: str, wanted: str) -> str:
    """SQL of a median delay in hours, those still open at what they have waited, and whether it is only a least value.

    It is where it would be longer if the open ones never ended.
    """
    delay, so_far = f"{name}_delay_hours", f"{name}_waiting_hours"
    known = f"median(coalesce({delay}, {so_far})) filter ({wanted})"
    longest = f"median(coalesce({delay}, case when {so_far} is not null then 'infinity'::double end))"
    return f"{known} as {name}_hours, {longest} filter ({wanted}) > {known} as {name}_is_least"


FIGURES = ", ".join(
    [
        "count(*) as handed_over",
        *(f"count(*) filter (status = '{status}') as {status}" for status in STATUSES),
        "count(*) filter (status = 'breached' and stopped_at is null) as never",
        "count(accepted_at) as accepted",
        "count(rejected_as) as rejected",
        median("system", "unknown_because is distinct from 'impossible_time'"),
        median("human", "status <> 'unknown'"),
    ]
)


def read(published: Published) -> dict | None:
    """Every hand-over with its weeks, its rejections and its answers; null where there is nothing to tell of."""
    if not published.has("handoffs") or not (agreed := agreed_ones(published)):
        return None
    report = report_of(published, "handoffs")
    is_held = report.get("status", "fresh") != "fresh"
    names = published.rows("select distinct handoff as name from handoffs order by name")
    if not names:
        return {"report": report, "is_held": is_held, "hand_overs": []} if is_held else None
    as_of = report.get("data_as_of") or published.value(
        "select coalesce((select max(data_as_of) from report_status), (select max(handed_over_at) from handoffs))"
    )
    return {
        "report": report,
        "is_held": is_held,
        "statuses": STATUSES,
        "reasons": answers.REASONS,
        "hand_overs": [hand_over(published, row["name"], agreed.get(row["name"], {}), as_of) for row in names],
    }


def agreed_ones(published: Published) -> dict[str, dict]:
    """Name → meaning, who receives, and who gives: the owner of the stage that is handed over."""
    owners = {row["term"]: row["owner"] for row in published.definitions if row["kind"] == "stage"}
    return {
        row["term"]: row
        | {"giver": next((owners[stage] for stage in owners if row["meaning"].startswith(f"From {stage} to ")), None)}
        for row in published.definitions
        if row["kind"] == "handoff"
    }


def hand_over(published: Published, name: str, agreed: dict, as_of: datetime) -> dict:
    """One hand-over: its weeks until `as_of`, all of them together, and the sentences about it."""
    today = local(as_of, published.zone).date()
    last = today - timedelta(days=today.weekday())
    of_it = {"handoff": name, "zone": published.zone, "first": last - timedelta(weeks=WEEKS - 1), "last": last}
    rows = published.rows(
        f"""
        with dated as ({DATED})
        select week, {FIGURES} from dated where week between $first and $last group by grouping sets ((week), ())
        """,
        **of_it,
    )
    by_week = {row["week"]: row for row in rows}
    total = by_week.pop(None)
    undated = "select count(*) from handoffs where handoff = $handoff and handed_over_at is null"
    receiver = plain(agreed.get("owner") or "the receiving team")
    reasons = rejections(published, "rejection_reason", of_it)
    return {
        "name": name,
        "meaning": agreed.get("meaning"),
        "receiver": receiver,
        "giver": plain(agreed.get("giver")),
        "total": total,
        "first": min(by_week, default=None),
        "last": last,
        "weeks": weeks(by_week, last),
        "undated": published.value(undated, handoff=name),
        "unknown": unknown(published, of_it),
        "followed_up": answers.followed_up(total),
        "besides": answers.besides(total),
        "waited": answers.waited(total),
        "worth": answers.worth(total, receiver, reasons),
        "reasons": reasons,
        "sources": sources(rejections(published, "lead_source", of_it)),
    }


def weeks(by_week: dict[date, dict], last: date) -> list[dict]:
    """Every week from the first with a hand-over to the last, also those without one."""
    first = min(by_week, default=last)
    mondays = [first + timedelta(weeks=place) for place in range((last - first).days // 7 + 1)]
    delays = ("system_hours", "system_is_least", "human_hours", "human_is_least")
    nobody = dict.fromkeys(("handed_over", *STATUSES), 0) | dict.fromkeys(delays)
    return [nobody | by_week.get(monday, {}) | {"week": monday} for monday in mondays]


def unknown(published: Published, of_it: dict) -> list[dict]:
    """Why the data cannot tell, the most frequent first."""
    rows = published.rows(
        f"""
        with dated as ({DATED})
        select unknown_because as why, count(*) as people from dated
        where status = 'unknown' and week between $first and $last
        group by why order by people desc, why
        """,
        **of_it,
    )
    return [row | {"why": UNKNOWN.get(row["why"], plain(row["why"]))} for row in rows]


def rejections(published: Published, column: str, of_it: dict) -> list[dict]:
    """Handed over, decided and sent back by one column, most sent back first, and what goes with it most often."""
    other = {"rejection_reason": "lead_source", "lead_source": "rejection_reason"}[column]
    return published.rows(
        f"""
        with dated as ({DATED}),
        pairs as (
            select {column} as name, {other} as other, count(*) as handed_over, count(accepted_at) as accepted,
                count(rejected_as) as rejected
            from dated where week between $first and $last group by all
        )
        select name, sum(handed_over) as handed_over, sum(accepted) as accepted, sum(rejected) as rejected,
            arg_max(other, (rejected, other)) filter (rejected > 0 and other is not null) as mostly,
            max(rejected) filter (other is not null) as of_them
        from pairs group by name
        having $is_whole or sum(rejected) > 0
        order by rejected desc, handed_over desc, name nulls last
        """,
        **of_it,
        is_whole=column == "lead_source",
    )


def sources(rows: list[dict]) -> list[dict]:
    """The lead sources with the most sent back; the others as one."""
    shown, others = rows[:SOURCES], rows[SOURCES:]
    if len(others) < 2:
        return rows
    sums = {part: sum(row[part] for row in others) for part in ("handed_over", "accepted", "rejected")}
    return [*shown, {"name": f"{count(len(others))} other sources", "mostly": None, "of_them": None} | sums]
