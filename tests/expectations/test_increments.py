"""Loads that ask for what is new: judged week with week; what was missed is told until it is made good."""

from itertools import count

import pytest
from healthy import BY_API

import expectations

BROUGHT = ("loads", "each_load_brings_about_as_many_rows_as_those_before")
COUNTED = ("loads", "nothing_is_missing_of_what_a_source_says_it_has")
MISSED = ("loads", "no_sweep_finds_what_earlier_loads_have_missed")
WINDOWS = ("extraction_windows", "no_window_has_brought_less_than_its_source_counts")
ONLY_BY_API = "delete from marts.loads where system <> 'api'"
API = "update marts.loads set {} where system = 'api' and {}"
ALL_OF_IT = "rows_landed = 9500, is_increment = false, rows_missed = null, sweep_every_days = null"


def check(warehouse, mart, name):
    """The result of one expectation."""
    (result,) = [result for result in expectations.audit(warehouse, mart).checks if result.name == name]
    return result


@pytest.fixture
def asked(warehouse):
    """The result of one expectation where only one system is connected, by its API, after these changes."""

    names = (f"{number}.duckdb" for number in count())

    def ask(rule, *changes):
        return check(warehouse(BY_API, ONLY_BY_API, *changes, name=next(names)), *rule)

    return ask


@pytest.mark.parametrize("last", range(24, 31))
def test_on_no_day_of_the_week_is_a_weekend_a_cut(asked, last):
    later = f"delete from marts.loads where loaded_at > '2025-06-{last}'"
    result = asked(BROUGHT, later, API.format("is_latest = true", f"loaded_at = '2025-06-{last}'"))
    assert (result.outcome, result.checked_count) == ("passed", 1)


def test_a_week_that_brings_half_of_what_weeks_bring_is_told_in_words(asked):
    result = asked(BROUGHT, API.format("rows_landed = rows_landed / 2", "loaded_at > '2025-06-24'"))
    assert (result.outcome, result.sample_ids, result.blocks) == ("failed", ("api/lead",), False)
    assert "api/lead: 250.0 rows in seven days, usually 500.0" in result.message


def test_what_piled_up_while_nothing_was_loaded_is_neither_much_nor_little(asked):
    silent = "loaded_at between '2025-06-15' and '2025-06-27'"
    piled = API.format("rows_landed = 900", "loaded_at = '2025-06-28'")
    result = asked(BROUGHT, f"delete from marts.loads where {silent}", piled)
    assert (result.outcome, result.checked_count) == ("passed", 1)
    lost = API.format("rows_landed = 100", "loaded_at = '2025-06-28'")
    assert asked(BROUGHT, f"delete from marts.loads where {silent}", lost).outcome == "failed"


def test_an_import_or_a_mass_edit_is_no_alarm(asked):
    assert asked(BROUGHT, API.format("rows_landed = 9000", "loaded_at = '2025-06-28'")).outcome == "passed"


def test_a_load_of_everything_is_compared_with_such_loads_alone(asked):
    again = asked(BROUGHT, API.format(ALL_OF_IT, "loaded_at = '2025-06-27'"))
    assert (again.outcome, again.checked_count) == ("passed", 1)
    latest = asked(BROUGHT, API.format(ALL_OF_IT, "is_latest"))
    assert (latest.outcome, latest.checked_count) == ("passed", 0)


def test_a_quiet_day_after_all_was_asked_for_is_no_quiet_week(asked):
    silent = "delete from marts.loads where loaded_at between '2025-06-15' and '2025-06-29'"
    again, quiet = API.format(ALL_OF_IT, "loaded_at = '2025-06-30'"), API.format("rows_landed = 1", "is_latest")
    result = asked(BROUGHT, silent, again, quiet)
    assert (result.outcome, result.checked_count) == ("passed", 0)


def test_what_a_source_has_counted_holds_until_it_counts_again_or_all_was_asked_for(asked):
    too_few = API.format("rows_at_source = 10000", "loaded_at = '2025-06-24'")
    result = asked(COUNTED, too_few)
    assert "api/lead: 500 of the 10000 that it has are missing here" in result.message and result.blocks
    assert asked(COUNTED, too_few, API.format("rows_at_source = 9500", "is_latest")).outcome == "passed"
    assert asked(COUNTED, too_few, API.format(ALL_OF_IT, "is_latest")).outcome == "passed"


def test_what_a_sweep_found_is_told_until_one_finds_nothing_and_holds_nothing_back(asked):
    found = API.format("rows_missed = 3", "loaded_at = '2025-06-24'")
    assert asked(MISSED, found).outcome == "passed"
    result = asked(MISSED, found, API.format("rows_missed = null", "is_latest"))
    assert "api/lead: 3 records came only when all ids were compared" in result.message
    assert (result.outcome, result.blocks) == ("failed", False)
    assert asked(MISSED, found, API.format(ALL_OF_IT, "is_latest")).outcome == "passed"


@pytest.mark.parametrize(
    ("loaded_on", "made_good_by", "outcome"),
    [
        ("2025-06-26", "rows_missed = null", "failed"),
        ("2025-06-26", "rows_missed = 1", "passed"),  # of the sweep on 1 July
        ("2025-06-26", ALL_OF_IT, "passed"),
        ("2025-07-01", "rows_missed = 1", "passed"),  # the sweep comes after the windows
        ("2025-07-01", ALL_OF_IT, "failed"),  # it is of that very load
    ],
)
def test_a_window_that_lacks_records_stops_the_publication_until_they_were_looked_for(
    asked, loaded_on, made_good_by, outcome
):
    window = f"insert into marts.extraction_windows values ('api', 'lead', '{loaded_on}', 2, '1', '2', 70, 69, false)"
    result = asked(WINDOWS, window, API.format(made_good_by, "is_latest"))
    assert (result.outcome, result.blocks) == (outcome, outcome == "failed")
    assert ("api/lead/" in result.message) == (outcome == "failed")
