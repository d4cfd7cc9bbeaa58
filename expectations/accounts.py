"""Is it plausible which companies we know, and what they hold?

Keys, references and allowed values are dbt tests.
"""

from expectations.suite import Suite, no_email_address_is_published, rule, standard

FREE_MAIL = ("gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "gmx.de", "web.de")

SUITE = Suite(
    "accounts",
    id_columns=("account_id",),
    may_be_empty="true",  # a MAP alone has none
    expectations=(
        no_email_address_is_published(),
        standard(
            "won_amounts_are_not_negative",
            "ExpectColumnValuesToBeBetween",
            column="won_amount",
            min_value=0,
            severity="warn",
            owner_team="sales_ops",
            meaning="A company that has been won for less than nothing is a credit note booked as an opportunity.",
        ),
        standard(
            "no_company_is_a_free_mailbox",
            "ExpectColumnValuesToNotBeInSet",
            column="domain",
            value_set=FREE_MAIL,
            severity="warn",
            owner_team="sales_ops",
            meaning="A company with a mail provider's domain collects people who have nothing to do with each other.",
        ),
        rule(
            "no_company_holds_most_people",
            "people_count <= 0.5 * (select count(*) from marts.people)",
            among="people_count > 100",
            severity="warn",
            owner_team="sales_ops",
            meaning="A company that holds more than half of all people is a catch-all account.",
        ),
    ),
)
