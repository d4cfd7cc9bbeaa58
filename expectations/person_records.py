"""Is it plausible which records are one person?

Keys, references and allowed values are dbt tests.
"""

from expectations.suite import Suite, no_email_address_is_published, rule

RECORDS_PER_PERSON = "(select person_id, count(*) as record_count from {batch} group by person_id)"

SUITE = Suite(
    "person_records",
    id_columns=("person_id", "system", "object", "record_id"),
    may_be_empty="not exists (select 1 from marts.people)",
    expectations=(
        no_email_address_is_published(),
        rule(
            "no_person_swallows_hundreds_of_records",
            "record_count <= 500",
            rows=RECORDS_PER_PERSON,
            id_columns=("person_id",),
            severity="error",
            owner_team="data",
            meaning="More than 500 records in one person are strangers joined by a shared value.",
        ),
        rule(
            "few_records_make_a_person",
            "record_count <= 25",
            rows=RECORDS_PER_PERSON,
            id_columns=("person_id",),
            severity="warn",
            owner_team="marketing_ops",
            meaning="More than 25 records in one person are a shared mailbox, or a form that adds a record each time.",
        ),
    ),
)
