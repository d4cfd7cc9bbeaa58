"""The cost of the line by its size: seconds of CPU and peak memory of each step, both on log scales."""

from pathlib import Path

import altair as alt
import pandas as pd


def draw(costs: list, out: Path) -> None:
    """Write cost.svg, cost.png and cost.html."""
    rows = pd.DataFrame([vars(cost) for cost in costs]).drop(columns="models")
    chart = alt.hconcat(
        _chart(rows, "cpu_seconds", "CPU seconds"), _chart(rows, "peak_gb", "peak memory, GB")
    ).properties(title="What each step costs, by the number of people")
    for ending in ("svg", "png", "html"):
        chart.save(out / f"cost.{ending}", **({"inline": True} if ending == "html" else {}))


def _chart(rows: pd.DataFrame, figure: str, title: str) -> alt.Chart:
    return (
        alt.Chart(rows)
        .mark_line(point=True)
        .encode(
            x=alt.X("people:Q", title="people", scale=alt.Scale(type="log")),
            y=alt.Y(f"{figure}:Q", title=title, scale=alt.Scale(type="log")),
            color=alt.Color("step:N", sort=list(dict.fromkeys(rows["step"])), scale=alt.Scale(scheme="tableau20")),
            tooltip=["step", "people", "seconds", "cpu_seconds", "peak_gb"],
        )
        .properties(width=380, height=420)
    )
