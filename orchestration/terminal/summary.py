"""What stands in the published file, for a terminal: funnel, rates, what each team has to mend, each report's fate."""

from pathlib import Path

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.publishing.page.answers import wait
from orchestration.publishing.page.handoffs import FIGURES, STATUSES, WEEK
from orchestration.publishing.page.words import plain

MONTHS = 6
WEEKS = 4
ITEMS_PER_TEAM = 3
COLOURS = {"fresh": "green", "held": "yellow", "could_not_run": "red"}


def show(console: Console, published: Path) -> None:
    """Print it all; says so where nothing was published yet."""
    file = published / "onefunnel.duckdb"
    if not file.exists():
        console.print("Nothing was published yet.")
        return
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        for needed, part in (
            ("funnel_by_month", _funnel),
            ("conversion_rates", _rates),
            ("handoffs", _handoffs),
            ("work_items", _mismatches),
            ("agreement_score", _score),
            ("report_status", _reports),
            ("mismatch_effects", _holds),
        ):
            if needed in tables:
                part(console, connection)
    console.print(f"Published  {escape(str(file))}", soft_wrap=True)
    for word, name in (("Page", "index.html"), ("To mend", "triage.html")):
        if (published / name).exists():
            console.print(f"{word:<9}  {escape(str(published / name))}", soft_wrap=True)


def _funnel(console: Console, connection) -> None:
    """Who reached each stage, by the month in which the cycle started; one table per unit."""
    for (unit,) in connection.execute("select distinct unit from funnel_by_month order by unit desc").fetchall():
        stages = _stages(connection, unit)
        rows = connection.execute(
            "select month, map_from_entries(list((stage, reached)))"
            " from funnel_by_month where basis = 'cohort' and segment = 'all' and unit = ?"
            " group by month order by month",
            [unit],
        ).fetchall()
        table = grid(f"Funnel, unit {unit}, by the month in which the cycle started", ["month"], stages)
        for month, reached in rows[-MONTHS:]:
            table.add_row(_month(month), *(f"{reached.get(stage) or 0:,}" for stage in stages))
        totals = (sum(reached.get(stage) or 0 for _, reached in rows) for stage in stages)
        table.add_row("all", *(f"{total:,}" for total in totals), style="bold")
        console.print(table)


def _stages(connection, unit: str) -> list[str]:
    """The unit's stages, in the order of the agreement."""
    return [
        stage
        for (stage,) in connection.execute(
            "select stage from funnel_by_month left join definitions on term = stage and kind = 'stage'"
            " where unit = ? and basis = 'cohort' and segment = 'all'"
            " group by stage, position order by position, stage",
            [unit],
        ).fetchall()
    ]


def _rates(console: Console, connection) -> None:
    rows = connection.execute("""
        select unit, from_stage || ' → ' || to_stage, sum(entered), sum(converted),
            sum(converted) / nullif(sum(entered), 0)
        from conversion_rates left join definitions on term = from_stage and kind = 'stage'
        where basis = 'cohort' and segment = 'all' and is_mature is distinct from false
        group by unit, from_stage, to_stage, position order by unit desc, position nulls last
    """).fetchall()
    if rows:
        table = grid("Conversion, mature months", ["unit", "from → to"], ["entered", "converted", "rate"])
        for unit, pair, entered, converted, rate in rows:
            shown = "-" if rate is None else f"{rate:.1%}"
            table.add_row(unit, pair, f"{entered:,.0f}", f"{converted:,.0f}", shown)
        console.print(table)


def _handoffs(console: Console, connection) -> None:
    """What became of each hand-over, and how long it waits: first by the clock, then in business hours."""
    for name in connection.execute("select distinct handoff from handoffs order by all").fetchall():
        rows = connection.execute(
            f"""
            with zones as (
                select coalesce(arg_max(term, agreement_version), 'UTC') as zone
                from definitions where kind = 'timezone'
            ),
            dated as (select *, {WEEK} as week from handoffs, zones where handoff = ?)
            select week, {FIGURES} from dated group by grouping sets ((week), ())
            order by grouping(week), week nulls first
            """,
            name,
        )
        names = [column[0] for column in rows.description]
        weeks = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        title = f"Hand-over {plain(*name)}, by week; median by the clock, then in business hours"
        occurring = [status for status in STATUSES if weeks[-1][status]]
        table = grid(title, ["week of"], ["people", *occurring, "assigned", "followed up"])
        for week in weeks[-WEEKS - 1 : -1]:
            table.add_row(str(week["week"] or "no date"), *_hand_overs(week, occurring))
        table.add_row("all", *_hand_overs(weeks[-1], occurring), style="bold")
        console.print(table)


