"""What the recent past says of today: the statistics by which a volume, a silence or a delay is unusual, as SQL.

They are robust, so that one odd week does not move them: a median, and the median distance from it, which times 1.4826
is the standard deviation of normally distributed numbers. Whoever has too little past is asked nothing.
"""

OUTLIER = 3.5  # spreads: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993)
SUDDEN = 1.5  # times more or less than usual: a smaller change is a season or a campaign, not a broken export
GROWTH = 1.1  # times the highest of half a year: as much as a growing company may add to it
RECENT = 12  # weeks or loads: a quarter of weeks; some vendors keep no more than 90 days of history
EARLIEST = 6  # fewer weeks or loads before say nothing about what is usual
HALF_A_YEAR = 26  # weeks: imports and mass edits come by the month and by the quarter
GAPS_IN_A_YEAR = 20  # fewer say nothing about how long a silence may be
SILENT = "silent_days || ' days of silence, never more than ' || longest_gap_days || ' in the year before'"


def spread_of_counts(counts: str, over: str = "") -> str:
    """The spread around the median: never less than what counts of chance events vary by, nor than one."""
    return f"greatest(1.4826 * mad({counts}) {over}, sqrt(median({counts}) {over}), 1)"


def silence(days: str, of: tuple[str, ...]) -> str:
    """A relation: `of`, silent_days, longest_gap_days and gaps of the past year.

    `days`: SELECT of `of`, each day on which something happened, and `until`, the day up to which all is known.
    """
    key = ", ".join(of)
    return f"""(
        with gaps as (
            select *, day - lag(day) over (partition by {key} order by day) as gap_days
            from ({days})
            where day < until
        )

        select
            {key},
            max(until) - max(day) as silent_days,
            max(gap_days) filter (where day >= until - 365) as longest_gap_days,
            count(gap_days) filter (where day >= until - 365) as gaps
        from gaps
        group by {key}
    )"""
