"""Each expectation sees the violation that is planted for it: its count, among how many rows, and whose it is."""

from pathlib import Path

import pytest
from healthy import BY_API

import expectations

PEOPLE = "update marts.people set {} where person_id in {}"
OPPORTUNITIES = "update marts.opportunities set {} where opportunity_id in {}"
HISTORY = "update marts.stage_history set {} where {}"
THREE_PEOPLE = "delete from marts.people where person_id not in ('p1', 'p2', 'p3')"
THREE_OPPORTUNITIES = "delete from marts.opportunities where opportunity_id not in ('o1', 'o2', 'o3')"
TWO_PEOPLE_IN_HISTORY = "delete from marts.stage_history where person_id not in ('p1', 'p2')"
MORE_RECORDS = (
    "insert into marts.person_records"
    " select 'p1', 'crm', 'lead', 'more' || i, null, 'email', 1.0 from range({}) as numbers(i)"
)
MORE_MISMATCHES = (
    "insert into marts.stage_mismatches"
    " select * exclude (i) replace ('x' || i as mismatch_id, 'p' || i as person_id)"
    " from marts.stage_mismatches, range(10, {}) as numbers(i)"
)
CAUSE = "update marts.stage_mismatches set cause = '{}'"
EFFECT = "funnel/funnel_by_month/cohort/sal/reached/2025-03-01/"
LOADS = "update marts.loads set {} where system = 'map' and is_latest"
VOLUMES = "update marts.volumes_by_day set volume = {} where system = 'map' and day >= '2025-06-23'"
SILENT = "delete from marts.volumes_by_day where system = 'map' and day >= '2025-06-{}'"
SWEPT = "update marts.loads set {} where rows_missed is not null"
WINDOW = "update marts.extraction_windows set {} where loaded_at = '2025-07-01'"
LOST = "update marts.agreement_score set lost = {} where cause = 'conflict' and week = '2025-06-23'"
DAILY_ENTRIES = (
    "insert into marts.stage_history"
    " select * exclude (i) replace ('mql_rule' as source, timestamp '2025-04-01' + interval (i) day as entered_at)"
    " from (from marts.stage_history limit 1), range({}) as numbers(i)"
)
TENS = tuple(f"p{i}" for i in range(10, 20))

