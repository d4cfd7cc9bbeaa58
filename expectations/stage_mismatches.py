"""Do the two systems agree, and is it plausible where they do not?

Keys, references and allowed values are dbt tests.
"""

from expectations.suite import DATA_AS_OF, Suite, no_email_address_is_published, rule

COMPARED_PEOPLE = """(
    select
        people.person_id,
        listed.person_id is not null as is_listed,
        coalesce(listed.is_unmapped, false) as is_unmapped,
        coalesce(listed.is_missing, false) as is_missing
    from marts.people as people
    left join (
        select
            person_id,
            bool_or(cause = 'unmapped_value') as is_unmapped,
            bool_or(cause = 'missing_record') as is_missing
        from {batch}
        group by person_id
    ) as listed on listed.person_id = people.person_id
    where people.agrees is not null or listed.person_id is not null
)"""
LISTED_PEOPLE = """(
    select listed.mismatch_id, people.agrees
    from {batch} as listed
    inner join marts.people as people on people.person_id = listed.person_id
)"""

SUITE = Suite(
    "stage_mismatches",
    id_columns=("mismatch_id",),
    may_be_empty="true",  # which is the aim
    expectations=(
        no_email_address_is_published(),
        rule(
            "few_compared_people_have_an_unmapped_value",
            "not is_unmapped",
            rows=COMPARED_PEOPLE,
            id_columns=("person_id",),
            mostly=0.99,
            severity="warn",
            owner_team="sales_ops",
            meaning="A value that the agreement gives no meaning is in use: map it, or correct it at the source.",
        ),
        rule(
            "few_compared_people_lack_a_required_record",
            "not is_missing",
            rows=COMPARED_PEOPLE,
            id_columns=("person_id",),
            mostly=0.95,
            severity="warn",
            owner_team="marketing_ops",
            meaning="More than one in twenty compared people was handed over and is missing from the other system.",
        ),
        rule(
            "nobody_listed_is_said_to_agree",
            "not agrees",
            rows=LISTED_PEOPLE,
            id_columns=("mismatch_id",),
            severity="error",
            owner_team="data",
            meaning="`people` says that the systems agree on someone whom this table lists as a mismatch.",
        ),
        rule(
            "a_mismatch_shows_two_different_stages",
            "crm_stage <> map_stage",
            among="cause <> 'unmapped_value'",
            severity="error",
            owner_team="data",
            meaning="The same stage on both sides is no disagreement, so the comparison contradicts itself.",
        ),
        rule(
            "mismatches_part_before_they_are_seen",
            "parted_at <= first_seen_at + interval 1 day",  # a source's clock may be off
            severity="error",
            owner_team="data",
            meaning="A mismatch cannot be seen before the systems parted; its age would be negative.",
        ),
        rule(
            "most_mismatches_are_younger_than_a_year",
            f"parted_at >= {DATA_AS_OF} - interval 365 day",
            mostly=0.75,
            severity="warn",
            owner_team="sales_ops",
            meaning="When a quarter of the open mismatches is older than a year, nobody mends them.",
        ),
    ),
)
