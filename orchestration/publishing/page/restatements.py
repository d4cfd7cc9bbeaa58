"""What has changed in months that were over when they were published: then, now, and why.

Shown are the numbers that only what was late or wrong can change: who reached a stage in the month, and what was won in
it. Cohorts also grow while people move on; of them it says how many. The rest stands in `restatements`.
"""

from orchestration.publishing.page.funnel import Funnel, Published
from orchestration.publishing.page.words import SPACE, count, exact, plain, signed

SHOWN = 12


def read(published: Published, funnel: Funnel) -> dict:
    """The changed numbers, the latest month first, and why they changed."""
    figures = published.rows(
        """
        with told as (
            select *, sum(change) over (partition by metric, month, currency, cause) as change_by_cause
            from restatements
            where basis = 'period' and (
                (table_name = 'funnel_by_month' and measure = 'reached' and unit = $unit)
                or measure = 'amount_in_agreed_currency'
            )
        )
        select metric, subject, month, currency,
            arg_min(value_before, restated_at)::double as value_then,
            arg_max(value_after, restated_at)::double as value_now,
            min(first_published_at) as first_published_at, max(restated_at) as restated_at,
            list_sort(list(distinct {place: -abs(change_by_cause), cause: cause, change: change_by_cause})) as causes,
            count(*) over () as total
        from told
        group by metric, subject, month, currency
        order by month desc, currency is not null, list_position($stages::varchar[], subject), subject
        limit $shown
        """,
        unit=funnel.unit,
        stages=list(funnel.stages),
        shown=SHOWN,
    )
    return {
        "figures": [figure | worded(figure) for figure in figures],
        "further": figures[0]["total"] - len(figures) if figures else 0,
        "causes": causes(published),
        "cohorts": published.value(
            "select count(distinct (metric, unit, month)) from restatements where basis = 'cohort'"
        ),
        "is_known": published.value("select exists (from restatements)"),
    }


def worded(figure: dict) -> dict:
    """A figure's name, its two values, and each cause with its share, as text."""
    currency = figure["currency"]
    told = (lambda value: exact(value, currency)) if currency else count
    return {
        "name": f"{figure['subject']}, amount" if currency else figure["subject"],
        "then": told(figure["value_then"]),
        "now": told(figure["value_now"]),
        "why": ", ".join(
            f"{signed(cause['change'], 2 if currency else 0)}{SPACE}{plain(cause['cause'])}"
            for cause in figure["causes"]
        ),
    }


def causes(published: Published) -> list[dict]:
    """Every cause with its meaning, how many numbers of any table it changed, and whose."""
    meanings = {row["term"]: row["meaning"] for row in published.definitions if row["kind"] == "restatement"}
    rows = published.rows(
        """
        select cause, count(distinct (metric, unit, month, currency)) as figures,
            count(distinct person_id) as people, count(distinct (system, opportunity_id)) filter (person_id is null)
                as opportunities
        from restated_people group by cause order by figures desc, cause
        """
    )
    return [row | {"meaning": meanings.get(row["cause"], "")} for row in rows]