# mart, expectation, how many fail, of how many, which, what was changed
VIOLATIONS = [
    ("people", "no_email_address_is_published", 1, 200, ("p3",), [PEOPLE.format("lead_source = 'j@x.com'", "('p3')")]),
    (
        "people",
        "nobody_entered_a_stage_after_the_load",
        3,
        200,
        ("p1", "p2", "p3"),
        [PEOPLE.format("stage_entered_at = '2025-07-02 00:00:01'", "('p1', 'p2', 'p3')")],
    ),
    (
        "people",
        "nobody_was_created_after_the_load",
        3,
        200,
        ("p1", "p2", "p3"),
        [PEOPLE.format("created_at = '2025-07-02 00:00:01'", "('p1', 'p2', 'p3')")],
    ),
    (
        "people",
        "most_people_have_a_stage",
        2,
        3,
        ("p1", "p2"),
        [THREE_PEOPLE, PEOPLE.format("stage = null", "('p1', 'p2')")],
    ),
    (
        "people",
        "few_people_are_excluded",
        2,
        3,
        ("p1", "p2"),
        [THREE_PEOPLE, PEOPLE.format("is_excluded = true", "('p1', 'p2')")],
    ),
    (
        "people",
        "few_people_are_deleted",
        2,
        3,
        ("p1", "p2"),
        [THREE_PEOPLE, PEOPLE.format("is_deleted = true", "('p1', 'p2')")],
    ),
    (
        "people",
        "the_systems_know_the_same_people",
        1,
        1,
        ("p5",),
        [
            "update marts.people set map_system = null where person_id <> 'p5'",
            PEOPLE.format("crm_system = null", "('p5')"),
        ],
    ),
    ("people", "nobody_runs_through_many_cycles", 1, 200, ("p9",), [PEOPLE.format('"cycle" = 21', "('p9')")]),
    (
        "person_records",
        "no_email_address_is_published",
        1,
        400,
        ("p3/crm/lead/crm3",),
        ["update marts.person_records set record_url = 'https://x/?to=j@x.com' where record_id = 'crm3'"],
    ),
    (
        "person_records",
        "no_person_swallows_hundreds_of_records",
        1,
        200,
        ("p1",),
        [MORE_RECORDS.format(499)],
    ),
    ("person_records", "few_records_make_a_person", 1, 200, ("p1",), [MORE_RECORDS.format(24)]),
    (
        "accounts",
        "no_email_address_is_published",
        1,
        50,
        ("a1",),
        ["update marts.accounts set name = 'Jane (j@x.com)' where account_id = 'a1'"],
    ),
    (
        "accounts",
        "won_amounts_are_not_negative",
        1,
        50,
        ("a1",),
        ["update marts.accounts set won_amount = -1 where account_id = 'a1'"],
    ),
    (
        "accounts",
        "no_company_is_a_free_mailbox",
        1,
        50,
        ("a1",),
        ["update marts.accounts set domain = 'gmail.com' where account_id = 'a1'"],
    ),
    (
        "accounts",
        "no_company_holds_most_people",
        1,
        1,
        ("a1",),
        ["update marts.accounts set people_count = 101 where account_id = 'a1'"],
    ),
    (
        "opportunities",
        "no_email_address_is_published",
        1,
        120,
        ("o1",),
        [OPPORTUNITIES.format("pipeline = 'j@x.com'", "('o1')")],
    ),
    (
        "opportunities",
        "won_opportunities_are_closed",
        1,
        40,
        ("o1",),
        [OPPORTUNITIES.format("is_closed = false", "('o1')")],
    ),
    (
        "opportunities",
        "opportunities_close_after_they_are_created",
        6,
        100,
        ("o0", "o1", "o2", "o3", "o4", "o5"),
        [OPPORTUNITIES.format("closed_at = '2025-02-28 14:59'", "('o0', 'o1', 'o2', 'o3', 'o4', 'o5')")],
    ),
    (
        "opportunities",
        "closed_opportunities_have_a_close_date",
        2,
        3,
        ("o1", "o2"),
        [THREE_OPPORTUNITIES, OPPORTUNITIES.format("closed_at = null", "('o1', 'o2')")],
    ),
    (
        "opportunities",
        "no_opportunity_was_created_after_the_load",
        2,
        120,
        ("o1", "o2"),
        [OPPORTUNITIES.format("created_at = '2025-07-02 00:00:01'", "('o1', 'o2')")],
    ),
    (
        "opportunities",
        "no_opportunity_is_won_after_the_load",
        1,
        40,
        ("o1",),
        [OPPORTUNITIES.format("closed_at = '2025-07-02 00:00:01'", "('o1')")],
    ),
    (
        "opportunities",
        "won_amounts_are_not_negative",
        1,
        40,
        ("o1",),
        [OPPORTUNITIES.format("amount = -100", "('o1')")],
    ),
    (
        "opportunities",
        "won_opportunities_have_an_amount",
        2,
        3,
        ("o1", "o2"),
        [THREE_OPPORTUNITIES, OPPORTUNITIES.format("amount = null", "('o1', 'o2')")],
    ),
    (
        "opportunities",
        "no_won_amount_dwarfs_the_others",
        1,
        40,
        ("o1",),
        [OPPORTUNITIES.format("amount = 100000.01", "('o1')")],
    ),
    (
        "opportunities",
        "lost_opportunities_are_exported_too",
        100,
        100,
        (
            *("o0", "o1", "o10", "o11", "o12", "o13", "o14", "o15", "o16", "o17"),
            *("o18", "o19", "o2", "o20", "o21", "o22", "o23", "o24", "o25", "o26"),
        ),
        ["update marts.opportunities set is_won = true where is_closed"],
    ),
    (
        "opportunities",
        "most_opportunities_have_a_person",
        2,
        3,
        ("o1", "o2"),
        [THREE_OPPORTUNITIES, OPPORTUNITIES.format("person_id = null", "('o1', 'o2')")],
    ),
    (
        "opportunity_people",
        "no_email_address_is_published",
        1,
        120,
        ("o1/p1",),
        ["update marts.opportunity_people set role = 'j@x.com' where opportunity_id = 'o1'"],
    ),
    (
        "opportunity_people",
        "an_opportunity_has_one_primary_person",
        1,
        120,
        ("o1",),
        ["insert into marts.opportunity_people values ('crm', 'o1', 'p9', 'User', true)"],
    ),
    (
        "opportunity_people",
        "no_opportunity_involves_a_crowd",
        1,
        120,
        ("o1",),
        [
            "insert into marts.opportunity_people"
            " select 'crm', 'o1', 'p' || i, 'User', false from range(50, 100) as numbers(i)"
        ],
    ),
    (
        "stage_history",
        "no_email_address_is_published",
        1,
        400,
        ("person/p3/mql/1",),
        [HISTORY.format("value = 'j@x.com'", "person_id = 'p3' and stage = 'mql'")],
    ),
    (
        "stage_history",
        "stages_are_left_after_they_are_entered",
        1,
        200,
        ("person/p3/inquiry/1",),
        [HISTORY.format("left_at = '2025-01-31 23:59'", "person_id = 'p3' and stage = 'inquiry'")],
    ),
    (
        "stage_history",
        "no_entry_lies_after_the_load",
        1,
        400,
        ("person/p3/mql/1",),
        [HISTORY.format("entered_at = '2025-07-02 00:00:01'", "person_id = 'p3' and stage = 'mql'")],
    ),
    (
        "stage_history",
        "few_entries_are_older_than_the_trade",
        5,
        400,
        tuple(f"person/p{i}/inquiry/1" for i in range(5)),
        [
            HISTORY.format(
                "entered_at = '1989-12-31'", "length(person_id) = 2 and person_id < 'p5' and stage = 'inquiry'"
            )
        ],
    ),
    (
        "stage_history",
        "few_transitions_are_impossible",
        5,
        400,
        tuple(f"person/p{i}/mql/1" for i in range(5)),
        [HISTORY.format("transition = 'impossible'", "length(person_id) = 2 and person_id < 'p5' and stage = 'mql'")],
    ),
    (
        "stage_history",
        "most_transitions_are_possible",
        3,
        4,
        ("person/p1/inquiry/1", "person/p1/mql/1", "person/p2/mql/1"),
        [TWO_PEOPLE_IN_HISTORY, HISTORY.format("transition = 'impossible'", "person_id = 'p1' or stage = 'mql'")],
    ),
    (
        "stage_history",
        "few_entries_are_inferred",
        3,
        4,
        ("person/p1/inquiry/1", "person/p1/mql/1", "person/p2/mql/1"),
        [TWO_PEOPLE_IN_HISTORY, HISTORY.format("entered_at_basis = 'inferred'", "person_id = 'p1' or stage = 'mql'")],
    ),
    (
        "stage_history",
        "few_moves_go_backwards",
        1,
        4,
        ("person/p1/mql/1",),
        [TWO_PEOPLE_IN_HISTORY, HISTORY.format("transition = 'regression'", "person_id = 'p1' and stage = 'mql'")],
    ),
    (
        "stage_history",
        "few_stages_are_skipped",
        2,
        2,
        ("person/p1/mql/1", "person/p2/mql/1"),
        [TWO_PEOPLE_IN_HISTORY, HISTORY.format("transition = 'skip'", "stage = 'mql'")],
    ),
    (
        "stage_history",
        "no_source_has_fallen_silent",
        1,
        1,
        ("mql_rule",),
        [DAILY_ENTRIES.format(30)],
    ),
    (
        "stage_mismatches",
        "no_email_address_is_published",
        1,
        1,
        ("x7",),
        ['update marts.stage_mismatches set evidence = \'{"old": "j@x.com"}\''],
    ),
    (
        "stage_mismatches",
        "few_compared_people_have_an_unmapped_value",
        3,
        200,
        ("p10", "p11", "p7"),
        [MORE_MISMATCHES.format(12), CAUSE.format("unmapped_value")],
    ),
    (
        "stage_mismatches",
        "few_compared_people_lack_a_required_record",
        11,
        200,
        (*TENS, "p7"),
        [MORE_MISMATCHES.format(20), CAUSE.format("missing_record")],
    ),
    (
        "stage_mismatches",
        "nobody_listed_is_said_to_agree",
        1,
        1,
        ("x7",),
        [PEOPLE.format("agrees = true", "('p7')")],
    ),
    (
        "stage_mismatches",
        "a_mismatch_shows_two_different_stages",
        1,
        1,
        ("x7",),
        ["update marts.stage_mismatches set map_stage = 'mql'"],
    ),
    (
        "stage_mismatches",
        "mismatches_part_before_they_are_seen",
        1,
        1,
        ("x7",),
        ["update marts.stage_mismatches set first_seen_at = '2025-02-27 23:59'"],
    ),
    (
        "stage_mismatches",
        "most_mismatches_are_younger_than_a_year",
        1,
        1,
        ("x7",),
        ["update marts.stage_mismatches set parted_at = '2024-06-30 21:59'"],
    ),
    (
        "mismatch_effects",
        "no_email_address_is_published",
        1,
        2,
        (EFFECT + "lead_source/web",),
        ["update marts.mismatch_effects set unit = 'j@x.com' where segment = 'lead_source'"],
    ),
    (
        "mismatch_effects",
        "effects_are_not_negative",
        1,
        2,
        (EFFECT + "all",),
        ["update marts.mismatch_effects set effect = -1 where segment = 'all'"],
    ),
    (
        "mismatch_effects",
        "every_count_has_an_effect",
        1,
        2,
        (EFFECT + "all",),
        ["update marts.mismatch_effects set effect = null where segment = 'all'"],
    ),
    (
        "mismatch_effects",
        "no_number_is_held_without_a_mismatch",
        1,
        1,
        (EFFECT + "all",),
        ["update marts.mismatch_effects set holds = true where segment = 'all'", "delete from marts.stage_mismatches"],
    ),
    (
        "mismatch_effects",
        "no_effect_exceeds_the_people_in_dispute",
        1,
        2,
        (EFFECT + "all",),
        ["update marts.mismatch_effects set effect = 2 where segment = 'all'"],
    ),
    (
        "mismatch_effects",
        "no_disagreement_hides_below_a_total",
        1,
        2,
        (EFFECT + "lead_source/web",),
        ["update marts.mismatch_effects set warns = true where segment <> 'all'"],
    ),
    (
        "loads",
        "no_email_address_is_published",
        1,
        20,
        ("hash-94e1ab5f72a8 00:00:00",),  # printf map/j@x.com/2025-07-01 | sha256sum
        [LOADS.format("object = 'j@x.com'")],
    ),
    (
        "loads",
        "nothing_is_missing_of_what_a_source_says_it_has",
        1,
        2,
        ("map/people",),
        [LOADS.format("rows_held = 197")],
    ),
    (
        "loads",
        "no_sweep_finds_what_earlier_loads_have_missed",
        1,
        1,
        ("api/lead",),
        [BY_API, SWEPT.format("rows_missed = 1")],
    ),
    (
        "loads",
        "no_sweep_is_long_overdue",
        1,
        1,
        ("api/lead",),
        [BY_API, SWEPT.format("rows_missed = if(loaded_at < '2025-06-17', 0, null)")],
    ),
    (
        "extraction_windows",
        "no_email_address_is_published",
        1,
        10,
        ("map/people/2025-07-01 00:00:00/1",),
        [WINDOW.format("since = 'j@x.com'")],
    ),
    (
        "extraction_windows",
        "no_window_has_brought_less_than_its_source_counts",
        1,
        1,
        ("map/people/2025-07-01 00:00:00/1",),
        [WINDOW.format("rows_fetched = 199")],
    ),
    (
        "loads",
        "each_load_brings_about_as_many_rows_as_those_before",
        1,
        2,
        ("map/people",),
        [LOADS.format("rows_landed = 133")],
    ),
    (
        "loads",
        "each_export_is_as_fresh_as_it_used_to_be",
        1,
        2,
        ("map/people",),
        ["delete from marts.loads where system = 'map' and loaded_at > '2025-06-28'"],
    ),
    (
        "volumes_by_day",
        "no_email_address_is_published",
        1,
        1094,
        ("hash-16949fd970c5",),  # printf map/j@x.com/2025-06-30 | sha256sum
        ["update marts.volumes_by_day set kind = 'j@x.com' where system = 'map' and day = '2025-06-30'"],
    ),
    ("volumes_by_day", "no_volume_has_dropped_suddenly", 1, 2, ("map/people",), [VOLUMES.format(66)]),
    ("volumes_by_day", "no_volume_has_risen_suddenly", 1, 2, ("map/people",), [VOLUMES.format(151)]),
    ("volumes_by_day", "no_system_has_fallen_silent", 1, 2, ("map/people",), [SILENT.format(29)]),
    (
        "agreement_score",
        "no_email_address_is_published",
        1,
        39,
        ("hash-0ede81cd339f",),  # printf 2025-06-23/j@x.com | sha256sum
        ["update marts.agreement_score set cause = 'j@x.com' where cause = 'conflict' and week = '2025-06-23'"],
    ),
    ("agreement_score", "no_cause_of_disagreement_has_grown_suddenly", 1, 2, ("conflict",), [LOST.format(0.1)]),
]

