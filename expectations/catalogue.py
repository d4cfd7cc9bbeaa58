"""Every suite, by its mart. A new suite is a module named as its mart, and a line here."""

from expectations import (
    accounts,
    mismatch_effects,
    opportunities,
    opportunity_people,
    people,
    person_records,
    stage_history,
    stage_mismatches,
)

SUITES = {
    module.SUITE.mart: module.SUITE
    for module in (
        people,
        person_records,
        accounts,
        opportunities,
        opportunity_people,
        stage_history,
        stage_mismatches,
        mismatch_effects,
    )
}
