"""The queue of mismatches: what its states mean, and what becomes of it when something goes wrong."""

import os
import shutil
import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest
from triages import decided, fingerprint, history, mismatch, observe, opened, states
from warehouses import make_warehouse, rows

from orchestration.publishing.publication import PublishingError, publish
from orchestration.triage import queue
from orchestration.triage.store import TriageError

MONDAY = datetime(2025, 3, 3, 9)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3))
ADA, BOB = mismatch("ada"), mismatch("bob")


def test_a_mismatch_is_new_and_its_row_says_who_when_and_what(tmp_path):
    assert observe(tmp_path, MONDAY, [ADA]) == [
        {
            "fingerprint": fingerprint("ada"),
            "mismatch_id": "m-ada",
            "person_id": "ada",
            "state": "new",
            "first_seen_at": datetime(2025, 2, 2),
            "last_seen_at": MONDAY,
            "resolved_at": None,
            "reopened_count": 0,
            "snoozed_until": None,
            "changed_at": MONDAY,
            "changed_by": None,
            "note": None,
            "cause": "not_synced",
            "severity": "medium",
            "owner_team": "sales_ops",
            "work_item_id": "w1",
            "parted_at": datetime(2025, 2, 1),
        }
    ]


def test_the_same_data_told_again_changes_nothing_but_when_it_was_last_seen(tmp_path):
    first = observe(tmp_path, MONDAY, [ADA, BOB])
    again = observe(tmp_path, TUESDAY, [ADA, BOB])
    assert again == [row | {"last_seen_at": TUESDAY} for row in first]
    assert history(tmp_path, fingerprint("ada")) == [("new", "appeared", None)]


def test_what_is_not_there_any_more_is_resolved_by_itself_and_what_comes_back_is_new_and_counted(tmp_path):
    observe(tmp_path, MONDAY, [ADA, BOB])
    (ada,) = (row for row in observe(tmp_path, TUESDAY, [BOB]) if row["person_id"] == "ada")
    assert (ada["state"], ada["resolved_at"], ada["mismatch_id"], ada["last_seen_at"]) == (
        "resolved",
        TUESDAY,
        None,
        MONDAY,
    )
    (ada,) = (row for row in observe(tmp_path, WEDNESDAY, [ADA]) if row["person_id"] == "ada")
    assert (ada["state"], ada["resolved_at"], ada["reopened_count"], ada["mismatch_id"]) == ("new", None, 1, "m-ada")
    assert ada["first_seen_at"] == datetime(2025, 2, 2)
    assert history(tmp_path, fingerprint("ada")) == [
        ("new", "appeared", None),
        ("resolved", "the systems agree", None),
        ("new", "came back", None),
    ]


def test_a_snooze_lasts_until_its_end_and_then_the_mismatch_is_new_again(tmp_path):
    observe(tmp_path, MONDAY, [ADA])
    assert decided(tmp_path, MONDAY, "snoozed", ADA, snoozed_until=WEDNESDAY) == 1
    (ada,) = observe(tmp_path, TUESDAY, [ADA | {"crm_value": "Nurture"}])
    assert (ada["state"], ada["snoozed_until"]) == ("snoozed", WEDNESDAY)
    (ada,) = observe(tmp_path, WEDNESDAY, [ADA])
    assert (ada["state"], ada["snoozed_until"], ada["reopened_count"]) == ("new", None, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"cause": "conflict"},
        {"crm_value": "Nurture"},
        {"map_value": None},
        {"parted_at": datetime(2025, 2, 20)},
        {"severity": "high"},
    ],
)
def test_an_acknowledgement_that_the_data_contradicts_reopens(tmp_path, change):
    observe(tmp_path, MONDAY, [ADA])
    decided(tmp_path, MONDAY, "acknowledged", ADA)
    assert states(observe(tmp_path, TUESDAY, [ADA])) == {"ada": "acknowledged"}
    (ada,) = observe(tmp_path, WEDNESDAY, [ADA | change])
    assert (ada["state"], ada["reopened_count"]) == ("new", 1)
    assert states(observe(tmp_path, THURSDAY, [ADA | change])) == {"ada": "new"}


@pytest.mark.parametrize("change", [{"severity": "low"}, {"owner_team": "marketing_ops"}, {"work_item_id": "w2"}])
def test_an_acknowledgement_holds_while_what_was_acknowledged_is_the_same(tmp_path, change):
    observe(tmp_path, MONDAY, [ADA])
    decided(tmp_path, MONDAY, "acknowledged", ADA)
    assert states(observe(tmp_path, TUESDAY, [ADA | change])) == {"ada": "acknowledged"}
    assert states(observe(tmp_path, WEDNESDAY, [ADA])) == {"ada": "acknowledged"}