# at the very limit: what is still allowed
ALLOWED = [
    ("loads", "nothing_is_missing_of_what_a_source_says_it_has", 0, [LOADS.format("rows_held = 198")]),
    (
        "loads",
        "nothing_is_missing_of_what_a_source_says_it_has",
        0,
        [LOADS.format("rows_held = 1, rows_at_source = null")],
    ),
    ("loads", "each_load_brings_about_as_many_rows_as_those_before", 0, [LOADS.format("rows_landed = 134")]),
    (
        "loads",
        "each_export_is_as_fresh_as_it_used_to_be",
        0,
        ["delete from marts.loads where system = 'map' and loaded_at > '2025-06-29'"],
    ),
    (
        "loads",
        "no_sweep_is_long_overdue",
        0,
        [BY_API, SWEPT.format("rows_missed = if(loaded_at <= '2025-06-17', 0, null)")],
    ),
    (
        "extraction_windows",
        "no_window_has_brought_less_than_its_source_counts",
        0,
        [WINDOW.format("rows_fetched = 201")],
    ),
    ("volumes_by_day", "no_volume_has_dropped_suddenly", 0, [VOLUMES.format(67)]),
    ("volumes_by_day", "no_volume_has_risen_suddenly", 0, [VOLUMES.format(150)]),
    ("volumes_by_day", "no_system_has_fallen_silent", 0, [SILENT.format(30)]),
    ("agreement_score", "no_cause_of_disagreement_has_grown_suddenly", 0, [LOST.format(0.07)]),
    (
        "people",
        "nobody_entered_a_stage_after_the_load",
        2,
        [PEOPLE.format("stage_entered_at = '2025-07-02 00:00:01'", "('p1', 'p2')")],
    ),
    (
        "people",
        "nobody_entered_a_stage_after_the_load",
        0,
        [PEOPLE.format("stage_entered_at = '2025-07-02 00:00'", "('p1', 'p2', 'p3')")],
    ),
    ("people", "no_email_address_is_published", 0, [PEOPLE.format("lead_source = '@acme campaign'", "('p1')")]),
    ("people", "nobody_runs_through_many_cycles", 0, [PEOPLE.format('"cycle" = 20', "('p9')")]),
    ("people", "the_systems_know_the_same_people", 0, ["update marts.people set map_system = null"]),
    ("person_records", "no_person_swallows_hundreds_of_records", 0, [MORE_RECORDS.format(498)]),
    ("opportunities", "most_opportunities_have_a_person", 0, ["delete from marts.people"]),
    (
        "opportunities",
        "opportunities_close_after_they_are_created",
        0,
        ["update marts.opportunities set closed_at = '2025-02-28 15:00' where is_closed"],
    ),
    (
        "stage_history",
        "no_entry_lies_after_the_load",
        0,
        [HISTORY.format("entered_at = '2030-01-01', transition = 'impossible'", "person_id = 'p3'")],
    ),
    (
        "stage_history",
        "few_entries_are_inferred",
        0,
        ["update marts.stage_history set entered_at_basis = 'inferred', source = null"],
    ),
    (
        "mismatch_effects",
        "every_count_has_an_effect",
        0,
        ["update marts.mismatch_effects set effect = null, metric = 'conversion_rates/cohort/mql-sal/rate'"],
    ),
    (
        "opportunity_people",
        "an_opportunity_has_one_primary_person",
        0,
        [
            "insert into marts.opportunity_people values"
            " ('crm', 'o1', 'p1', 'User', true), ('crm2', 'o1', 'p2', 'User', true)"
        ],
    ),
]


