"""The truth of a simulated company: whoever was planted is found, and nobody else, whichever systems it has."""

import pytest

from tests.flow import handoffs

FAULTS = {
    "not_synced": 0.04,
    "conflict": 0.03,
    "missing_record": 0.03,
    "unmapped_value": 0.04,
    "in_flight": 0.02,
}
OF_SALESFORCE = {
    "deleted_record": 0.02,
    "merged_record": 0.02,
    "conversion_gap": 0.04,
}
OF_MARKETO = {
    "duplicate_record": 0.02,
    "no_contact_role": 0.04,
    "collision": 0.02,
    "winner_created_later": 0.01,
    "converted_twice": 0.02,
    "converted_by_marketo": 0.02,
    "back_dated_close": 0.05,
}
OF_HUBSPOT = {
    "forward_only": 0.04,
    "account_push": 0.04,
    "no_contact_role": 0.04,
    "duplicate_record": 0.02,
    "label_for_name": 0.02,
}
PAIRS = [
    ("salesforce-marketo", FAULTS | OF_SALESFORCE | OF_MARKETO),
    ("salesforce-hubspot", FAULTS | OF_SALESFORCE | OF_HUBSPOT),
    ("hubspot", None),
]
# every record that the truth knows, as the line found whose it is
PERSON_OF = """
    select distinct truth.person_id as true_id, records.person_id
    from '{0}/truth/people.parquet' as truth
    inner join person_records as records
        on records.record_id in (truth.crm_lead_id, truth.crm_contact_id, truth.map_record_id::varchar)
"""


@pytest.mark.parametrize("pair, faults, seed", [(pair, faults, seed) for seed, (pair, faults) in enumerate(PAIRS, 1)])
def test_whoever_was_planted_is_found_with_cause_side_and_moment_and_nobody_else(company, line, pair, faults, seed):
    exports = company(900, seed, faults, pair)
    faulty = line(exports / "sources.yml", pair=pair)
    faulty.build()
    people = PERSON_OF.format(exports)
    planted = faulty.rows(f"""
        select people.person_id, cause, wrong_side, parted_at from '{exports}/truth/faults.parquet' as faults
        inner join ({people}) as people on faults.person_id = people.true_id
        where is_open order by all
    """)
    assert len(planted) >= 15
    told = "select person_id, cause, side_to_mend, parted_at from stage_mismatches order by all"
    assert faulty.rows(told) == planted
    assert_what_is_due_is_expected(faulty, exports, people)
    assert faulty.rows("select sum(people_count) from work_items") == [(len(planted),)]
    assert_every_week_counts_who_was_planted(faulty, exports, people)


def assert_every_week_counts_who_was_planted(faulty, exports, people):
    """Whoever had been handed over and stood apart for longer than the sync's time when a week ended, by cause."""
    counted = faulty.rows("select week, cause, mismatched from agreement_score where cause <> 'all' and mismatched > 0")
    expected = faulty.rows(f"""
        with weeks as (
            select week, timezone('UTC', timezone('Europe/Berlin', (week + 7)::timestamp)) as ends_at
            from agreement_score where cause = 'all' and is_complete
            union all
            select week, data_as_of from agreement_score, intermediate.int_clock where cause = 'all' and not is_complete
        ),
        moves as (
            select person_id, cycle, entered_at, stages.rank, coalesce(stages.rank, 6) = 6 as ends
            from stage_history left join (values ('inquiry', 1), ('mql', 2), ('sal', 3), ('sql', 4), ('opportunity', 5),
                ('won', 6)) as stages (stage, rank) using (stage)
            where unit = 'person' and moves_the_unit and transition is not null
        ),
        so_far as (
            select week, ends_at, person_id, moves.cycle as number, entered_at, rank, ends
            from weeks inner join moves on entered_at <= ends_at
            qualify moves.cycle = max(moves.cycle) over (partition by week, person_id)
        ),
        handed_over as (
            select week, ends_at, person_id from so_far group by all
            having arg_max(rank, (entered_at, rank)) filter (rank is not null) >= 2
                and coalesce(min(entered_at) filter (ends) > ends_at - interval 90 day, true)
        ),
        syncs as (select max(within_seconds) as seconds from raw_agreement.syncs)
        select week, faults.cause, count(*)
        from '{exports}/truth/faults.parquet' as faults
        inner join ({people}) as people on faults.person_id = people.true_id
        inner join handed_over on people.person_id = handed_over.person_id
        cross join syncs
        where faults.cause is not null and parted_at + to_seconds(seconds) <= ends_at
            and coalesce(healed_at > ends_at, true)
        group by all
    """)
    assert len(counted) > 100
    assert sorted(counted) == sorted(expected)


def assert_what_is_due_is_expected(faulty, exports, people):
    """Every fix names the stage that is due, but where an unknown value was typed that may have meant any."""
    assert not faulty.rows(f"""
        select due_stage, expected_stage, faults.cause, evidence from '{exports}/truth/faults.parquet' as faults
        inner join ({people}) as people on faults.person_id = people.true_id
        inner join stage_mismatches as mismatches on people.person_id = mismatches.person_id
        where is_open and fault <> 'typed_instead' and due_stage is distinct from expected_stage
    """)


@pytest.mark.parametrize("pair", [pair for pair, _ in PAIRS])
def test_in_a_company_without_faults_nobody_is_found_nothing_is_held_and_stages_and_hand_overs_are_right(
    company, line, pair
):
    exports = company(900, 3, {}, pair)
    healthy = line(exports / "sources.yml", pair=pair)
    healthy.build()
    assert healthy.rows("select count(*) from stage_mismatches") == [(0,)]
    assert healthy.rows("select count(*) from mismatch_effects") == [(0,)]
    assert healthy.rows("select count(*) from intermediate.int_reports_judged where is_held") == [(0,)]
    assert healthy.rows("select count(*) from people where agrees") > [(100,)]
    entered = """
        select person_id, cycle, stage, entered_at from stage_history
        where unit = 'person' and entry_number = 1 and stage <> 'idle' order by all
    """
    assert healthy.rows(entered) == healthy.rows(f"""
        select distinct on (people.person_id, cycle, stage) people.person_id, cycle, stage, entered_at
        from '{exports}/truth/stages.parquet' as stages
        inner join ({PERSON_OF.format(exports)}) as people on stages.person_id = people.true_id
        where is_recorded order by all
    """)
    differ, compared = handoffs.wrong(healthy, exports)
    assert not differ
    assert compared["met"] > 100
    assert compared["breached"] > 100
    assert compared["unassigned"] >= 5
    assert compared["unknown"] >= 1
