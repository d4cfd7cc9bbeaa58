"""The truth of a simulated company: what was planted is found, with its cause and its moment, and nothing else is."""

import duckdb
import pytest

FAULTS = {"conflict": 0.04, "missing_record": 0.03, "unmapped_value": 0.04, "in_flight": 0.02}
OPEN = """
    select coalesce(crm_record_id, ''), map_record_id, cause, cast(parted_at as timestamp)
    from read_csv('{}/truth/mismatches.csv', all_varchar = true, header = true)
    where is_open = 'true' order by all
"""
STAGES = """
    select distinct on (record_id, cycle, stage)
        coalesce(people.crm_record_id, people.map_record_id) as record_id,
        cast(stages.cycle as integer) as cycle,
        stages.stage,
        cast(stages.entered_at as timestamp) as entered_at
    from read_csv('{0}/truth/stages.csv', all_varchar = true, header = true) as stages
    inner join read_csv('{0}/truth/people.csv', all_varchar = true, header = true) as people using (person_id)
    where is_recorded = 'true'
    order by all
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_disagreements_are_found_with_their_cause_and_no_others(company, line, seed):
    exports = company(900, seed, FAULTS)
    faulty = line(exports / "sources.yml")
    faulty.build()
    planted = duckdb.sql(OPEN.format(exports)).fetchall()
    assert {cause for _, _, cause, _ in planted} == {"conflict", "missing_record", "unmapped_value"}
    found = faulty.rows(
        "select coalesce(crm_record_id, ''), map_record_id, cause, parted_at from stage_mismatches order by all"
    )
    assert found == planted


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_a_company_without_faults_nothing_is_found_nothing_is_held_and_every_stage_is_right(company, line, seed):
    exports = company(900, seed, {})
    healthy = line(exports / "sources.yml")
    healthy.build()
    assert healthy.rows("select count(*) from intermediate.int_reports_judged where is_held") == [(0,)]
    assert healthy.rows("select count(*) from stage_mismatches") == [(0,)]
    assert healthy.rows("select count(*) from mismatch_effects") == [(0,)]
    assert healthy.rows("select count(*) from people where agrees") > [(100,)]
    entered = healthy.rows("""
        select coalesce(people.crm_record_id, people.map_record_id), history.cycle, history.stage, history.entered_at
        from stage_history as history inner join people using (person_id)
        where history.unit = 'person' and history.entry_number = 1 and history.stage <> 'idle'
        order by all
    """)
    assert entered == duckdb.sql(STAGES.format(exports)).fetchall()
