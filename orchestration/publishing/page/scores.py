"""How far both systems agree, week by week, and what each cause loses of it. Nothing where no hand-over is agreed."""

from orchestration.publishing.page.funnel import Published
from orchestration.publishing.page.words import count, percent, plain, several

WEEKS = 53
CAUSES_NAMED = 4
BACK = 12


def read(published: Published) -> dict | None:
    """The last year of weeks in which anybody was compared, with the mismatched by cause, and the score in words."""
    weeks = published.rows(
        f"""
        select week, is_complete, agreeing, mismatched, in_flight, unknown, one_system, score from agreement_score
        where cause = 'all' and score is not null
        qualify row_number() over (order by week desc) <= {WEEKS}
        order by week
        """
    )
    if not weeks:
        return None
    causes = published.rows(
        "select week, cause, mismatched as people from agreement_score where cause <> 'all' and week >= $first",
        first=weeks[0]["week"],
    )
    by_cause = named(causes)
    return {
        "weeks": weeks,
        "ends": (weeks[0], weeks[-1]),
        "now": weeks[-1],
        "causes": by_cause,
        "last_causes": [
            f"{row['cause']} {count(row['people'])}" for row in by_cause if row["week"] == weeks[-1]["week"]
        ],
        "sentence": sentence(weeks, causes),
    }


def named(causes: list[dict]) -> list[dict]:
    """Weeks and causes, the smaller causes as one: the largest first."""
    totals: dict[str, int] = {}
    for row in causes:
        totals[row["cause"]] = totals.get(row["cause"], 0) + row["people"]
    order = sorted((cause for cause, people in totals.items() if people), key=lambda cause: (-totals[cause], cause))
    order = order if len(order) <= CAUSES_NAMED + 1 else [*order[:CAUSES_NAMED], None]
    rows: dict[tuple, int] = {}
    for row in causes:
        if totals[row["cause"]]:
            place = order.index(row["cause"] if row["cause"] in order else None)
            rows[row["week"], place] = rows.get((row["week"], place), 0) + row["people"]
    return [
        {"week": week, "place": place, "cause": plain(order[place]) or "all others", "people": people}
        for (week, place), people in sorted(rows.items())
    ]


def sentence(weeks: list[dict], causes: list[dict]) -> str:
    """97.2 % of 1,204 people; how it was before; what it loses most by; who is counted beside it."""
    now = weeks[-1]
    compared = now["agreeing"] + now["mismatched"]
    text = (
        f"{percent(now['score'], compared)} of {several(compared, 'person')} at or past the hand-over, whose cycle was "
    )
    text += "open in the last 90 days, stand where both systems agree"
    if len(weeks) > BACK:
        before = weeks[-1 - BACK]
        compared_before = before["agreeing"] + before["mismatched"]
        text += f"; {BACK} weeks before it was {percent(before['score'], compared_before)}"
    largest = max(
        (row for row in causes if row["week"] == now["week"]),
        key=lambda row: (row["people"], row["cause"]),
        default=None,
    )
    if largest and largest["people"]:
        text += f". Most is lost by {plain(largest['cause'])}: {several(largest['people'], 'person')}"
    return f"{text}. Counted beside it: {beside(now)}."


def beside(week: dict) -> str:
    """Whom the score leaves out, and why."""
    told = {"in flight": week["in_flight"], "unknown": week["unknown"], "in one system": week["one_system"]}
    return ", ".join(f"{count(people)} {word}" for word, people in told.items())
