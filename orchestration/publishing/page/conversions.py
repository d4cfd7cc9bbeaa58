"""Conversion from one stage to another as a number for people: its latest mature cohort, n of N, interval, window.

Rates and intervals come from the tables; only where no window was agreed, so that maturity is not defined, are all
months added up and their interval computed here.
"""

from dataclasses import dataclass

from orchestration.publishing.page.disputes import Dispute, about_rate
from orchestration.publishing.page.funnel import Funnel, Published
from orchestration.publishing.page.words import DASH, count, length, month, percent, several, wilson


@dataclass(frozen=True)
class Number:
    """One tile of the page."""

    label: str
    about: str
    value: str
    sentence: str
    dispute: Dispute | None = None


def conversion(
    published: Published, funnel: Funnel, label: str, pair: tuple[str, str], wording: tuple[str, str] | None = None
) -> Number:
    """One pair's rate in its latest mature cohort; in all months together where maturity is not defined."""
    about, cohorts = " → ".join(pair), published.cohorts(funnel.unit, *pair)
    if not cohorts:
        return Number(label, about, DASH, nothing(funnel))
    window, mature = window_of(published, pair), [row for row in cohorts if row["is_mature"]]
    if any(row["is_mature"] is not None for row in cohorts) and not mature:
        return Number(label, about, DASH, f"No month is old enough yet: it takes {window} from the end of a month.")
    row = mature[0] if mature else together(cohorts)
    months = [row["month"]] if mature else [each["month"] for each in cohorts]
    when, within = (f" in {month(row['month'])}", f"within {window}") if mature else ("", "so far, all months together")
    started, ended = wording or (
        f"that {'closed' if pair[0] == 'closed' else f'reached {pair[0]}'}",
        f"reached {pair[1]}",
    )
    sentence = f"Of {several(row['entered'], funnel.unit)} {started}{when}, {count(row['converted'])} {ended} {within}"
    sentence += f" ({interval(row)})."
    if mature[1:]:
        sentence += f" {month(mature[1]['month'])}: {percent(mature[1]['rate'], mature[1]['entered'])}."
    dispute = about_rate(published, funnel, pair, row["basis"], months)
    return Number(label, about, percent(row["rate"], row["entered"]), sentence, dispute)


def together(cohorts: list[dict]) -> dict:
    """All cohorts as one, with its interval."""
    whole, part = sum(row["entered"] for row in cohorts), sum(row["converted"] for row in cohorts)
    low, high = wilson(part, whole)
    return cohorts[0] | {"entered": whole, "converted": part, "rate": part / whole, "ci_low": low, "ci_high": high}


def interval(row: dict) -> str:
    """66 %; between 57 % and 74 %; a rate without an interval stands alone."""
    rate = percent(row["rate"], row["entered"])
    if row["ci_low"] is None:
        return rate
    return f"{rate}; between {percent(row['ci_low'], row['entered'])} and {percent(row['ci_high'], row['entered'])}"


def window_of(published: Published, pair: tuple[str, str]) -> str:
    """The agreed window of a pair, as the definitions put it."""
    term = f"{pair[0]}-{pair[1]}"
    return length(next((row["meaning"] for row in published.definitions if row["term"] == term), None))


def nothing(funnel: Funnel) -> str:
    """Why there is no number."""
    if funnel.is_held and not funnel.report.get("data_as_of"):
        return "Never published: the report was held from its first day."
    return "Nothing of the kind is published yet."


def steps(published: Published, funnel: Funnel) -> list[dict]:
    """Every pair of neighbours with its latest mature cohort, then the closed opportunities."""
    pairs = [(funnel.unit, pair) for pair in zip(funnel.stages, funnel.stages[1:], strict=False)]
    pairs.append(("opportunity", ("closed", funnel.last or "won")))
    return [step(published, unit, pair) for unit, pair in pairs if published.cohorts(unit, *pair)]


def step(published: Published, unit: str, pair: tuple[str, str]) -> dict:
    """One row of the table of steps; `month` is null for all months together, `entered` where none is mature."""
    cohorts = published.cohorts(unit, *pair)
    has_maturity = any(row["is_mature"] is not None for row in cohorts)
    mature = [row for row in cohorts if row["is_mature"]]
    common = {"from_stage": pair[0], "to_stage": pair[1], "unit": unit, "window": window_of(published, pair)}
    if not has_maturity:
        return together(cohorts) | common | {"month": None, "window": None}
    return (
        mature[0] if mature else dict.fromkeys(("month", "entered", "converted", "rate", "ci_low", "ci_high"))
    ) | common
