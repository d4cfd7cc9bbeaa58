"""What is unusual is judged by the own past: a new company is asked nothing, a yearly holiday is no drop."""

import pytest

import expectations

EVERY_DAY = "update marts.volumes_by_day set volume = {} where system = 'map' and day between '{}' and '{}'"
LAST_WEEK = ("2025-06-23", "2025-06-29")
PAST_RULES = [
    ("volumes_by_day", "no_volume_has_dropped_suddenly"),
    ("volumes_by_day", "no_volume_has_risen_suddenly"),
    ("volumes_by_day", "no_system_has_fallen_silent"),
    ("loads", "each_load_brings_about_as_many_rows_as_those_before"),
    ("loads", "each_export_is_as_fresh_as_it_used_to_be"),
    ("agreement_score", "no_cause_of_disagreement_has_grown_suddenly"),
]
THREE_WEEKS = (
    "delete from marts.volumes_by_day where day < '2025-06-11'",
    "delete from marts.loads where loaded_at < '2025-06-29'",
    "delete from marts.agreement_score where week < '2025-06-09'",
)


def check(warehouse, mart, name):
    """The result of one expectation."""
    (result,) = [result for result in expectations.audit(warehouse, mart).checks if result.name == name]
    return result


@pytest.mark.parametrize(("mart", "name"), PAST_RULES)
def test_a_company_of_three_weeks_is_asked_nothing(warehouse, mart, name):
    result = check(warehouse(*THREE_WEEKS), mart, name)
    assert (result.outcome, result.checked_count) == ("passed", 0)


@pytest.mark.parametrize(("mart", "name"), PAST_RULES)
def test_a_company_with_a_past_is_asked(warehouse, mart, name):
    result = check(warehouse(), mart, name)
    assert (result.outcome, result.checked_count) == ("passed", 2)


def test_half_of_last_weeks_rows_is_a_drop_and_is_said_in_words(warehouse):
    result = check(warehouse(EVERY_DAY.format(50, *LAST_WEEK)), *PAST_RULES[0])
    assert (result.outcome, result.sample_ids) == ("failed", ("map/people",))
    assert "map/people: 350 in the week of 2025-06-23, usually 700" in result.message


def test_a_holiday_of_last_year_is_none_this_year(warehouse):
    quiet = EVERY_DAY.format(50, *LAST_WEEK)
    a_year_ago = EVERY_DAY.format(50, "2024-06-24", "2024-06-30")
    assert check(warehouse(quiet, a_year_ago), *PAST_RULES[0]).outcome == "passed"


def test_weekends_and_the_week_in_which_the_export_ends_are_no_drop(warehouse):
    path = warehouse(
        "delete from marts.volumes_by_day where dayofweek(day) in (0, 6)",
        "update marts.volumes_by_day set volume = 1 where day = '2025-06-30'",
    )
    assert {check(path, *rule).outcome for rule in PAST_RULES[:3]} == {"passed"}


def test_an_export_frozen_two_weeks_ago_is_a_silence(warehouse):
    result = check(
        warehouse("delete from marts.volumes_by_day where system = 'crm' and day >= '2025-06-17'"), *PAST_RULES[2]
    )
    assert (result.outcome, result.sample_ids) == ("failed", ("crm/people",))
    assert "15 days of silence, never more than 1 in the year before" in result.message


def test_a_monthly_import_is_no_rise_once_it_has_been_seen(warehouse):
    imported = EVERY_DAY.format(200, *LAST_WEEK)
    last_month = EVERY_DAY.format(200, "2025-05-26", "2025-06-01")
    assert check(warehouse(imported, name="first.duckdb"), *PAST_RULES[1]).outcome == "failed"
    assert check(warehouse(imported, last_month), *PAST_RULES[1]).outcome == "passed"


def test_few_rows_may_vary_as_chance_has_them_vary(warehouse):
    rare = "update marts.volumes_by_day set volume = 1 where system = 'map'"
    assert check(warehouse(rare, EVERY_DAY.format(0, *LAST_WEEK)), *PAST_RULES[0]).outcome == "passed"


def test_a_source_says_how_many_of_its_rows_are_missing(warehouse):
    path = warehouse("update marts.loads set rows_held = 100 where system = 'map' and is_latest")
    result = check(path, "loads", "nothing_is_missing_of_what_a_source_says_it_has")
    assert result.blocks
    assert "map/people: 100 of the 200 that it has are missing here" in result.message


def test_f19_without_a_clock_no_freshness_is_judged(warehouse):
    result = check(warehouse("delete from intermediate.int_clock"), *PAST_RULES[4])
    assert result.outcome == "could_not_run"
