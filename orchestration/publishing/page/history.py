"""How the funnel went: the latest mature cohort beside the one before it, and thirteen months of every stage.

A range is what the CRM and the MAP would make of a month; a month without one is disputed by nobody.
"""

from datetime import date

from orchestration.publishing.page.funnel import Funnel, Published


def cohort(published: Published, funnel: Funnel) -> dict | None:
    """Everyone whose cycle began in the latest month that is mature for each step, by stage, and the month before."""
    month, is_mature = mature_month(published, funnel)
    if month is None:
        return None
    rows = published.rows(
        """
        select stage, reached, month = $month as is_latest from funnel_by_month
        where unit = $unit and basis = 'cohort' and segment = 'all'
            and month between $month::date - interval 1 month and $month
        """,
        unit=funnel.unit,
        month=month,
    )
    latest = {row["stage"]: row["reached"] for row in rows if row["is_latest"]}
    before = {row["stage"]: row["reached"] for row in rows if not row["is_latest"]}
    return {
        "month": month,
        "is_mature": is_mature,
        "has_previous": bool(before),
        "stages": [
            {"stage": stage, "latest": latest.get(stage, 0), "previous": before.get(stage, 0) if before else None}
            for stage in funnel.stages
        ],
    }


def mature_month(published: Published, funnel: Funnel) -> tuple[date | None, bool | None]:
    """The latest cohort month mature for every pair that has a window; without any window, the latest complete one."""
    (found,) = published.rows(
        """
        with pairs as (
            select max(month) filter (is_mature) as mature from conversion_rates
            where unit = $unit and basis = 'cohort' and segment = 'all'
            group by from_stage, to_stage
            having count(is_mature) > 0
        ),
        limits as (
            select
                case when count(*) = 0 then $latest::date when count(mature) = count(*) then min(mature) end as until,
                case when count(*) > 0 then true end as is_mature
            from pairs
        )
        select max(month) as month, any_value(is_mature) as is_mature
        from funnel_by_month, limits
        where unit = $unit and basis = 'cohort' and segment = 'all' and reached > 0 and month <= until
        """,
        unit=funnel.unit,
        latest=funnel.latest,
    )
    return found["month"], found["is_mature"]


def months(published: Published, funnel: Funnel, how_many: int = 13) -> list[dict]:
    """Per stage the last complete months: reached in that month, and the range between the systems."""
    if funnel.latest is None or not published.has_funnel:
        return []
    rows = published.rows(
        """
        with reached as (
            select month, stage, reached from funnel_by_month
            where unit = $unit and basis = 'period' and segment = 'all'
        ),
        calendar as (
            select unnest(generate_series($latest::date - to_months($back), $latest::date, interval 1 month))::date
                as month
        ),
        effects as (
            select month, split_part(metric, '/', 3) as stage, as_crm, as_map
            from mismatch_effects
            where unit = $unit and segment = 'all' and metric like 'funnel_by_month/period/%/reached'
                and (agreed <> as_crm or agreed <> as_map)
        )
        select stage, month, coalesce(reached, 0) as reached, as_crm, as_map
        from (select calendar.month, unnest($stages::varchar[]) as stage from calendar)
        left join reached using (month, stage)
        left join effects using (month, stage)
        where month >= (select min(month) from reached)
        order by month
        """,
        unit=funnel.unit,
        latest=funnel.latest,
        back=how_many - 1,
        stages=list(funnel.stages),
    )
    return [{"stage": stage, "points": [row for row in rows if row["stage"] == stage]} for stage in funnel.stages]
