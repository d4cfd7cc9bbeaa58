"""Has every part of an extraction brought what its source counts in it?

A connector stops where it has not; this judges what has landed all the same. A window is asked about until all of its
object was asked for once more, or all ids were compared: what had not come has come then.
"""

from expectations.suite import Suite, no_email_address_is_published, rule

ID = ("system", "object", "loaded_at", "window_number")
NOT_MADE_GOOD = """(
    select windows.*
    from {batch} as windows
    anti join marts.loads as loads
        on
            windows.system = loads.system
            and windows.object = loads.object
            and (
                (windows.loaded_at < loads.loaded_at and not loads.is_increment)
                or (windows.loaded_at <= loads.loaded_at and loads.rows_missed is not null)
            )
)"""

SUITE = Suite(
    "extraction_windows",
    id_columns=ID,
    may_be_empty="true",  # exports have none, nor has an API that counts nothing
    expectations=(
        no_email_address_is_published(),
        rule(
            "no_window_has_brought_less_than_its_source_counts",
            "rows_fetched >= rows_at_source",
            rows=NOT_MADE_GOOD,
            detail="(rows_at_source - rows_fetched) || ' of the ' || rows_at_source || ' that it counts did not come'",
            severity="error",
            owner_team="data",
            meaning="Records that a system counts have not come. The next sweep looks for them: `sweep_every_days` in"
            " sources.yml brings it forward.",
        ),
    ),
)
