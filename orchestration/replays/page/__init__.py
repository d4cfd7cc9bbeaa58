"""The page of a what-if: what a draft would change, beside what is signed. One static file, no network, no script.

It is drawn from what `drafts` found and decides nothing. Its words and its style are those of the published page.
"""

import os
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.publishing import page as published
from orchestration.publishing.page import charts, words
from orchestration.replays.drafts import WhatIf

HERE = Path(__file__).parent
MONTHS = 13


def write(found: WhatIf, zone: str, out: Path) -> Path:
    """Write the page to `out`, by rename; gives `out` back."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters |= words.FILTERS | {"signed_count": signed_count}
    html = environment.get_template("what_if.html.j2").render(
        found=found,
        zone=zone,
        none=found.found.are_none,
        stages=found.found.stages,
        drawn=[_drawn(*one) for one in _changed_stages(found)],
        conversions=_conversions(found),
        handoffs=_by_month(found.found.handoffs, "handoff"),
        holds=_by_month(found.found.holds, "report"),
        examples=_examples(found),
        moves=found.found.moves,
        reports=found.found.reports,
        causes=found.found.causes,
        style=Markup((Path(published.__file__).parent / "style.css").read_text("utf-8")),
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(out.name + ".tmp")
    beside.write_text(html, "utf-8")
    os.replace(beside, out)
    return out


def signed_count(number: int) -> str:
    """+12, -3, ±0: how much more there is under the draft."""
    return f"{number:+,}" if number else "±0"


def _changed_stages(found: WhatIf) -> list[tuple[str, str, list[dict]]]:
    """Each stage of a unit that the draft changes in some month, with its last months."""
    months = [row for row in found.found.months if row["month"] is not None]
    changed = {(row["unit"], row["stage"]) for row in months if row["enters"] or row["leaves"]}
    return [
        (unit, stage, [row for row in months if (row["unit"], row["stage"]) == (unit, stage)][-MONTHS:])
        for unit, stage in dict.fromkeys((row["unit"], row["stage"]) for row in months)
        if (unit, stage) in changed
    ]


def _drawn(unit: str, stage: str, months: list[dict]) -> dict:
    told = "; ".join(f"{words.short_month(row['month'])} {row['signed']} → {row['drafted']}" for row in months)
    return {
        "unit": unit,
        "stage": stage,
        "months": months,
        "chart": charts.beside(months, f"{words.plain(stage)}, signed and under the draft: {told}."),
    }


def _conversions(found: WhatIf) -> list[dict]:
    """Each pair of stages over the cohorts that are mature on both sides: converted of entered, drafted and signed."""
    totals: dict[tuple, dict] = {}
    for row in found.found.conversions:
        if row["drafted_is_mature"] is False or row["signed_is_mature"] is False:
            continue
        pair = totals.setdefault(
            (row["unit"], row["from_stage"], row["to_stage"]),
            {f"{side}_{count}": 0 for side in ("drafted", "signed") for count in ("entered", "converted")},
        )
        for name in pair:
            pair[name] += row[name] or 0
    return [
        {"unit": unit, "from_stage": start, "to_stage": end, **counts} for (unit, start, end), counts in totals.items()
    ]


def _by_month(rows: list[dict], name: str) -> list[dict]:
    """The months in which the two sides differ, latest first."""
    differing = {(row[name], row["month"]) for row in rows if row["drafted"] != row["signed"]}
    return [row for row in reversed(rows) if (row[name], row["month"]) in differing]


def _examples(found: WhatIf) -> list[dict]:
    """People by direction and stage."""
    groups: dict[tuple[str, str], list[dict]] = {}
    for row in found.found.examples:
        groups.setdefault((row["direction"], row["stage"]), []).append(row)
    return [{"direction": direction, "stage": stage, "people": rows} for (direction, stage), rows in groups.items()]
