from datetime import datetime

import duckdb
import pytest

from orchestration.publishing.evidence import (
    Audit,
    Build,
    Needed,
    Node,
    forget,
    objections,
    record_audits,
    record_builds,
    record_load,
)

PEOPLE, FUNNEL, UNIQUE = "model.people", "model.funnel", "test.unique"
NEEDED = Needed(
    {
        PEOPLE: Node(PEOPLE, "people", "model"),
        UNIQUE: Node(UNIQUE, "people_are_unique", "test", (PEOPLE,)),
        FUNNEL: Node(FUNNEL, "funnel", "model", (PEOPLE,)),
    },
    ("people",),
)


def at(minute: int) -> datetime:
    return datetime(2025, 3, 1, 8, minute)


@pytest.fixture
def good():
    """people built at 8:01, its test at 8:02, its audit after, funnel at 8:04; nothing speaks against it."""
    connection = duckdb.connect()
    record_builds(
        connection,
        [
            Build(PEOPLE, "success", at(0), at(1)),
            Build(UNIQUE, "pass", at(1), at(2)),
            Build(FUNNEL, "success", at(3), at(4)),
        ],
    )
    record_audits(connection, "people", PEOPLE, [Audit("plausible", "passed", False), Audit("few", "failed", False)])
    return connection


def test_nothing_speaks_against_what_was_built_tested_and_audited_in_order(good):
    assert objections(good, NEEDED) == []


def test_what_was_built_before_its_raw_tables_were_loaded_again_is_refused():
    """Else a mart that is built alone would stand beside others of an earlier moment in one file."""
    raw, mart, other = "source.onefunnel.raw_agreement.terms", "model.definitions", "model.funnel"
    needed = Needed(
        {mart: Node(mart, "definitions", "model", (raw,)), other: Node(other, "funnel", "model", (raw,))},
    )
    connection = duckdb.connect()
    record_load(connection, ["raw_agreement.terms"], at(0))
    record_builds(connection, [Build(mart, "success", at(1), at(2)), Build(other, "success", at(1), at(2))])
    assert objections(connection, needed) == []
    record_load(connection, ["raw_agreement.terms"], at(3))
    record_builds(connection, [Build(mart, "success", at(4), at(5))])
    assert objections(connection, needed) == ["funnel is older than raw_agreement.terms, which it reads."]


def test_a_warehouse_that_nobody_built_is_refused():
    assert objections(duckdb.connect(), NEEDED) == [
        "people was not built since it last had to be.",
        "people_are_unique was not tested since it last had to be.",
        "funnel was not built since it last had to be.",
        "people was not audited since it was last built.",
    ]


def test_a_build_that_was_begun_and_never_ended_is_refused(good):
    """F2: kill -9 between the first and the last model of a step."""
    forget(good, [PEOPLE, UNIQUE])
    assert objections(good, NEEDED)[0] == "people was not built since it last had to be."


def test_a_failed_test_is_refused_also_when_a_later_partial_run_was_green(good):
    record_builds(good, [Build(UNIQUE, "fail", at(2), at(2))])
    record_builds(good, [Build(FUNNEL, "success", at(5), at(6))])
    assert objections(good, NEEDED) == ["people_are_unique: the test ended with fail."]


def test_a_report_older_than_the_mart_that_it_reads_is_refused(good):
    record_builds(good, [Build(PEOPLE, "success", at(5), at(6)), Build(UNIQUE, "pass", at(6), at(7))])
    record_audits(good, "people", PEOPLE, [Audit("plausible", "passed", False)])
    assert objections(good, NEEDED) == ["funnel is older than people, which it reads."]


def test_an_audit_of_an_earlier_build_is_no_audit(good):
    record_builds(good, [Build(PEOPLE, "success", at(5), at(6))])
    assert "people was not audited since it was last built." in objections(good, NEEDED)


@pytest.mark.parametrize(("outcome", "said"), [("failed", "failed"), ("could_not_run", "could not run")])
def test_a_check_that_failed_and_one_that_could_not_run_are_refused_and_differ(good, outcome, said):
    """F19."""
    record_audits(good, "people", PEOPLE, [Audit("plausible", outcome, True)])
    assert objections(good, NEEDED) == [f"people: the check plausible {said}."]


def test_a_skipped_model_is_refused(good):
    record_builds(good, [Build(FUNNEL, "skipped", None, None)])
    assert objections(good, NEEDED) == ["funnel: the build ended with skipped."]