def _hand_overs(figures: dict, statuses: list[str]) -> list[str]:
    """The counts, of those statuses that occur, and both medians."""
    counts = (f"{figures[part]:,}" for part in ("handed_over", *statuses))
    return [*counts, *(wait(figures, whose) or "-" for whose in ("system", "human"))]


def _mismatches(console: Console, connection) -> None:
    """What each team has to mend first, the team with most of what is severe before the others."""
    rows = connection.execute(
        """
        select coalesce(owner_team, 'no team') as team, sum(people_count) over team, sum(high_count) over team,
            cause, coalesce(value || ' in ', '') || coalesce(system, ''), coalesce(expected_stage, '-'), people_count,
            high_count, count(*) over (), sum(people_count) over ()
        from work_items
        window team as (partition by owner_team)
        qualify row_number() over (
            partition by owner_team order by high_count desc, people_count desc, earliest_parted_at, work_item_id
        ) <= $shown
        order by sum(high_count) over team desc, sum(people_count) over team desc, team,
            high_count desc, people_count desc, earliest_parted_at, work_item_id
        """,
        {"shown": ITEMS_PER_TEAM},
    ).fetchall()
    if not rows:
        (compared,) = connection.execute("select count(*) from people where agrees is not null").fetchone()
        agrees = f"the systems agree about all {compared:,} people that both can be asked about"
        console.print(f"No open mismatch: {agrees if compared else 'nobody is known to two systems'}.\n")
        return
    items, people = rows[0][-2:]
    title = f"Open mismatches: {people:,} people in {items:,} work items, the first of each team"
    table = grid(title, ["to mend", "where", "expected"], ["people", "high"])
    for column in table.columns:
        column.no_wrap = column.header != "where"  # a long value is folded, nothing else is for it
    team = None
    for owner, all_people, all_high, cause, where, expected, people, high, *_ in rows:
        if owner != team:
            table.add_row(escape(owner), "", "", f"{all_people:,}", f"{all_high:,}", style="bold")
            team = owner
        table.add_row(*(escape(word) for word in (cause, where, expected)), f"{people:,}", f"{high:,}")
    console.print(table)


def _score(console: Console, connection) -> None:
    """How far both systems agree at the end, in a line; nothing where nobody is scored."""
    for agreeing, compared, in_flight, unknown, one_system, score in connection.execute("""
        select agreeing, agreeing + mismatched, in_flight, unknown, one_system, score from agreement_score
        where cause = 'all' and score is not null order by week desc limit 1
    """).fetchall():
        console.print(
            f"Agreement score: {score:.1%}, {agreeing:,} of {compared:,} people at or past the hand-over; beside it "
            f"{in_flight:,} in flight, {unknown:,} unknown, {one_system:,} in one system\n",
            highlight=False,
        )


def _reports(console: Console, connection) -> None:
    for report, status, since, reason, as_of in connection.execute(
        "select report, status, held_since, reason, data_as_of from report_status order by report"
    ).fetchall():
        words = f"[{COLOURS[status]}]{status.replace('_', ' ')}[/]"
        since = f" since {since:%Y-%m-%d %H:%M}" if since else ""
        as_of = f", data as of {as_of:%Y-%m-%d %H:%M} UTC" if as_of else ", never published"
        console.print(f"Report {escape(report)}: {words}{since}{as_of}", highlight=False)
        if reason:
            console.print(f"  {escape(reason)}", highlight=False)


def _holds(console: Console, connection) -> None:
    rows = connection.execute("""
        select report, metric, month, agreed, as_crm, as_map from mismatch_effects
        where holds and segment = 'all' order by effect / nullif(abs(agreed), 0) desc nulls first, metric, month limit 5
    """).fetchall()
    if rows:
        table = grid(
            "What holds it, most disputed first", ["report", "metric", "month"], ["agreed", "CRM says", "MAP says"]
        )
        for report, metric, month, *values in rows:
            table.add_row(
                report,
                metric,
                _month(month),
                *(f"{value:,.4g}" if value is not None else "-" for value in values),
            )
        console.print(table)


def grid(title: str, words: list[str], numbers: list[str]) -> Table:
    """An empty table with a title; columns of words to the left, of numbers to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", min_width=len(title) + 4)
    for column in words:
        table.add_column(column)
    for column in numbers:
        table.add_column(column, justify="right")
    return table


def _month(month) -> str:
    """A month, or that no date is known."""
    return f"{month:%Y-%m}" if month else "no date"
