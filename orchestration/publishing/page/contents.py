"""Everything that the page says, gathered from the published file and put in order.

Nothing is counted here (the modules beside it do), and no number is worded (`words`).
"""

from pathlib import Path

from orchestration.publishing.page import (
    answers,
    charts,
    conversions,
    funnel,
    handoff_charts,
    handoffs,
    history,
    mismatches,
    numbers,
    queue,
    restatements,
    scores,
    work,
)
from orchestration.publishing.page.disputes import holding, warning
from orchestration.publishing.page.funnel import Funnel, Published
from orchestration.publishing.page.words import count, month, percent, plain

STATES = {"fresh": "Fresh", "held": "Held", "could_not_run": "Could not run"}
KINDS = {
    "stage": "Stages",
    "exit": "Exits",
    "window": "Windows within which a conversion counts",
    "handoff": "Hand-overs",
    "timezone": "Calendar",
    "cycle": "Cycles",
    "sync": "Time the systems are given to agree",
    "report": "Reports",
    "persona": "Personas",
    "comparison": "What comparing somebody in both systems gives",
    "severity": "How severe a mismatch is",
    "measure": "What is measured beside the funnel",
}
SAID_WHERE_THEY_STAND = {"signature", "cause", "restatement"}


def read(path: Path) -> dict:
    """What the template needs, by section."""
    published = Published(path)
    try:
        shape = funnel.read(published)
        return {
            "file": path.name,
            "funnel": shape,
            "reports": reports(published),
            "zone": published.zone,
            "states": STATES,
            "is_compared": published.compared > 0,
            "versions": versions(published),
            "signatures": [row for row in published.definitions if row["kind"] == "signature"],
            "numbers": numbers.read(published, shape),
            "cohort": cohort(published, shape),
            "steps": conversions.steps(published, shape),
            "months": months(published, shape),
            "handoffs": hand_overs(published),
            "restatements": restatements.read(published, shape),
            "mismatches": disagreement(published),
            "work": work.read(published),
            "queue": queue.read(published),
            "score": score(published),
            "glossary": glossary(published),
        }
    finally:
        published.connection.close()


def reports(published: Published) -> list[dict]:
    """Every report's status, those that need attention first, with who owns it."""
    owners = {row["term"]: row["owner"] for row in published.definitions if row["kind"] == "report"}
    rows = published.rows("from report_status order by status = 'fresh', report")
    return [
        row
        | {
            "owner": owners.get(row["report"]),
            "warning": warning(published, row["report"]),
            "why": (row["status"] == "held" and holding(published, row["report"])) or (row["reason"] or "").rstrip("."),
        }
        for row in rows
    ]


def versions(published: Published) -> list:
    """The agreement versions that the reports stand on."""
    return [row["v"] for row in published.rows("select distinct agreement_version as v from report_status order by v")]


def cohort(published: Published, shape: Funnel) -> dict | None:
    """The cohort's numbers with their drawing."""
    found = history.cohort(published, shape)
    if found is None:
        return None
    told = ", ".join(f"{row['stage']} {charts.bar_text(row)}" for row in found["stages"])
    return found | {"chart": charts.funnel(found["stages"], f"Funnel of the {month(found['month'])} cohort: {told}.")}


def months(published: Published, shape: Funnel) -> list[dict]:
    """Each stage's months with their drawing."""
    drawn = []
    for row in history.months(published, shape):
        first, last = row["points"][0], row["points"][-1]
        told = f"{row['stage']}: {count(first['reached'])} in {month(first['month'])}, "
        told += f"{count(last['reached'])} in {month(last['month'])}."
        is_disputed = any(point["as_crm"] is not None for point in row["points"])
        drawn.append(row | {"chart": charts.months(row["points"], told), "last": last, "is_disputed": is_disputed})
    return drawn


def hand_overs(published: Published) -> dict | None:
    """Every hand-over with its three drawings."""
    found = handoffs.read(published)
    return found and found | {"hand_overs": [row | drawings(row) for row in found["hand_overs"]]}


def drawings(hand_over: dict) -> dict:
    """A hand-over's weeks by status, and both delays; nothing where there is no week to draw."""
    weeks, name, total = hand_over["weeks"], plain(hand_over["name"]), hand_over["total"]
    if not total["handed_over"]:
        return {}
    told = ", ".join(f"{word} {count(total[status])}" for status, word in handoffs.STATUSES.items())
    drawn = {"chart": handoff_charts.statuses(weeks, handoffs.STATUSES, f"Hand-overs {name} by week: in all {told}.")}
    for whose, what in (("system", "hand-over to assignment"), ("human", "assignment to follow-up")):
        drawn[f"{whose}_chart"] = None
        if wait := answers.wait(total, whose):
            drawn[f"{whose}_chart"] = handoff_charts.delays(
                weeks, whose, f"Median from {what} by week; of all weeks {wait}."
            )
    return drawn


def disagreement(published: Published) -> dict:
    """The mismatches with their drawing."""
    found = mismatches.read(published)
    if not found["total"]:
        return found
    told = ", ".join(f"{plain(row['cause'])} {count(row['people'])}" for row in found["causes"])
    labelled = [row | {"label": plain(row["cause"])} for row in found["counts"]]
    return found | {"chart": charts.causes(labelled, f"Open mismatches by cause: {told}.")}


def score(published: Published) -> dict | None:
    """The weekly score with its drawings; without a mismatch there is only the line."""
    found = scores.read(published)
    if found is None:
        return None
    first, last = (f"{percent(week['score'])} in the week of {week['week']:%-d %B %Y}" for week in found["ends"])
    told = f"People in dispute by cause, in the last week: {', '.join(found['last_causes']) or 'nobody'}."
    return found | {
        "chart": charts.score(found["weeks"], f"Agreement score: {first}, {last}."),
        "disputed": charts.disputed(found["causes"], told) if found["causes"] else None,
    }


def glossary(published: Published) -> list[dict]:
    """The agreed terms by kind, the kinds in the order in which a reader meets them."""
    kinds = dict.fromkeys([*KINDS, *(row["kind"] for row in published.definitions)])
    groups = [
        {"title": KINDS.get(kind, plain(kind).capitalize()), "kind": kind, "terms": terms}
        for kind in kinds
        if kind not in SAID_WHERE_THEY_STAND
        and (terms := [row for row in published.definitions if row["kind"] == kind])
    ]
    return groups
