"""Do the two systems agree as much as they lately did?

Which of them is right about whom is told by the mismatches; keys, references and allowed values are dbt tests.
"""

from expectations.past import EARLIEST, OUTLIER, RECENT, SUDDEN
from expectations.suite import Suite, no_email_address_is_published, rule

NOTICEABLE = 0.005  # of the compared people: a rare cause may double without anybody's harm
BEFORE = f"over (partition by cause order by week rows between {RECENT} preceding and 1 preceding)"
CHANCE = f"sqrt(greatest(median(lost) {BEFORE}, 1 / compared) / compared)"  # of people who fall ill one by one
LAST_WEEK = f"""(
    with weeks as (
        select week, agreeing + mismatched as compared
        from {{batch}}
        where cause = 'all' and is_complete
    ),

    causes as (
        select distinct cause
        from {{batch}}
        where cause <> 'all'
    ),

    losses as (
        select causes.cause, weeks.week, weeks.compared, coalesce(told.lost, 0) as lost
        from weeks
        cross join causes
        left join {{batch}} as told on causes.cause = told.cause and weeks.week = told.week
        where weeks.compared > 0
    )

    select
        *,
        count(*) {BEFORE} as weeks_before,
        median(lost) {BEFORE} as usual,
        greatest(1.4826 * mad(lost) {BEFORE}, {CHANCE}) as spread
    from losses
    qualify week = max(week) over ()
)"""

SUITE = Suite(
    "agreement_score",
    id_columns=("week", "cause"),
    may_be_empty="true",  # with one side connected nothing is compared
    expectations=(
        no_email_address_is_published(),
        rule(
            "no_cause_of_disagreement_has_grown_suddenly",
            f"lost <= usual * {SUDDEN} or lost <= usual + {OUTLIER} * spread or lost <= usual + {NOTICEABLE}",
            among=f"weeks_before >= {EARLIEST}",
            rows=LAST_WEEK,
            id_columns=("cause",),
            detail="round(100 * lost, 1) || ' % of the compared people, usually ' || round(100 * usual, 1) || ' %'",
            severity="warn",
            owner_team="sales_ops",
            meaning="A cause sets the systems apart on far more people than lately: a rule of the sync has changed.",
        ),
    ),
)
