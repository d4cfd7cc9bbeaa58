"""Passed, failed, could not run: three states. What could not run blocks, and leaves nothing open."""

import subprocess
import sys

import duckdb
import pytest

import expectations
from expectations import validation


def outcomes(warehouse, mart):
    """Outcome by expectation."""
    return {check.name: check.outcome for check in expectations.audit(warehouse, mart).checks}


def messages(warehouse, mart):
    """The distinct messages of a mart's checks."""
    return {check.message for check in expectations.audit(warehouse, mart).checks}


def test_listing_the_suites_does_not_import_great_expectations():
    program = (
        "import sys, expectations as e; [e.expectations_of(mart) for mart in e.suites()];"
        "print({'great_expectations', 'sqlalchemy', 'pandas', 'dagster'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


@pytest.mark.parametrize("mart", expectations.suites())
def test_f19_no_check_of_a_missing_table_could_run(warehouse, mart):
    audit = expectations.audit(warehouse(f"drop table marts.{mart}"), mart)
    assert {(check.outcome, check.message) for check in audit.checks} == {
        ("could_not_run", f"could not run: the table marts.{mart} is missing")
    }
    assert [check.name for check in audit.checks] == [e.name for e in expectations.expectations_of(mart)]
    assert audit.blocks


@pytest.mark.parametrize(
    ("mart", "changes"),
    [
        ("stage_history", []),
        ("people", ["delete from marts.opportunities"]),
        ("opportunities", ["delete from marts.people"]),
        ("person_records", []),
        ("loads", []),
        ("volumes_by_day", []),
    ],
)
def test_f19_no_check_of_a_table_that_is_empty_without_reason_could_run(warehouse, mart, changes):
    found = messages(warehouse(f"delete from marts.{mart}", *changes), mart)
    assert found == {f"could not run: the table marts.{mart} is empty"}


@pytest.mark.parametrize(
    ("mart", "changes"),
    [
        ("people", []),  # a CRM of which only the opportunities are connected
        ("person_records", ["delete from marts.people"]),
        ("opportunities", []),  # a MAP alone
        ("accounts", []),
        ("opportunity_people", []),
        ("stage_mismatches", []),
        ("mismatch_effects", []),
        ("agreement_score", []),
        ("extraction_windows", []),  # only exports are connected
        ("volumes_by_day", ["delete from marts.stage_history"]),
    ],
)
def test_a_table_that_is_empty_with_reason_passes(warehouse, mart, changes):
    audit = expectations.audit(warehouse(f"delete from marts.{mart}", *changes), mart)
    assert {check.outcome for check in audit.checks} == {"passed"}


def test_a_missing_column_stops_the_checks_that_need_it_and_no_other(warehouse):
    path = warehouse("alter table marts.stage_history drop column left_at")
    stopped = {name for name, outcome in outcomes(path, "stage_history").items() if outcome != "passed"}
    assert stopped == {"stages_are_left_after_they_are_entered"}
    assert outcomes(path, "stage_history")["stages_are_left_after_they_are_entered"] == "could_not_run"


def test_a_missing_column_in_a_rule_is_told_by_name(warehouse):
    path = warehouse("alter table marts.opportunities drop column amount")
    stopped = {c.name: c.message for c in expectations.audit(path, "opportunities").checks if c.outcome != "passed"}
    assert set(stopped) == {
        "won_amounts_are_not_negative",
        "won_opportunities_have_an_amount",
        "no_won_amount_dwarfs_the_others",
    }
    assert all('"amount"' in message for message in stopped.values())


@pytest.mark.parametrize("change", ["delete from intermediate.int_clock", "drop table intermediate.int_clock"])
def test_without_a_clock_no_check_of_a_time_passes(warehouse, change):
    found = outcomes(warehouse(change), "people")
    stopped = {name for name, outcome in found.items() if outcome == "could_not_run"}
    assert stopped == {"nobody_entered_a_stage_after_the_load", "nobody_was_created_after_the_load"}
    assert {outcome for name, outcome in found.items() if name not in stopped} == {"passed"}


def test_a_missing_warehouse_could_not_be_audited(tmp_path):
    audits = expectations.audit_all(tmp_path / "none.duckdb")
    assert {check.outcome for audit in audits.values() for check in audit.checks} == {"could_not_run"}
    assert not (tmp_path / "none.duckdb").exists()


def test_f19_a_check_that_raises_could_not_run_and_stops_no_other(warehouse, monkeypatch):
    ask = validation.validate

    def raise_at_cycles(batch, suite, expectation):
        if expectation.name == "nobody_runs_through_many_cycles":
            raise RuntimeError("the engine is gone\nTraceback …")
        return ask(batch, suite, expectation)

    monkeypatch.setattr(validation, "validate", raise_at_cycles)
    checks = {check.name: check for check in expectations.audit(warehouse(), "people").checks}
    stopped = checks.pop("nobody_runs_through_many_cycles")
    assert (stopped.outcome, stopped.message) == ("could_not_run", "could not run: the engine is gone")
    assert {check.outcome for check in checks.values()} == {"passed"}


@pytest.mark.parametrize("answer", [{"success": True}, {"success": True, "result": {}}, {"success": None}])
def test_f19_a_check_that_yields_nothing_could_not_run(warehouse, monkeypatch, answer):
    monkeypatch.setattr(validation.ExpectRowsToSatisfyRule, "_validate", lambda self, *_, **__: answer)
    found = outcomes(warehouse(), "stage_history")
    assert found.pop("stages_are_left_after_they_are_entered") == "passed"  # a standard expectation, not broken here
    assert set(found.values()) == {"could_not_run"}


def test_an_error_and_what_could_not_run_block_and_a_warning_does_not(warehouse):
    warned = expectations.audit(warehouse('update marts.people set "cycle" = 21', name="warned.duckdb"), "people")
    failed = expectations.audit(warehouse("update marts.people set lead_source = 'j@x.com'"), "people")
    broken = expectations.audit(
        warehouse('alter table marts.people drop column "cycle"', name="broken.duckdb"), "people"
    )
    assert [check.outcome for check in warned.checks if check.outcome != "passed"] == ["failed"]
    assert (warned.blocks, failed.blocks, broken.blocks) == (False, True, True)


def test_no_result_carries_an_email_address_even_where_it_is_an_id(warehouse):
    path = warehouse(
        "update marts.opportunities set opportunity_id = 'Jane@x.com', amount = -1 where opportunity_id = 'o1'",
        "alter table marts.opportunities alter column closed_at type varchar",
        "update marts.opportunities set closed_at = 'jane@x.com' where is_won",
    )
    results = expectations.audit(path, "opportunities").checks
    assert "could_not_run" in {check.outcome for check in results}
    assert "failed" in {check.outcome for check in results}
    assert not [check for check in results if "@" in repr(check)]
    (negative,) = [check for check in results if check.name == "won_amounts_are_not_negative"]
    assert negative.sample_ids == ("hash-23ffa8a6cf76",)  # printf jane@x.com | sha256sum


def test_an_email_address_fails_unless_personal_data_is_published_on_purpose(warehouse):
    file = warehouse("update marts.people set owner_id = 'canary@acme.example'")
    audits = [expectations.audit(file, "people", personal_data=allowed) for allowed in (False, True)]
    found = [check for one in audits for check in one.checks if check.name == "no_email_address_is_published"]
    assert [check.outcome for check in found] == ["failed", "passed"]
    assert "on purpose" in found[1].message


def test_the_file_can_be_written_by_another_process_right_after(warehouse):
    path = warehouse("drop table marts.accounts", 'alter table marts.people drop column "cycle"')
    expectations.audit_all(path)
    program = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table written as select 1')"
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == 0


def test_the_file_can_be_written_by_this_process_right_after(warehouse):
    path = warehouse()
    expectations.audit(path, "people")
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table written as select 1")


def test_while_this_process_writes_the_audit_could_not_run(warehouse):
    path = warehouse()
    with duckdb.connect(str(path)):
        assert set(outcomes(path, "people").values()) == {"could_not_run"}
    assert set(outcomes(path, "people").values()) == {"passed"}


def test_what_was_written_since_is_audited(warehouse):
    path = warehouse()
    assert outcomes(path, "people")["nobody_runs_through_many_cycles"] == "passed"
    with duckdb.connect(str(path)) as connection:
        connection.execute('update marts.people set "cycle" = 21')
    assert outcomes(path, "people")["nobody_runs_through_many_cycles"] == "failed"


@pytest.mark.parametrize("name", ["with a space.duckdb", "$HOME %20 ?#@.duckdb", "straße.duckdb"])
def test_any_path_will_do(warehouse, name):
    assert set(outcomes(warehouse(name=name), "accounts").values()) == {"passed"}


def test_an_audit_is_silent(warehouse, capfd, recwarn):
    expectations.audit_all(warehouse())
    assert capfd.readouterr() == ("", "")
    assert list(recwarn) == []


def test_only_the_marts_asked_for_are_audited(warehouse):
    assert list(expectations.audit_all(warehouse(), ["accounts", "people"])) == ["accounts", "people"]
