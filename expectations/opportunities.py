"""Is it plausible what we sell?

Keys, references and allowed values are dbt tests.
"""

from expectations.suite import END_OF_LOAD, Suite, no_email_address_is_published, rule

MEDIAN_WON_AMOUNT = "(select median(amount) from {batch} where is_won and amount > 0)"

SUITE = Suite(
    "opportunities",
    id_columns=("opportunity_id",),
    may_be_empty="exists (select 1 from marts.people)",  # a MAP alone has none
    expectations=(
        no_email_address_is_published(),
        rule(
            "won_opportunities_are_closed",
            "is_closed",
            among="is_won",
            mostly=0.99,
            severity="error",
            owner_team="sales_ops",
            meaning="Won and still open at once is a flag that is mapped wrongly; the win rate would be wrong with it.",
        ),
        rule(
            "opportunities_close_after_they_are_created",
            "closed_at >= created_at - interval 1 day",
            mostly=0.95,
            severity="warn",
            owner_team="sales_ops",
            meaning="A close date before the creation is a deal entered after the fact; many of them hide cycle times.",
        ),
        rule(
            "closed_opportunities_have_a_close_date",
            "closed_at is not null",
            among="is_closed",
            mostly=0.9,
            severity="warn",
            owner_team="sales_ops",
            meaning="A closed opportunity without a date belongs to no month and is missing from the win rate.",
        ),
        rule(
            "no_opportunity_was_created_after_the_load",
            f"created_at <= {END_OF_LOAD}",
            mostly=0.99,
            severity="error",
            owner_team="data",
            meaning="Created in the future is a wrong zone or date column; one in a hundred may be a typo.",
        ),
        rule(
            "no_opportunity_is_won_after_the_load",
            f"closed_at <= {END_OF_LOAD}",
            among="is_won",
            mostly=0.99,
            severity="warn",
            owner_team="sales_ops",
            meaning="Won in the future is an expected close date that nobody moved when the deal was signed.",
        ),
        rule(
            "won_amounts_are_not_negative",
            "amount >= 0",
            among="is_won",
            mostly=0.99,
            severity="error",
            owner_team="sales_ops",
            meaning="Negative won amounts are a sign turned round on the way, but for a rare credit note.",
        ),
        rule(
            "won_opportunities_have_an_amount",
            "amount is not null",
            among="is_won and (select count(amount) > 0 from {batch})",
            mostly=0.5,
            severity="warn",
            owner_team="sales_ops",
            meaning="When most won opportunities have no amount, the won total understates what was sold.",
        ),
        rule(
            "no_won_amount_dwarfs_the_others",
            f"amount <= 1000 * {MEDIAN_WON_AMOUNT}",
            among="is_won and (select count(*) >= 30 from {batch} where is_won and amount > 0)",
            severity="warn",
            owner_team="sales_ops",
            meaning="A thousand times the usual amount is cents taken for euros, or another currency.",
        ),
        rule(
            "lost_opportunities_are_exported_too",
            "not is_won",
            among="is_closed and (select count(*) >= 100 from {batch} where is_closed)",
            mostly=0.05,
            severity="warn",
            owner_team="sales_ops",
            meaning="When more than 95 % of the closed opportunities are won, the lost ones were not exported.",
        ),
        rule(
            "most_opportunities_have_a_person",
            "person_id is not null",
            among="exists (select 1 from marts.people)",
            mostly=0.5,
            severity="warn",
            owner_team="sales_ops",
            meaning="An opportunity without a contact role moves nobody: its person looks stuck before it.",
        ),
    ),
)