def check(warehouse, mart, name):
    """The result of one expectation."""
    (result,) = [result for result in expectations.audit(warehouse, mart).checks if result.name == name]
    return result


def test_a_healthy_warehouse_passes_every_expectation(warehouse):
    audits = expectations.audit_all(warehouse())
    assert [(c.mart, c.name, c.message) for a in audits.values() for c in a.checks if c.outcome != "passed"] == []
    assert list(audits) == expectations.suites()


@pytest.mark.parametrize(
    ("mart", "name", "failed", "checked", "ids", "changes"), VIOLATIONS, ids=[f"{v[0]}-{v[1]}" for v in VIOLATIONS]
)
def test_a_planted_violation_is_counted_and_named(warehouse, mart, name, failed, checked, ids, changes):
    result = check(warehouse(*changes), mart, name)
    assert (result.outcome, result.failed_count, result.checked_count, result.sample_ids) == (
        "failed",
        failed,
        checked,
        ids,
    )


@pytest.mark.parametrize(("mart", "name", "failed", "changes"), ALLOWED, ids=[f"{v[0]}-{v[1]}" for v in ALLOWED])
def test_what_lies_at_the_limit_is_allowed(warehouse, mart, name, failed, changes):
    result = check(warehouse(*changes), mart, name)
    assert (result.outcome, result.failed_count) == ("passed", failed)


def test_every_expectation_has_a_planted_violation():
    planted = {(mart, name) for mart, name, *_ in VIOLATIONS}
    assert planted == {(m, e.name) for m in expectations.suites() for e in expectations.expectations_of(m)}


def test_a_suite_is_the_module_named_as_its_mart():
    folder = Path(expectations.__file__).parent
    with_suite = {p.stem for p in folder.glob("*.py") if "SUITE = Suite(" in p.read_text()}
    assert with_suite == set(expectations.suites())


def test_no_rule_holds_a_colon_that_would_be_taken_for_a_parameter():
    for mart in expectations.suites():
        for expectation in expectations.expectations_of(mart):
            if expectation.kind == "rule":
                assert ":" not in "".join(str(part) for part in expectation.arguments.values()), expectation.name


def test_every_expectation_says_in_a_sentence_what_it_means():
    for mart in expectations.suites():
        for expectation in expectations.expectations_of(mart):
            assert expectation.meaning.endswith("."), expectation.name
            assert expectation.name == expectation.name.lower() and expectation.name.isidentifier()
