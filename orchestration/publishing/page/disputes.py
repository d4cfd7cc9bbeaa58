"""What the systems dispute about a number, in one sentence: what it would be if the CRM were right, if the MAP were.

Reads `mismatch_effects` and `stage_mismatches`; a number without a row there is one that no open mismatch changes.
"""

from dataclasses import dataclass
from datetime import date

from orchestration.publishing.page.funnel import Funnel, Published
from orchestration.publishing.page.handoffs import STATUSES
from orchestration.publishing.page.words import DASH, count, money, percent, plain, several
from orchestration.publishing.page.words import month as in_month


@dataclass(frozen=True)
class Dispute:
    """The sentence; `is_disputed` is null where nothing could be compared."""

    text: str
    is_disputed: bool | None


NOT_COMPARED = Dispute("Not compared: nobody here is known to two systems.", None)
UNDISPUTED = Dispute("Undisputed: no open mismatch changes it.", False)


def about_count(published: Published, funnel: Funnel, metric: str, month: date | None) -> Dispute:
    """The range of a count in one month."""
    ranges = published.rows(
        """
        select agreed, as_crm, as_map from mismatch_effects
        where metric = $metric and unit = $unit and month = $month and segment = 'all'
            and (as_crm <> agreed or as_map <> agreed)
        limit 1
        """,
        metric=metric,
        unit=funnel.unit,
        month=month,
    )
    if ranges:
        return Dispute(
            f"Disputed: {count(ranges[0]['as_crm'])} by the CRM, {count(ranges[0]['as_map'])} by the MAP.", True
        )
    return UNDISPUTED if published.compared else NOT_COMPARED


def about_rate(published: Published, funnel: Funnel, pair: tuple[str, str], basis: str, months: list[date]) -> Dispute:
    """The range of a conversion over these months, each as numerator of denominator."""
    (sums,) = published.rows(
        """
        with effects as (select * from mismatch_effects where unit = $unit and segment = 'all')
        select
            sum(coalesce(part.as_crm, converted)) as crm_part, sum(coalesce(whole.as_crm, entered)) as crm_whole,
            sum(coalesce(part.as_map, converted)) as map_part, sum(coalesce(whole.as_map, entered)) as map_whole,
            bool_or(part.as_crm <> part.agreed or part.as_map <> part.agreed) as moves_part,
            bool_or(whole.as_crm <> whole.agreed or whole.as_map <> whole.agreed) as moves_whole
        from conversion_rates as rates
        left join effects as part on part.month = rates.month and part.metric = $metric || '/converted'
        left join effects as whole on whole.month = rates.month and whole.metric = $metric || '/entered'
        where rates.unit = $unit and rates.basis = $basis and rates.segment = 'all'
            and from_stage = $start and to_stage = $end and list_contains($months::date[], rates.month)
        """,
        unit=funnel.unit,
        basis=basis,
        start=pair[0],
        end=pair[1],
        metric=f"conversion_rates/{basis}/{pair[0]}-{pair[1]}",
        months=months,
    )
    if sums["moves_part"] or sums["moves_whole"]:
        crm, map_ = (of(sums[f"{side}_part"], sums[f"{side}_whole"]) for side in ("crm", "map"))
        return Dispute(f"Disputed: {crm} by the CRM, {map_} by the MAP.", True)
    return UNDISPUTED if published.compared else NOT_COMPARED


def of(part: float, whole: float) -> str:
    """78 of 120 (65 %)."""
    return f"{count(part)} of {count(whole)}" + (f" ({percent(part / whole, whole)})" if whole else "")


def about_amount(published: Published, is_open: bool) -> Dispute:
    """How much of the open, or of the won, amount belongs to people on whose stage the systems disagree."""
    sums = published.rows(
        """
        select currency, sum(amount)::double as amount, count(*) as deals from opportunities
        where (case when $is_open then not is_closed else is_won end) and (
            opportunity_id in (select opportunity_id from stage_mismatches where opportunity_id is not null)
            or person_id in (select person_id from stage_mismatches where person_id is not null)
        )
        group by currency order by amount desc nulls last
        """,
        is_open=is_open,
    )
    if sums:
        deals = several(sum(row["deals"] for row in sums), "opportunity")
        return Dispute(f"Disputed: {worth(sums)} of it, in {deals} of people whose stage is in dispute.", True)
    return Dispute("Undisputed: nobody in dispute has a part in it.", False) if published.compared else NOT_COMPARED


def holding(published: Published, report: str) -> str | None:
    """Why a report is held: how many of its numbers hang on disputed people, and the one that changes most."""
    cells = published.rows(
        """
        select metric, month, agreed, as_crm, as_map, count(*) over () as cells from mismatch_effects
        where report = $report and holds
        order by effect / nullif(agreed, 0) desc nulls first, effect desc, metric, month desc
        limit 1
        """,
        report=report,
    )
    if not cells:
        return None
    worst = cells[0]
    depend = "depends" if worst["cells"] == 1 else "depend"
    return (
        f"{several(worst['cells'], 'number')} {depend} on people about whom the systems disagree. The most: "
        f"{named(worst['metric'], in_month(worst['month']))}: {count(worst['agreed'])} as agreed, "
        f"{count(worst['as_crm'])} by the CRM, {count(worst['as_map'])} by the MAP"
    )


def warning(published: Published, report: str) -> str | None:
    """What does not hold a report and is worth knowing: segments beyond the limits, and changes that cancel."""
    cells = published.rows(
        """
        select metric, month, segment, segment_value, agreed, as_crm, as_map, count(*) over () as cells
        from mismatch_effects
        where report = $report and warns
        order by effect desc, effect / nullif(agreed, 0) desc nulls first, metric, month desc, segment, segment_value
        limit 1
        """,
        report=report,
    )
    if not cells:
        return None
    worst = cells[0]
    where = "" if worst["segment"] == "all" else f" of {plain(worst['segment'])} {worst['segment_value'] or DASH}"
    show = percent if worst["metric"].endswith("/rate") else count
    return (
        f"{several(worst['cells'], 'number')} of single segments, or in which gains and losses cancel, would move by "
        f"more than was agreed to tolerate. The most: {named(worst['metric'], in_month(worst['month']), where)}: "
        f"{show(worst['agreed'])} as agreed, {show(worst['as_crm'])} by the CRM, {show(worst['as_map'])} by the MAP"
    )


def named(metric: str, month: str, where: str = "") -> str:
    """A metric of one month in words: mql reached in May 2025, by period; hand-overs mql to sal, in time, in May."""
    table, basis, *subject, measure = metric.split("/")
    number = "/".join(subject)
    if table == "handoffs":
        name, _, status = number.rpartition("-")
        name, verdict = (name, [STATUSES[status]]) if status in STATUSES else (number, [])
        accepted = ["accepted"] if measure == "accepted" else []
        return ", ".join([f"hand-overs {plain(name)}{where}", *verdict, *accepted, f"in {month}"])
    number = number.replace("-", " → " if table == "conversion_rates" else "-")
    return f"{number} {measure}{where} in {month}, by {basis}"


def worth(sums: list[dict]) -> str:
    """Amounts by currency, the largest first; never added across currencies."""
    return " + ".join(money(row["amount"], row["currency"]) for row in sums if row["amount"]) or "no amount"