def test_what_is_said_to_be_mended_reopens_with_the_first_later_load_that_still_shows_it(tmp_path):
    observe(tmp_path, MONDAY, [ADA, BOB])
    decided(tmp_path, TUESDAY, "acknowledged", ADA, is_mended=True)
    decided(tmp_path, TUESDAY, "acknowledged", BOB)
    still = observe(tmp_path, WEDNESDAY, [ADA, BOB], as_of=MONDAY)
    assert states(still) == {"ada": "acknowledged", "bob": "acknowledged"}
    later = observe(tmp_path, THURSDAY, [ADA, BOB], as_of=WEDNESDAY)
    assert states(later) == {"ada": "new", "bob": "acknowledged"}
    assert history(tmp_path, fingerprint("ada"))[1:] == [
        ("acknowledged", "said to be mended", "ada"),
        ("new", "is not mended", None),
    ]


def test_a_decision_about_what_was_resolved_meanwhile_changes_nothing(tmp_path):
    observe(tmp_path, MONDAY, [ADA, BOB])
    observe(tmp_path, TUESDAY, [BOB])
    assert decided(tmp_path, WEDNESDAY, "acknowledged", ADA, BOB) == 1
    assert states(observe(tmp_path, THURSDAY, [BOB])) == {"ada": "resolved", "bob": "acknowledged"}


def test_a_person_whose_id_changes_keeps_the_row_with_all_that_was_said_of_it(tmp_path):
    observe(tmp_path, MONDAY, [ADA])
    decided(tmp_path, MONDAY, "acknowledged", ADA, note="asked Bea")
    moves = [("ada", "eve", "salesforce", "00Q1", TUESDAY)]
    (row,) = observe(tmp_path, TUESDAY, [ADA | {"person_id": "eve"}], moves=moves, personal_data=True)
    assert (row["fingerprint"], row["person_id"], row["state"]) == (fingerprint("ada"), "eve", "acknowledged")
    assert (row["changed_by"], row["note"]) == ("ada", "asked Bea")
    (row,) = observe(tmp_path, WEDNESDAY, [ADA | {"person_id": "eve"}])
    assert (row["fingerprint"], row["person_id"], row["state"]) == (fingerprint("ada"), "eve", "acknowledged")


def test_of_two_people_who_become_one_the_row_of_the_one_who_stays_goes_on_and_the_other_is_resolved(tmp_path):
    observe(tmp_path, MONDAY, [ADA, BOB])
    moves = [("bob", "ada", "salesforce", "00Q2", TUESDAY)]
    merged = observe(tmp_path, TUESDAY, [ADA], moves=moves)
    assert states(merged) == {"ada": "new", "bob": "resolved"}
    apart = observe(tmp_path, WEDNESDAY, [ADA, BOB], moves=[*moves, ("ada", "bob", "salesforce", "00Q2", WEDNESDAY)])
    assert {(row["person_id"], row["fingerprint"], row["state"]) for row in apart} == {
        ("ada", fingerprint("ada"), "new"),
        ("bob", fingerprint("bob"), "new"),
    }


def test_a_record_that_leaves_somebody_who_stays_takes_no_row_with_it(tmp_path):
    observe(tmp_path, MONDAY, [ADA])
    moves = [("ada", "eve", "salesforce", "00Q1", TUESDAY)]
    apart = observe(tmp_path, TUESDAY, [ADA | {"person_id": "eve"}], people=["ada", "eve"], moves=moves)
    assert {row["fingerprint"]: row["state"] for row in apart} == {
        fingerprint("ada"): "resolved",
        fingerprint("eve"): "new",
    }


def test_who_and_why_leave_the_house_only_with_personal_data(tmp_path):
    observe(tmp_path, MONDAY, [ADA])
    decided(tmp_path, MONDAY, "acknowledged", ADA, note="Bea has it")
    (kept,) = observe(tmp_path, TUESDAY, [ADA])
    (told,) = observe(tmp_path, TUESDAY, [ADA], personal_data=True)
    assert (kept["changed_by"], kept["note"], kept["state"]) == (None, None, "acknowledged")
    assert (told["changed_by"], told["note"]) == ("ada", "Bea has it")


def published(data, moment=MONDAY, **said):
    return publish(make_warehouse(data / "warehouse.duckdb", **said), data, moment.replace(tzinfo=UTC))


def test_publishing_writes_the_queue_into_the_file_and_its_parquet_twin(tmp_path):
    file = published(tmp_path, mismatches=2).file
    assert rows(file, "select person_id, state from mismatch_incidents order by 1") == [("p0", "new"), ("p1", "new")]
    twin = tmp_path / "published" / "parquet" / "mismatch_incidents.parquet"
    assert rows(file, f"select count(*) from '{twin}'") == [(2,)]


