"""Is it plausible how people and opportunities moved through the stages?

Keys, references and allowed values are dbt tests.
"""

from expectations.past import GAPS_IN_A_YEAR, SILENT, silence
from expectations.suite import DATA_AS_OF, END_OF_LOAD, Suite, no_email_address_is_published, rule, standard

DAYS_OF_ENTRIES = f"""
    select distinct source, cast(entered_at as date) as day, cast({DATA_AS_OF} as date) as until
    from {{batch}}
    where source is not null and transition is distinct from 'impossible'
"""

SUITE = Suite(
    "stage_history",
    id_columns=("unit", "person_id", "opportunity_id", "stage", "entry_number"),
    expectations=(
        no_email_address_is_published(),
        standard(
            "stages_are_left_after_they_are_entered",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            column_A="left_at",
            column_B="entered_at",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            severity="error",
            owner_team="data",
            meaning="Time in a stage cannot be negative; where it is, entries were put in the wrong order.",
        ),
        rule(
            "no_entry_lies_after_the_load",
            f"entered_at <= {END_OF_LOAD}",
            among="transition is distinct from 'impossible'",
            severity="error",
            owner_team="data",
            meaning="Nobody can have entered a stage after we looked; such an entry must be marked impossible.",
        ),
        rule(
            "few_entries_are_older_than_the_trade",
            "entered_at >= timestamp '1990-01-01'",
            mostly=0.99,
            severity="error",
            owner_team="data",
            meaning="Entries before 1990 are misread dates; more than one in a hundred bends the oldest months.",
        ),
        rule(
            "few_transitions_are_impossible",
            "transition <> 'impossible'",
            mostly=0.99,
            severity="warn",
            owner_team="sales_ops",
            meaning="An impossible transition is a date typed by hand or a wrong zone; it is in no duration.",
        ),
        rule(
            "most_transitions_are_possible",
            "transition <> 'impossible'",
            mostly=0.5,
            severity="error",
            owner_team="data",
            meaning="When half of the transitions are impossible, a date column or a zone is mapped wrongly.",
        ),
        rule(
            "few_entries_are_inferred",
            "entered_at_basis <> 'inferred'",
            among="source is not null",  # the end of an idle cycle is always inferred
            mostly=0.5,
            severity="warn",
            owner_team="data",
            meaning="Most entry times are guesses from a creation or closing date: export the field history.",
        ),
        rule(
            "few_moves_go_backwards",
            "transition <> 'regression'",
            mostly=0.8,
            severity="warn",
            owner_team="sales_ops",
            meaning="When one move in five goes backwards, stages are listed in another order than they are worked in.",
        ),
        rule(
            "few_stages_are_skipped",
            "transition = 'forward'",
            among="transition in ('forward', 'skip')",
            mostly=0.5,
            severity="warn",
            owner_team="sales_ops",
            meaning="When most moves skip a stage, a stage is not recorded, or a value of it is not mapped.",
        ),
        rule(
            "no_source_has_fallen_silent",
            "silent_days <= 2 * longest_gap_days",
            among=f"gaps >= {GAPS_IN_A_YEAR}",
            rows=silence(DAYS_OF_ENTRIES, ("source",)),
            id_columns=("source",),
            detail=SILENT,
            severity="warn",
            owner_team="data",
            meaning="A source says nothing for twice as long as ever in a year: not exported, or not used any more.",
        ),
    ),
)
