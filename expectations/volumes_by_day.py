"""Does as much happen in each system as did lately?

Each system is compared with its own past, week with week, so that a weekend is no drop. A week in which the export ends
is not judged, nor is one that began with it.
"""

from expectations.past import (
    EARLIEST,
    GAPS_IN_A_YEAR,
    GROWTH,
    HALF_A_YEAR,
    OUTLIER,
    RECENT,
    SILENT,
    SUDDEN,
    silence,
    spread_of_counts,
)
from expectations.suite import Suite, no_email_address_is_published, rule

ID = ("system", "kind")
BEFORE = f"over (partition by system, kind order by week rows between {RECENT} preceding and 1 preceding)"
LAST_WEEK = f"""(
    with series as (
        select
            system,
            kind,
            date_trunc('week', min(day)) + interval 7 day as first_week,
            date_trunc('week', max(complete_until)) - interval 7 day as last_week
        from {{batch}}
        group by system, kind
    ),

    weeks as (
        select system, kind, last_week, unnest(generate_series(first_week, last_week, interval 7 day)) as week
        from series
    ),

    counted as (
        select weeks.system, weeks.kind, weeks.week, weeks.last_week, coalesce(sum(days.volume), 0) as volume
        from weeks
        left join {{batch}} as days
            on weeks.system = days.system and weeks.kind = days.kind and weeks.week = date_trunc('week', days.day)
        group by weeks.system, weeks.kind, weeks.week, weeks.last_week
    ),

    compared as (
        select
            *,
            count(*) {BEFORE} as weeks_before,
            median(volume) {BEFORE} as usual,
            {spread_of_counts("volume", BEFORE)} as spread,
            max(volume) over (
                partition by system, kind order by week rows between {HALF_A_YEAR} preceding and 1 preceding
            ) as highest
        from counted
    ),

    seasoned as (
        select
            *,
            coalesce(min(volume / nullif(usual, 0)) over (
                partition by system, kind order by week rows between 53 preceding and 51 preceding
            ), 1) as a_year_ago
        from compared
        qualify week = last_week
    )

    select * replace (case when a_year_ago * {SUDDEN} < 1 then usual * a_year_ago else usual end as usual)
    from seasoned -- a week that was quiet a year ago, by what was usual then, is a holiday
)"""
DAYS = "select system, kind, day, complete_until as until from {batch}"

SUITE = Suite(
    "volumes_by_day",
    id_columns=(*ID, "day"),
    # people need not have dates, but whoever entered a stage did so on a day
    may_be_empty="not exists (select 1 from marts.stage_history where transition is distinct from 'impossible')",
    expectations=(
        no_email_address_is_published(),
        rule(
            "no_volume_has_dropped_suddenly",
            f"volume * {SUDDEN} >= usual or volume >= usual - {OUTLIER} * spread",
            among=f"weeks_before >= {EARLIEST}",
            rows=LAST_WEEK,
            id_columns=ID,
            detail="volume || ' in the week of ' || strftime(week, '%Y-%m-%d') || ', usually ' || usual",
            severity="warn",
            owner_team="data",
            meaning="Far less happened in the last whole week than in the weeks before: an export is half loaded.",
        ),
        rule(
            "no_volume_has_risen_suddenly",
            f"volume <= usual * {SUDDEN} or volume <= usual + {OUTLIER} * spread"
            f" or volume <= highest * {GROWTH} + {OUTLIER} * sqrt(highest)",
            among=f"weeks_before >= {EARLIEST}",
            rows=LAST_WEEK,
            id_columns=ID,
            detail="volume || ' in the week of ' || strftime(week, '%Y-%m-%d') || ', usually ' || usual",
            severity="warn",
            owner_team="data",
            meaning="More happened in the last whole week than in any of half a year: an import, or rows twice.",
        ),
        rule(
            "no_system_has_fallen_silent",
            "silent_days <= 2 * longest_gap_days",
            among=f"gaps >= {GAPS_IN_A_YEAR}",
            rows=silence(DAYS, ID),
            id_columns=ID,
            detail=SILENT,
            severity="warn",
            owner_team="data",
            meaning="A system says nothing for twice as long as it ever did in a year: it is not exported any more.",
        ),
    ),
)
