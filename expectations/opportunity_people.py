"""Is it plausible who takes part in an opportunity?

Keys, references and allowed values are dbt tests.
"""

from expectations.suite import Suite, no_email_address_is_published, rule

PEOPLE_PER_OPPORTUNITY = """(
    select
        opportunity_id,
        count(distinct person_id) as people_count,
        count(distinct person_id) filter (where is_primary) as primary_count
    from {batch}
    group by system, opportunity_id
)"""

SUITE = Suite(
    "opportunity_people",
    id_columns=("opportunity_id", "person_id"),
    may_be_empty="true",  # roles are optional in every CRM
    expectations=(
        no_email_address_is_published(),
        rule(
            "an_opportunity_has_one_primary_person",
            "primary_count <= 1",
            rows=PEOPLE_PER_OPPORTUNITY,
            id_columns=("opportunity_id",),
            severity="warn",
            owner_team="sales_ops",
            meaning="With two primary people one opportunity counts twice in the funnel of people.",
        ),
        rule(
            "no_opportunity_involves_a_crowd",
            "people_count <= 50",
            rows=PEOPLE_PER_OPPORTUNITY,
            id_columns=("opportunity_id",),
            severity="warn",
            owner_team="sales_ops",
            meaning="More than fifty people in one opportunity are a list that was attached, not a buying group.",
        ),
    ),
)
