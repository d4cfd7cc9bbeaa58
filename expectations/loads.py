"""Have the loads brought what the systems say they have, as much as the loads before, and as fresh?"""

from expectations.past import EARLIEST, OUTLIER, RECENT, SUDDEN, spread_of_counts
from expectations.suite import KNOWN_AT, Suite, no_email_address_is_published, rule

MISSING_AT_MOST = 0.01  # of the source's own count: as many bad rows as a load tolerates where sources.yml says nothing
ID = ("system", "object")
BEFORE = f"over (partition by system, object order by loaded_at rows between {RECENT} preceding and 1 preceding)"
LATEST = f"""(
    select
        *,
        count(rows_landed) {BEFORE} as loads_before,
        median(rows_landed) {BEFORE} as usual,
        {spread_of_counts("rows_landed", BEFORE)} as spread
    from {{batch}}
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

SUITE = Suite(
    "loads",
    id_columns=(*ID, "loaded_at"),
    expectations=(
        no_email_address_is_published(),
        rule(
            "nothing_is_missing_of_what_a_source_says_it_has",
            f"rows_held >= rows_at_source * {1 - MISSING_AT_MOST}",
            among="is_latest",
            id_columns=ID,
            detail="(rows_at_source - rows_held) || ' of the ' || rows_at_source || ' that it has are missing here'",
            severity="error",
            owner_team="data",
            meaning="A system counts more records than have arrived: an export is cut off, or was loaded in part.",
        ),
        rule(
            "each_load_brings_about_as_many_rows_as_those_before",
            f"abs(rows_landed - usual) <= {OUTLIER} * spread"
            f" or rows_landed between usual / {SUDDEN} and usual * {SUDDEN}",
            among=f"loads_before >= {EARLIEST}",
            rows=LATEST,
            id_columns=ID,
            detail="rows_landed || ' rows, usually ' || usual",
            severity="warn",
            owner_team="data",
            meaning="An export is far smaller or larger than it used to be: cut off, filtered anew, or doubled.",
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
