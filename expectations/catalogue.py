"""Every suite, by its mart. A new suite is a module named as its mart, and a line here."""

from expectations import (
    accounts,
    agreement_score,
    extraction_windows,
    loads,
    mismatch_effects,
    opportunities,
    opportunity_people,
    people,
    person_records,
    stage_history,
    stage_mismatches,
    volumes_by_day,
)

SUITES = {
    module.SUITE.mart: module.SUITE
    for module in (
        loads,
        extraction_windows,
        volumes_by_day,
        people,
        person_records,
        accounts,
        opportunities,
        opportunity_people,
        stage_history,
        stage_mismatches,
        agreement_score,
        mismatch_effects,
    )
}
