"""Is it plausible how far the mismatches move the reports' numbers?

Whether a report is held is decided in SQL; keys, references and allowed values are dbt tests.
"""

from expectations.suite import Suite, no_email_address_is_published, rule, standard

SUITE = Suite(
    "mismatch_effects",
    id_columns=("report", "metric", "month", "segment", "segment_value"),
    may_be_empty="true",  # with one side connected nothing is compared
    expectations=(
        no_email_address_is_published(),
        standard(
            "effects_are_not_negative",
            "ExpectColumnValuesToBeBetween",
            column="effect",
            min_value=0,
            severity="error",
            owner_team="data",
            meaning="An effect is a distance; a negative one would never hold a report.",
        ),
        rule(
            "every_count_has_an_effect",
            "effect is not null",
            among="metric not like '%/rate'",  # a rate has none where nobody could convert
            severity="error",
            owner_team="data",
            meaning="Without an effect a number can never hold its report, however much is in dispute.",
        ),
        rule(
            "no_number_is_held_without_a_mismatch",
            "exists (select 1 from marts.stage_mismatches)",
            among="holds",
            severity="error",
            owner_team="data",
            meaning="A report would be held, and nobody could read why.",
        ),
        rule(
            "no_effect_exceeds_the_people_in_dispute",
            "effect <= (select count(distinct person_id) from marts.stage_mismatches)",
            among="unit = 'person'",
            severity="warn",
            owner_team="data",
            meaning="A count moves by more than the people in dispute, so something else than mismatches moves it.",
        ),
        rule(
            "no_disagreement_hides_below_a_total",
            "not warns",
            severity="warn",
            owner_team="marketing_ops",
            meaning="Mismatches pass the agreed limits within a segment, or cancel each other out in the total.",
        ),
    ),
)
