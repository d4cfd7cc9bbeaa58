"""The charts of hand-overs: weeks by status, and both delays. No numbers are made here; the rules are in `charts`."""

import altair as alt
from markupsafe import Markup

from orchestration.publishing.page.charts import ACCENT, MUTED, RULE, svg
from orchestration.publishing.page.words import short_day

VERDICTS = {
    "met": (ACCENT, 1.0),
    "breached": ("var(--broken)", 1.0),
    "unknown": (MUTED, 0.55),
    "unassigned": ("var(--held)", 0.55),
    "waiting": (ACCENT, 0.35),
    "withdrawn": (RULE, 1.0),
}


def statuses(weeks: list[dict], wording: dict[str, str], description: str) -> Markup:
    """One bar a week, stacked by status; statuses that nobody has are not in the legend."""
    present = [status for status in VERDICTS if any(week[status] for week in weeks)]
    rows = [
        {"week": short_day(week["week"]), "status": wording[status], "place": place, "people": week[status]}
        for week in weeks
        for place, status in enumerate(present)
    ]
    names = [wording[status] for status in present]
    colours, shades = (
        alt.Scale(type="ordinal", domain=names, range=[VERDICTS[status][place] for status in present])
        for place in range(2)
    )
    legend = alt.Legend(orient="top", columns=2, columnPadding=20, symbolType="square", symbolStrokeWidth=0)
    bars = alt.Chart(alt.Data(values=rows)).mark_bar()
    bars = bars.encode(
        x=week_axis(weeks),
        y=alt.Y("people:Q", axis=alt.Axis(tickCount=3, domain=False, ticks=False, format=",d", tickMinStep=1)),
        color=alt.Color("status:N", sort=None, scale=colours, legend=legend),
        opacity=alt.Opacity("status:N", sort=None, scale=shades, legend=legend),
        order="place:O",
    )
    return svg(bars.properties(width=340, height=190), description)


def delays(weeks: list[dict], whose: str, description: str) -> Markup:
    """A median of each week as a line; a hollow arrow where it is at least that long.

    The scale ends with what is known: few open ones that have waited for months would press all others flat.
    """
    rows = [
        {"week": short_day(week["week"]), "hours": week[f"{whose}_hours"], "is_least": bool(week[f"{whose}_is_least"])}
        for week in weeks
        if week[f"{whose}_hours"] is not None
    ]
    top = max([row["hours"] for row in rows if not row["is_least"]] or [row["hours"] for row in rows]) * 1.25 or 1
    y = alt.Axis(tickCount=3, domain=False, ticks=False, labelExpr="datum.label + ' h'")
    scale = alt.Scale(domain=[0, top], clamp=True)
    base = alt.Chart(alt.Data(values=rows)).encode(x=week_axis(weeks), y=alt.Y("hours:Q", axis=y, scale=scale))
    line = base.mark_line(color=ACCENT, strokeWidth=1.5, opacity=0.5)
    known = base.mark_point(color=ACCENT, filled=True, size=36, opacity=1).transform_filter("!datum.is_least")
    least = base.mark_point(color=ACCENT, shape="triangle-up", filled=False, strokeWidth=1.5, size=70, opacity=1)
    return svg(
        alt.layer(line, known, least.transform_filter("datum.is_least")).properties(width=340, height=190), description
    )


def week_axis(weeks: list[dict]) -> alt.X:
    """The weeks by their Mondays, the first, the middle and the last with a name."""
    labels = [short_day(week["week"]) for week in weeks]
    shown = sorted({0, len(labels) // 2, len(labels) - 1})
    axis = alt.Axis(values=[labels[place] for place in shown], labelAngle=0, grid=False, ticks=True)
    return alt.X("week:N", sort=None, axis=axis, scale=alt.Scale(domain=labels, paddingInner=0.25, paddingOuter=0.25))
