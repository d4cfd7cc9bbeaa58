"""Is it plausible who we know, and do both systems know them?

Keys, references and allowed values are dbt tests.
"""

from expectations.suite import END_OF_LOAD, Suite, no_email_address_is_published, rule, standard

IN_THE_SMALLER_SYSTEM = """
    case
        when (select count(crm_system) <= count(map_system) from {batch}) then crm_system is not null
        else map_system is not null
    end"""

SUITE = Suite(
    "people",
    id_columns=("person_id",),
    may_be_empty="exists (select 1 from marts.opportunities)",  # a CRM of which only the opportunities are connected
    expectations=(
        no_email_address_is_published(),
        rule(
            "nobody_entered_a_stage_after_the_load",
            f"stage_entered_at <= {END_OF_LOAD}",
            mostly=0.99,
            severity="error",
            owner_team="data",
            meaning="Entered in the future is a wrong zone or date column; one in a hundred may be a typo.",
        ),
        rule(
            "nobody_was_created_after_the_load",
            f"created_at <= {END_OF_LOAD}",
            mostly=0.99,
            severity="error",
            owner_team="data",
            meaning="Created in the future is a wrong zone or date column; one in a hundred may be a typo.",
        ),
        rule(
            "most_people_have_a_stage",
            "stage is not null",
            among="is_deleted is not true and is_excluded is not true",
            mostly=0.5,
            severity="warn",
            owner_team="marketing_ops",
            meaning="When half of the people have no stage, a stage source reads the wrong field or maps too little.",
        ),
        rule(
            "few_people_are_excluded",
            "is_excluded is not true",
            mostly=0.5,
            severity="warn",
            owner_team="marketing_ops",
            meaning="When half of the people are excluded, a pattern under `exclude` is wider than was meant.",
        ),
        rule(
            "few_people_are_deleted",
            "is_deleted is not true",
            mostly=0.5,
            severity="warn",
            owner_team="sales_ops",
            meaning="When half of the people are deleted, an export marks everything or a clean-up went wrong.",
        ),
        rule(
            "the_systems_know_the_same_people",
            "crm_system is not null and map_system is not null",
            among=IN_THE_SMALLER_SYSTEM,
            mostly=0.1,
            severity="warn",
            owner_team="data",
            meaning="When not one in ten of the smaller system's people is in the other, links are not mapped.",
        ),
        standard(
            "nobody_runs_through_many_cycles",
            "ExpectColumnValuesToBeBetween",
            column="cycle",
            max_value=20,
            severity="warn",
            owner_team="sales_ops",
            meaning="More than twenty cycles of one person are two systems that overwrite each other.",
        ),
    ),
)
