"""The five numbers of the first screen: each with what was counted, of how many, and what the systems dispute about it.

A number that cannot be had is a dash with the reason.
"""

from orchestration.publishing.page import scores
from orchestration.publishing.page.conversions import Number, conversion, nothing
from orchestration.publishing.page.disputes import Dispute, about_amount, about_count, worth
from orchestration.publishing.page.funnel import Funnel, Published
from orchestration.publishing.page.words import DASH, count, month, percent, several


def read(published: Published, funnel: Funnel) -> list[Number]:
    """The five, in the order of the funnel."""
    return [
        handed_over(published, funnel),
        accepted(published, funnel),
        won(published, funnel),
        amount(published),
        agreement(published),
    ]


def handed_over(published: Published, funnel: Funnel) -> Number:
    """How many reached the hand-over in the latest complete month, against the month before."""
    label, about = ("Handed over" if funnel.is_handed_over_by_marketing else "Reached"), funnel.handed_over or ""
    months = published.rows(
        """
        select stage, reached, observed, month = $latest as is_latest from funnel_by_month
        where unit = $unit and basis = 'period' and segment = 'all' and stage = $stage
            and month between $latest::date - interval 1 month and $latest
        order by month desc
        """,
        unit=funnel.unit,
        stage=funnel.handed_over,
        latest=funnel.latest,
    )
    metric = f"funnel_by_month/period/{funnel.handed_over}/reached"
    dispute = about_count(published, funnel, metric, funnel.latest) if funnel.latest else None
    if not published.has_funnel or not funnel.latest:
        return Number(label, about, DASH, nothing(funnel), dispute)
    empty = {"reached": 0, "observed": 0}
    now = next((row for row in months if row["is_latest"]), empty)
    before = next((row for row in months if not row["is_latest"]), empty)
    verb = "were handed over" if funnel.is_handed_over_by_marketing else f"reached {about}"
    sentence = f"{several(now['reached'], funnel.unit)} {verb} in {month(funnel.latest)}"
    sentence += f", {difference(now['reached'], before['reached'])} the month before."
    return Number(label, about, count(now["reached"]), sentence + straight_past(now), dispute)


def difference(now: float, before: float) -> str:
    """10 more than the 110 of …; the direction is said, not coloured: more is not always better."""
    if not before:
        return "after none"
    if now == before:
        return "as many as in"
    return f"{count(abs(now - before))} {'more' if now > before else 'fewer'} than the {count(before)} of"


def straight_past(row: dict) -> str:
    """How many of those who reached a stage were never seen in it."""
    skipped = row["reached"] - (row["reached"] if row["observed"] is None else row["observed"])
    return f" {count(skipped)} of the {count(row['reached'])} went straight past {row['stage']}." if skipped > 0 else ""


def accepted(published: Published, funnel: Funnel) -> Number:
    """Of the latest mature cohort handed over, how many the next team took on in time."""
    if funnel.accepted in (None, funnel.last):
        return Number(
            "Accepted",
            "",
            DASH,
            f"No stage lies between {funnel.handed_over} and {funnel.last}." if funnel.last else nothing(funnel),
        )
    pair = funnel.handed_over, funnel.accepted
    if not funnel.is_handed_over_by_marketing:
        return conversion(published, funnel, "Went on", pair)
    return conversion(published, funnel, "Accepted", pair, ("handed over", "were accepted"))


def won(published: Published, funnel: Funnel) -> Number:
    """How many reached the last stage: of those one stage before it; without people, of the closed opportunities."""
    last = funnel.last or "won"
    if funnel.unit == "opportunity" or len(funnel.stages) < 2:
        return conversion(published, funnel, f"Closed as {last}", ("closed", last))
    return conversion(published, funnel, f"Converted to {last}", (funnel.stages[-2], last))


def amount(published: Published) -> Number:
    """What the open opportunities are worth; what the won ones are, where no open one has an amount."""
    sums = published.rows(
        """
        select coalesce(is_won, false) as is_won, currency, sum(amount)::double as amount,
            count(amount) as with_amount, count(*) as deals
        from opportunities where is_won or not is_closed
        group by all order by amount desc nulls last
        """
    )
    is_open = any(row["amount"] for row in sums if not row["is_won"])
    shown, others = ([row for row in sums if row["is_won"] is won] for won in (not is_open, is_open))
    label, word = ("Pipeline", "open") if is_open else ("Won", "won")
    if not any(row["amount"] for row in shown):
        return Number(label, "", DASH, "No opportunity with an amount is published.")
    deals, with_amount = (sum(row[column] for row in shown) for column in ("deals", "with_amount"))
    opportunities = several(deals, "opportunity").replace(" ", f" {word} ", 1)
    sentence = (
        f"{opportunities}." if deals == with_amount else f"{count(with_amount)} of {opportunities} have an amount."
    )
    if is_open and any(row["amount"] for row in others):
        sentence += f" Won so far: {worth(others)} in {several(sum(row['deals'] for row in others), 'opportunity')}."
    return Number(label, f"{word} opportunities", worth(shown), sentence, about_amount(published, is_open))


def agreement(published: Published) -> Number:
    """How many of the people that both systems could be compared on stand at the same stage in both."""
    scored = scores.read(published)
    if scored:
        now = scored["now"]
        whole = now["agreeing"] + now["mismatched"]
        return Number(
            "Agreement", "score of both systems", percent(now["score"], whole), by_score(now), disputed(published)
        )
    whole = published.compared
    if not whole:
        return Number(
            "Agreement", "of both systems", DASH, "Nobody here is known to two systems, and one alone cannot disagree."
        )
    agreeing = published.value("select count(*) from people where agrees and not coalesce(is_excluded, false)")
    sentence = f"{count(agreeing)} of {several(whole, 'person')} compared stand at the same stage in both systems."
    return Number("Agreement", "of both systems", percent(agreeing / whole, whole), sentence, disputed(published))


def by_score(week: dict) -> str:
    """Of whom the score is, and who is counted beside it."""
    compared = several(week["agreeing"] + week["mismatched"], "person")
    text = f"{count(week['agreeing'])} of {compared} at or past the hand-over agree in both systems"
    return f"{text}. Beside them: {scores.beside(week)}."


def disputed(published: Published) -> Dispute:
    """How many mismatches are open."""
    listed, high = published.rows(
        "select count(*) as listed, count(*) filter (severity = 'high') as high from stage_mismatches"
    )[0].values()
    text = f"Disputed: {several(listed, 'open mismatch')}, {count(high)} of high severity."
    return Dispute(text, True) if listed else NO_MISMATCH


NO_MISMATCH = Dispute("Undisputed: no mismatch is open.", False)
