"""The pages' charts as SVG, drawn by Altair and vl-convert. No numbers are made here, and no page.

Colours are the page's CSS variables, so one drawing serves light and dark. Each is drawn at the width of a phone
and only grows from there, so its letters stay readable.
"""

import altair as alt
import vl_convert
from markupsafe import Markup, escape

from orchestration.publishing.page.words import count, short_month

INK, MUTED, RULE, ACCENT = "var(--ink)", "var(--muted)", "var(--rule)", "var(--accent)"
SEVERITIES = ["high", "medium", "low"]
LETTERS = 13


def svg(chart: alt.TopLevelMixin, description: str) -> Markup:
    """A chart as an inline picture that says in words what it shows."""
    styled = chart.configure(
        background="transparent", font="system-ui, sans-serif", padding=2, aria=False, autosize="fit"
    ).configure_view(stroke=None)
    styled = styled.configure_axis(
        labelColor=MUTED, labelFontSize=LETTERS - 1, domainColor=RULE, tickColor=RULE, gridColor=RULE, title=None
    ).configure_legend(labelColor=MUTED, labelFontSize=LETTERS - 1, title=None)
    drawn = vl_convert.vegalite_to_svg(styled.to_dict())
    opening, closed, rest = drawn.partition(">")
    box = opening[opening.index("viewBox=") :]
    return Markup(f'<svg role="img" aria-label="{escape(description)}" {box}{closed}{rest}')


def funnel(stages: list[dict], description: str) -> Markup:
    """One bar a stage, the cohort before as an outline."""
    rows = [stage | {"text": bar_text(stage)} for stage in stages]
    longest = max(max(row["latest"], row["previous"] or 0) for row in rows) or 1
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y(
            "stage:N",
            sort=None,
            axis=alt.Axis(domain=False, ticks=False, labelColor=INK, labelLimit=100, labelPadding=8, minExtent=90),
        ),
    )
    scale = alt.Scale(domain=[0, longest * 1.35], nice=False)
    latest = base.mark_bar(color=ACCENT, height=22).encode(x=alt.X("latest:Q", axis=None, scale=scale))
    before = base.mark_bar(filled=False, stroke=MUTED, strokeWidth=1.5, height=30).encode(
        x=alt.X("previous:Q", scale=scale)
    )
    label = base.mark_text(align="left", dx=8, color=INK, fontSize=LETTERS).encode(
        x=alt.X("end:Q", scale=scale), text="text:N"
    )
    label = label.transform_calculate(end="max(datum.latest, datum.previous)")
    return svg(alt.layer(latest, before, label).properties(width=400, height=44 * len(rows)), description)


def bar_text(stage: dict) -> str:
    """123 (110)."""
    before = f" ({count(stage['previous'])})" if stage["previous"] is not None else ""
    return count(stage["latest"]) + before


