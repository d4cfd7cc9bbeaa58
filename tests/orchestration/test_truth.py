import json

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration import truth
from orchestration.cli import app
from orchestration.truth.scores import score

PEOPLE = "create table people (person_id varchar, crm_lead_id varchar, crm_contact_id varchar, map_record_id bigint)"
FAULTS = "create table faults (person_id varchar, cause varchar, is_open boolean)"


@pytest.fixture
def scored(tmp_path):
    """Scores of `told` (person, cause) against `planted` (true person, cause, is_open); t1's records are of p1, …"""

    def score_them(told: list[tuple], planted: list[tuple]) -> dict[str, truth.Score]:
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
            con.execute("create schema marts")
            con.execute("create table marts.person_records (person_id varchar, record_id varchar)")
            con.executemany(
                "insert into marts.person_records values (?, ?)",
                [(f"p{number}", record) for number in range(1, 9) for record in (f"lead{number}", f"{number}")],
            )
            con.execute("create table marts.stage_mismatches (person_id varchar, cause varchar, evidence varchar)")
            con.executemany("insert into marts.stage_mismatches values (?, ?, ?)", [(*row, "")[:3] for row in told])
        with duckdb.connect() as con:
            con.execute(PEOPLE)
            con.executemany(
                "insert into people values (?, ?, null, ?)", [(f"t{n}", f"lead{n}", n) for n in range(1, 9)]
            )
            con.execute(FAULTS)
            con.executemany("insert into faults values (?, ?, ?)", [("t8", None, False), *planted])
            for table in ("people", "faults"):
                con.execute(f"copy {table} to '{tmp_path / table}.parquet'")
        return {found.cause: found for found in score("hubspot", 1, tmp_path / "warehouse.duckdb", tmp_path)}

    return score_them


def test_a_cause_is_told_precisely_as_far_as_those_told_were_planted_with_it_and_completely_as_far_as_those_planted_are(
    scored,
):
    told = [("p1", "not_synced"), ("p2", "not_synced"), ("p3", "not_synced"), ("p4", "conflict")]
    planted = [("t1", "not_synced", True), ("t4", "not_synced", True), ("t5", "not_synced", True)]
    planted += [("t6", "not_synced", False)]
    scores = scored(told, planted)
    found = scores["not_synced"]
    assert (found.planted, found.told, found.found) == (3, 3, 1)
    assert (found.precision, found.recall) == (1 / 3, 1 / 3)
    assert list(scores) == list(truth.CAUSES)


def test_a_cause_that_is_told_of_nobody_who_was_planted_shows_and_one_of_which_nothing_was_said_has_no_rate(scored):
    scores = scored([("p1", "account_push"), ("p2", "a_word_of_its_own")], [("t3", "conflict", True)])
    assert (scores["account_push"].precision, scores["account_push"].recall) == (0.0, None)
    assert (scores["conflict"].precision, scores["conflict"].recall) == (0.0, 0.0)
    assert (scores["forward_only"].precision, scores["forward_only"].recall) == (None, None)
    assert scores["a_word_of_its_own"].precision == 0.0


def test_those_whom_no_history_can_tell_apart_are_neither_missed_nor_wrong_but_counted_apart(scored):
    unclear = "insufficient: the history begins too late"
    told = [("p1", "conflict", unclear), ("p2", "conflict", "both histories"), ("p3", "conflict", unclear)]
    told += [("p4", "conflict", unclear)]
    planted = [("t1", "not_synced", True), ("t2", "conflict", True), ("t3", "conversion_gap", True)]
    scores = scored(told, planted)
    assert (scores["not_synced"].planted, scores["conflict"].precision, scores["conversion_gap"].recall) == (0, 1, 0)
    apart = scores["insufficient"]
    assert (apart.planted, apart.told, apart.found, apart.precision, apart.recall) == (1, 3, 1, 1 / 3, None)


def test_over_all_seeds_a_cause_is_proven_by_its_people_not_by_the_mean_of_its_seeds():
    good = [truth.Score("hubspot", seed, "conflict", 100, 100, 100) for seed in range(3)]
    short = truth.Score("hubspot", 9, "conflict", 2, 2, 1)
    (total,) = truth.over_all_seeds([*good, short])
    assert (total.seed, total.planted, total.precision) == (None, 302, 301 / 302)
    assert truth.is_proven([*good, short])
    assert not truth.is_proven([*good, short, truth.Score("hubspot", 9, "forward_only", 2, 2, 1)])
    assert not truth.is_proven([*good, truth.Score("hubspot", 4, "conflict", 0, 5, 0)])
    assert truth.is_proven([truth.Score("hubspot", 1, "conflict", 0, 0, 0)])


def test_rates_are_the_samples_none_one_for_all_or_by_name():
    assert truth.rates_of("hubspot", "sample") is None
    assert truth.rates_of("hubspot", "none") == {}
    assert truth.rates_of("hubspot", "conflict=0.1, not_synced=0.2") == {"conflict": 0.1, "not_synced": 0.2}
    one = truth.rates_of("hubspot", "0.05 conflict=0")
    assert one["conflict"] == 0 and one["deleted_deal_stage"] == 0.05 and "missing_record" not in one
    for wrong in ("much", "conflict=2", "conflict=-0.1"):
        with pytest.raises(ValueError, match="rate"):
            truth.rates_of("hubspot", wrong)


def test_what_no_company_has_is_said_in_one_line_and_nothing_is_left(data_dir):
    for words in (["--faults", "typo=0.1"], ["--seeds", "one"], ["--seeds", ""]):
        said = CliRunner().invoke(app, ["truth", "--people", "30", *words])
        assert said.exit_code == 1 and "Failed." in said.output and "Traceback" not in said.output
    assert not {path.name for path in data_dir.iterdir()} & {"truth", "truth.json"}


def test_the_command_holds_a_company_against_its_truth_and_keeps_every_number(data_dir):
    said = CliRunner().invoke(app, ["truth", "--seeds", "4", "--people", "250", "--faults", "unmapped_value=0.2"])
    assert said.exit_code == 0, said.output
    assert "unmapped_value" in said.output
    rows = json.loads((data_dir / "truth.json").read_text())
    assert [row["cause"] for row in rows] == list(truth.CAUSES)
    assert all(list(row) == ["pair", "seed", "cause", "planted", "found", "precision", "recall"] for row in rows)
    (unmapped,) = [row for row in rows if row["planted"]]
    assert unmapped["planted"] == unmapped["found"] >= 3
    assert unmapped | {"planted": 0, "found": 0} == {
        "pair": "salesforce-marketo", "seed": 4, "cause": "unmapped_value", "planted": 0, "found": 0,
        "precision": 1.0, "recall": 1.0,
    }  # fmt: skip
    assert {row["precision"] for row in rows if not row["planted"]} == {None}
    assert list((data_dir / "truth").iterdir()) == []