def test_the_published_table_says_its_grain_and_what_each_column_means(tmp_path):
    file = published(tmp_path).file
    ((grain,),) = rows(file, "select comment from duckdb_tables() where table_name = 'mismatch_incidents'")
    assert grain.startswith("One row per person and pair of systems")
    undescribed = "select column_name from duckdb_columns() where table_name = 'mismatch_incidents' and comment is null"
    assert rows(file, undescribed) == []


def test_a_replay_does_not_touch_the_queue(tmp_path):
    published(tmp_path, mismatches=2)
    warehouse = make_warehouse(tmp_path / "other.duckdb", mismatches=0)
    file = publish(warehouse, tmp_path, TUESDAY.replace(tzinfo=UTC), beside="known/then").file
    assert not rows(file, "select 1 from duckdb_tables() where table_name = 'mismatch_incidents'")
    assert rows(published(tmp_path, WEDNESDAY, mismatches=2).file, "select distinct state from mismatch_incidents") == [
        ("new",)
    ]


def test_a_queue_that_was_deleted_begins_anew_with_what_the_mismatches_know_of_themselves(tmp_path):
    published(tmp_path)
    for file in tmp_path.glob("triage.sqlite*"):
        file.unlink()
    file = published(tmp_path, THURSDAY).file
    assert rows(file, "select state, first_seen_at from mismatch_incidents") == [("new", datetime(2025, 2, 2))]


def garbled(file):
    file.write_bytes(b"no database" * 1000)


def torn(file):
    with sqlite3.connect(file) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    os.truncate(file, file.stat().st_size - 4096)


def of_a_newer_release(file):
    with sqlite3.connect(file) as connection:
        connection.execute("pragma user_version = 99")


@pytest.mark.parametrize(
    ("harm", "advice"),
    [
        (garbled, "put it back from a backup"),
        (torn, "put it back from a backup"),
        (of_a_newer_release, "upgrade OneFunnel"),
    ],
)
def test_a_queue_that_cannot_be_used_stops_the_publication_and_says_what_to_do(tmp_path, harm, advice):
    before = published(tmp_path, mismatches=3).file.read_bytes()
    harm(tmp_path / "triage.sqlite")
    with pytest.raises(PublishingError, match=advice) as refused:
        published(tmp_path, TUESDAY, mismatches=4)
    assert "triage.sqlite" in str(refused.value) and "still stands" in str(refused.value)
    assert (tmp_path / "published" / "onefunnel.duckdb").read_bytes() == before


def test_a_queue_that_somebody_holds_too_long_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("orchestration.triage.store.PATIENCE_SECONDS", 0.1)
    observe(tmp_path, MONDAY, [ADA])
    with sqlite3.connect(tmp_path / "triage.sqlite", isolation_level=None) as holder:
        holder.execute("begin immediate")
        with pytest.raises(TriageError, match="Another program has held"):
            observe(tmp_path, TUESDAY, [BOB])
    holder.close()
    assert states(observe(tmp_path, TUESDAY, [BOB])) == {"ada": "resolved", "bob": "new"}


def test_a_publication_that_fails_after_the_queue_has_heard_is_made_good_by_the_next(tmp_path, monkeypatch):
    published(tmp_path, mismatches=2)

    def refuses(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("orchestration.publishing.publication.swap_file", refuses)
        with pytest.raises(PublishingError, match="no room"):
            published(tmp_path, TUESDAY, mismatches=1)
    file = published(tmp_path, WEDNESDAY, mismatches=1).file
    assert rows(file, "select person_id, state, reopened_count from mismatch_incidents order by 1") == [
        ("p0", "new", 0),
        ("p1", "resolved", 0),
    ]


def test_the_queue_is_one_file_while_nobody_writes_into_it(tmp_path):
    observe(tmp_path, MONDAY, [ADA])
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(tmp_path / "triage.sqlite", copy)
    assert states(observe(copy, TUESDAY, [ADA])) == {"ada": "new"}
    assert history(copy, fingerprint("ada")) == [("new", "appeared", None)]


def test_twenty_thousand_mismatches_are_told_again_in_seconds(tmp_path):
    with opened([ADA], MONDAY) as connection:
        connection.execute(
            "insert into new.main.stage_mismatches"
            " select ada.* replace ('p' || number as person_id, 'm' || number as mismatch_id)"
            " from new.main.stage_mismatches as ada, range(20_000) as numbers(number)"
        )
        for moment in (MONDAY, TUESDAY):
            begun = time.process_time()
            assert queue.observe(connection, tmp_path, moment, personal_data=False) == 20_001
            connection.execute("drop table new.main.mismatch_incidents")
    assert time.process_time() - begun < 10  # without its indices the second one takes minutes