def months(points: list[dict], description: str) -> Markup:
    """One stage's months as a line, with a band between what the CRM and the MAP say."""
    rows = [
        {
            "label": short_month(point["month"]),
            "reached": point["reached"],
            "low": min(sides(point)),
            "high": max(sides(point)),
        }
        for point in points
    ]
    labels = [row["label"] for row in rows]
    shown = sorted({0, len(labels) // 2, len(labels) - 1})
    axis = alt.Axis(values=[labels[place] for place in shown], labelAngle=0, grid=False, ticks=True)
    x = alt.X("label:N", sort=None, axis=axis, scale=alt.Scale(type="point", padding=0.6))
    y = alt.Axis(tickCount=3, domain=False, ticks=False, format=",d", tickMinStep=1)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    band = base.mark_area(color=ACCENT, opacity=0.35).encode(y=alt.Y("low:Q", axis=y), y2="high:Q")
    edges = [base.mark_line(color=ACCENT, strokeWidth=1, opacity=0.5).encode(y=f"{side}:Q") for side in ("low", "high")]
    line = base.mark_line(color=ACCENT, strokeWidth=2.5).encode(y=alt.Y("reached:Q", scale=alt.Scale(zero=True)))
    last = alt.Chart(alt.Data(values=rows[-1:])).mark_point(color=ACCENT, filled=True, size=60, opacity=1)
    last = last.encode(x=x, y="reached:Q")
    return svg(alt.layer(band, *edges, line, last).properties(width=340, height=150), description)


def beside(points: list[dict], description: str) -> Markup:
    """Two lines over months: what a draft makes of them, and, dashed, what is signed."""
    rows = [point | {"label": short_month(point["month"])} for point in points]
    labels = [row["label"] for row in rows]
    shown = sorted({0, len(labels) // 2, len(labels) - 1})
    axis = alt.Axis(values=[labels[place] for place in shown], labelAngle=0, grid=False, ticks=True)
    x = alt.X("label:N", sort=None, axis=axis, scale=alt.Scale(type="point", padding=0.6))
    y = alt.Axis(tickCount=3, domain=False, ticks=False, format=",d", tickMinStep=1)
    base = alt.Chart(
        alt.Data(values=[{name: row[name] for name in ("label", "drafted", "signed")} for row in rows])
    ).encode(x=x)
    signed = base.mark_line(color=MUTED, strokeWidth=1.5, strokeDash=[5, 4]).encode(y=alt.Y("signed:Q", axis=y))
    drafted = base.mark_line(color=ACCENT, strokeWidth=2.5).encode(y=alt.Y("drafted:Q", scale=alt.Scale(zero=True)))
    return svg(alt.layer(signed, drafted).properties(width=340, height=150), description)


def sides(point: dict) -> list[float]:
    """What the systems say of a month; where they do not differ, the agreed number."""
    told = [point["as_crm"], point["as_map"]]
    return [number for number in told if number is not None] or [point["reached"]]


def causes(counts: list[dict], description: str) -> Markup:
    """One bar a cause, the more severe the darker."""
    rows = [
        row | {"order": SEVERITIES.index(row["severity"]) if row["severity"] in SEVERITIES else 9} for row in counts
    ]
    scale = alt.Scale(domain=SEVERITIES, range=[1, 0.25])
    shade = alt.Opacity("severity:N", scale=scale, legend=alt.Legend(orient="top"))
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y(
            "label:N",
            sort="-x",
            axis=alt.Axis(domain=False, ticks=False, labelColor=INK, labelLimit=130, labelPadding=8, minExtent=118),
        ),
    )
    bars = base.mark_bar(color=ACCENT, height=18).encode(
        x=alt.X("sum(people):Q", axis=None), opacity=shade, order="order:O"
    )
    label = base.mark_text(align="left", dx=6, color=INK, fontSize=LETTERS).encode(
        x="sum(people):Q", text=alt.Text("sum(people):Q", format=",d")
    )
    heights = 34 * len({row["label"] for row in rows})
    return svg(alt.layer(bars, label).properties(width=400, height=heights + 40), description)


def score(weeks: list[dict], description: str) -> Markup:
    """The share on which both systems agree, as a line."""
    axis = alt.Axis(tickCount=4, domain=False, ticks=False, format=".0%")
    rows = [{"week": row["week"].isoformat(), "score": row["score"]} for row in weeks]
    where = {"x": by_week(), "y": alt.Y("score:Q", axis=axis, scale=alt.Scale(zero=False))}
    line = alt.Chart(alt.Data(values=rows)).mark_line(color=ACCENT, strokeWidth=2.5).encode(**where)
    point = alt.Chart(alt.Data(values=rows[-1:])).mark_point(color=ACCENT, filled=True, size=60, opacity=1)
    point = point.encode(**where)
    return svg(alt.layer(line, point).properties(width=400, height=180), description)


def disputed(causes: list[dict], description: str) -> Markup:
    """People in dispute by cause as areas one on another, the largest at the bottom and the darkest."""
    names = list(dict.fromkeys(row["cause"] for row in sorted(causes, key=lambda row: row["place"])))
    rows = [row | {"week": row["week"].isoformat()} for row in causes]
    axis = alt.Axis(tickCount=3, domain=False, ticks=False, format=",d", tickMinStep=1)
    shade = alt.Opacity(
        "cause:N",
        scale=alt.Scale(domain=names, range=[1, 0.2]),
        legend=alt.Legend(orient="top", columns=3, columnPadding=16, symbolType="square", labelLimit=140),
    )
    areas = alt.Chart(alt.Data(values=rows)).mark_area(color=ACCENT)
    areas = areas.encode(x=by_week(), y=alt.Y("people:Q", axis=axis), opacity=shade, order="place:O")
    return svg(areas.properties(width=400, height=180), description)


def by_week() -> alt.X:
    """Weeks from left to right."""
    return alt.X("week:T", axis=alt.Axis(format="%b %Y", grid=False, tickCount=4, labelFlush=True))
