"""Have the loads brought what the systems say they have, as much as the loads before, and as fresh?

A load that asked only for what was new brings what happened since the one before: a quiet weekend is no cut. Of such
loads whole weeks are compared, and only too little is told: an import or a mass edit is work.
"""

from expectations.past import EARLIEST, OUTLIER, RECENT, SUDDEN, spread_of_counts
from expectations.suite import KNOWN_AT, Suite, no_email_address_is_published, rule

MISSING_AT_MOST = 0.01  # of the source's own count: as many bad rows as a load tolerates where sources.yml says nothing
WEEK, SHORTEST_WEEK = 7 * 86400, 5 * 86400  # seconds; a week of five days has all but its weekend
ID = ("system", "object")
BEFORE = (
    "over (partition by system, object, is_increment order by loaded_at"
    f" rows between {RECENT} preceding and 1 preceding)"
)
LATEST = f"""(
    with reaching as (
        select
            *,
            epoch(complete_through) as reach,
            epoch(complete_through) - lag(epoch(complete_through)) over (
                partition by system, object order by loaded_at
            ) as seconds,
            max(epoch(complete_through)) over (partition by system, object) as latest_reach
        from {{batch}}
    ),

    brought as (
        select
            system,
            object,
            is_increment,
            case when is_increment then floor((latest_reach - reach) / {WEEK}) else epoch(loaded_at) end as part,
            case when is_increment then ' rows in seven days' else ' rows' end as unit,
            max(loaded_at) as loaded_at,
            bool_or(is_latest) as is_latest,
            case
                when is_increment then round(sum(rows_landed) * {WEEK} / sum(seconds)) else sum(rows_landed)
            end as rows_landed
        from reaching
        group by system, object, is_increment, part
        having not is_increment or sum(seconds) >= {SHORTEST_WEEK}
    )

    select
        *,
        count(rows_landed) {BEFORE} as loads_before,
        median(rows_landed) {BEFORE} as usual,
        {spread_of_counts("rows_landed", BEFORE)} as spread
    from brought
    qualify is_latest
)"""
FRESHNESS = f"""(
    with refreshes as ( -- an export that is loaded again brings nothing new
        select system, object, complete_through, min(loaded_at) as loaded_at
        from {{batch}}
        group by system, object, complete_through
    ),

    ages as (
        select
            *,
            loaded_at - lag(complete_through) over (
                partition by system, object order by complete_through
            ) as age_before,
            row_number() over (partition by system, object order by complete_through desc) as refresh
        from refreshes
    )

    select
        system,
        object,
        count(age_before) as refreshes,
        max(age_before) as oldest,
        {KNOWN_AT} - max(complete_through) as age
    from ages
    where refresh <= {RECENT}
    group by system, object
)"""
LAST_THAT_COULD_TELL = """(
    select *
    from {{batch}}
    where {tells} is not null or not is_increment
    qualify row_number() over (partition by system, object order by loaded_at desc) = 1
)"""
SWEEPS = f"""(
    select
        system,
        object,
        {KNOWN_AT} - max(loaded_at) filter (rows_missed is not null or not is_increment) as unswept,
        arg_max(sweep_every_days, loaded_at) filter (is_latest) as sweep_every_days
    from {{batch}}
    group by system, object
)"""

SUITE = Suite(
    "loads",
    id_columns=(*ID, "loaded_at"),
    expectations=(
        no_email_address_is_published(),
        rule(
            "nothing_is_missing_of_what_a_source_says_it_has",
            f"rows_held >= rows_at_source * {1 - MISSING_AT_MOST}",
            rows=LAST_THAT_COULD_TELL.format(tells="rows_at_source"),
            id_columns=ID,
            detail="(rows_at_source - rows_held) || ' of the ' || rows_at_source || ' that it has are missing here'",
            severity="error",
            owner_team="data",
            meaning="A system counts more records than have arrived: an export is cut off, or was loaded in part.",
        ),
        rule(
            # What was missed came with the sweep: what stands here is whole now, and to hold it back would help nobody.
            "no_sweep_finds_what_earlier_loads_have_missed",
            "rows_missed = 0",
            rows=LAST_THAT_COULD_TELL.format(tells="rows_missed"),
            id_columns=ID,
            detail="rows_missed || ' records came only when all ids were compared'",
            severity="warn",
            owner_team="data",
            meaning="Loads of what is new lose records: what was published before the sweep found them lacked them.",
        ),
        rule(
            "no_sweep_is_long_overdue",
            "unswept <= interval (2 * sweep_every_days) day",
            rows=SWEEPS,
            id_columns=ID,
            detail="'none for ' || unswept || ', one every ' || sweep_every_days || ' days is wanted'",
            severity="warn",
            owner_team="data",
            meaning="All ids should have been compared twice since: nobody knows what was deleted, or missed.",
        ),
        rule(
            "each_load_brings_about_as_many_rows_as_those_before",
            f"rows_landed >= least(usual / {SUDDEN}, usual - {OUTLIER} * spread)"
            f" and (is_increment or rows_landed <= greatest(usual * {SUDDEN}, usual + {OUTLIER} * spread))",
            among=f"loads_before >= {EARLIEST}",
            rows=LATEST,
            id_columns=ID,
            detail="rows_landed || unit || ', usually ' || usual",
            severity="warn",
            owner_team="data",
            meaning="An export is far smaller or larger than it used to be, or a week by API far smaller: cut off,"
            " filtered anew, or doubled.",
        ),
        rule(
            "each_export_is_as_fresh_as_it_used_to_be",
            "age <= 2 * oldest",
            among=f"refreshes >= {EARLIEST - 1}",  # the first of the exports was no refresh
            rows=FRESHNESS,
            id_columns=ID,
            detail="'nothing since ' || age || ', never more than ' || oldest || ' before'",
            severity="warn",
            owner_team="data",
            meaning="An export reaches twice as far back as it lately did at worst: whoever writes it has stopped.",
        ),
    ),
)
