"""What a load adds to raw: new versions only, unchanging rows once, one survivor of an id that comes twice."""

import csv
import io

from exporting import Exports
from hypothesis import given, settings
from hypothesis import strategies as st

PEOPLE = {"first_name": "Name", "updated_at": "Changed"}
CHANGES = {
    "change_id": "Id",
    "record_id": "Who",
    "object": {"value": "lead"},
    "field": {"value": "status"},
    "new_value": "Kind",
    "changed_at": "When",
}
TASKS = {
    "activity_id": "Id",
    "record_id": "Who",
    "kind": {"value": "call"},
    "side": {"value": "sales"},
    "occurred_at": "When",
    "is_completed": "Done",
}


def people(exports):
    return exports.rows("select record_id, first_name, loaded_at::date::text from raw_files.people order by 1, 3")


def counts(result, table="people"):
    found = result.systems["crm"].tables[table]
    return found.rows_read, found.landed, found.unchanged, found.rejected, found.superseded


def test_the_same_exports_again_change_nothing_but_the_extractions(exports):
    exports.write("a.csv", "Id,Name,Changed\n1,Ann,2024-01-01\n2,Bob,2024-01-01\n3,Eve,never\n2,Bob,2024-01-01\n")
    exports.people(PEOPLE, bad_rows_at_most=0.5)
    assert counts(exports.load("2025-01-01")) == (4, 2, 0, 1, 0)
    before = (
        exports.rows("from raw_files.people order by all"),
        exports.rows("from raw_files.rejected_rows order by all"),
    )
    assert counts(exports.load("2025-01-02")) == (4, 0, 2, 1, 0)
    assert exports.rows("from raw_files.people order by all") == before[0]
    assert exports.rows("from raw_files.rejected_rows order by all") == before[1]
    shown = "object, loaded_at::text, complete_through::text, rows_landed"
    assert exports.rows(f"select {shown} from raw_files.extractions order by all") == [
        ("people", "2025-01-01 00:00:00", "2025-01-01 00:00:00", 2),
        ("people", "2025-01-02 00:00:00", "2025-01-02 00:00:00", 2),
    ]


def test_a_changed_row_is_appended_as_a_new_version_and_so_is_the_way_back(exports):
    exports.people(PEOPLE)
    for day, name in (("01", "Ann"), ("02", "Anna"), ("03", "Ann"), ("04", "Ann")):
        exports.write("a.csv", f"Id,Name,Changed\n1,{name},2024-01-01\n2,Bob,\n")
        exports.load(f"2025-01-{day}")
    assert people(exports) == [
        ("1", "Ann", "2025-01-01"),
        ("1", "Anna", "2025-01-02"),
        ("1", "Ann", "2025-01-03"),
        ("2", "Bob", "2025-01-01"),
    ]


def test_days_that_are_replayed_change_nothing(exports):
    exports.people(PEOPLE)
    for day, name in (("01", "Ann"), ("03", "Anna"), ("01", "Ann"), ("02", "Ann"), ("03", "Anna")):
        exports.write("a.csv", f"Id,Name,Changed\n1,{name},2024-01-01\n")
        exports.load(f"2025-01-{day}")
    assert people(exports) == [("1", "Ann", "2025-01-01"), ("1", "Anna", "2025-01-03")]


def test_of_two_loads_at_one_moment_the_later_one_stands(exports):
    exports.people(PEOPLE)
    for name in ("Ann", "Anna"):
        exports.write("a.csv", f"Id,Name,Changed\n1,{name},2024-01-01\n")
        exports.load("2025-01-01")
    assert people(exports) == [("1", "Anna", "2025-01-01")]


def test_two_systems_may_use_the_same_ids(exports):
    exports.write("a.csv", "Id,Name,Changed\n1,Ann,2024-01-01\n")
    exports.people(PEOPLE).people(PEOPLE, name="other").load()
    assert exports.rows("select system, record_id from raw_files.people order by 1") == [("crm", "1"), ("other", "1")]


def test_an_unchanging_row_is_appended_once_and_f5_another_payload_is_set_aside(exports):
    exports.connect({"field_changes": {"file": "a.csv", "columns": CHANGES}})
    exports.write("a.csv", "Id,Who,Kind,When\n1,P1,call,2024-01-01T10:00:00Z\n")
    exports.load("2025-01-01")
    exports.write("a.csv", "Id,Who,Kind,When\n2,P1,mail,2024-01-02T10:00:00Z\n1,P1,call,2024-01-01T11:00:00Z\n")
    assert counts(exports.load("2025-01-02"), "field_changes") == (2, 1, 0, 1, 0)
    assert counts(exports.load("2025-01-03"), "field_changes") == (2, 0, 1, 1, 0)
    shown = "change_id, changed_at::text, loaded_at::date::text"
    assert exports.rows(f"select {shown} from raw_files.field_changes order by 1") == [
        ("1", "2024-01-01 10:00:00", "2025-01-01"),
        ("2", "2024-01-02 10:00:00", "2025-01-02"),
    ]
    assert exports.rows("select record_number, column_name, value, reason from raw_files.rejected_rows") == [
        (2, "change_id", "1", "same id, other content than was loaded before; the first stays")
    ]


def test_the_known_payload_of_an_unchanging_row_survives_when_both_stand_in_the_exports(exports):
    payloads = {"early": "1,P1,call,2024-01-01T10:00:00Z\n", "late": "1,P1,call,2024-01-01T11:00:00Z\n"}
    for name, known in payloads.items():
        exports.write(f"{name}.csv", "Id,Who,Kind,When\n" + known)
        mapping = {"file": f"{name}.csv", "columns": CHANGES}
        exports.connect({"field_changes": mapping}, name=name, bad_rows_at_most=0.5)
    exports.load("2025-01-01")
    for name in payloads:
        exports.write(f"{name}.csv", "Id,Who,Kind,When\n" + "".join(payloads.values()))
    exports.load("2025-01-02")
    assert exports.rows("select system, changed_at::text from raw_files.field_changes order by 1") == [
        ("early", "2024-01-01 10:00:00"),
        ("late", "2024-01-01 11:00:00"),
    ]
    assert exports.rows("select system, record_number from raw_files.rejected_rows order by 1") == [
        ("early", 2),
        ("late", 1),
    ]


def test_a_task_that_is_completed_later_is_a_new_version_and_no_conflict(exports):
    exports.connect({"activities": {"file": "a.csv", "columns": TASKS}})
    exports.write("a.csv", "Id,Who,When,Done\n1,P1,2024-01-01T10:00:00Z,false\n")
    exports.load("2025-01-01")
    exports.write("a.csv", "Id,Who,When,Done\n1,P1,2024-01-01T10:00:00Z,true\n")
    assert counts(exports.load("2025-01-02"), "activities") == (1, 1, 0, 0, 0)
    shown = "activity_id, is_completed, loaded_at::date::text"
    assert exports.rows(f"select {shown} from raw_files.activities order by 3") == [
        ("1", False, "2025-01-01"),
        ("1", True, "2025-01-02"),
    ]


def test_of_a_doubled_id_in_one_file_the_latest_update_survives_whatever_the_order(exports):
    records = ["1,Old,2024-01-01", "1,New,2024-03-01", "1,Mid,2024-02-01", "1,New,2024-03-01", "2,Bob,"]
    for name, order in (("up", records), ("down", records[::-1])):
        exports.write(f"{name}.csv", "Id,Name,Changed\n" + "\n".join(order))
        exports.people(PEOPLE, file=f"{name}.csv", name=name, bad_rows_at_most=0.5)
    result = exports.load()
    assert exports.rows("select system, record_id, first_name from raw_files.people order by all") == [
        ("down", "1", "New"),
        ("down", "2", "Bob"),
        ("up", "1", "New"),
        ("up", "2", "Bob"),
    ]
    assert [result.systems[name].tables["people"].rejected for name in ("up", "down")] == [2, 2]
    assert exports.rows("select record_number, reason from raw_files.rejected_rows where system = 'up' order by 1") == [
        (1, "duplicated id: another record with the same id and other content was kept"),
        (3, "duplicated id: another record with the same id and other content was kept"),
    ]


def test_a_doubled_id_without_a_time_has_the_same_survivor_in_either_order(exports):
    for name, order in (("up", "1,Ann\n1,Bob\n"), ("down", "1,Bob\n1,Ann\n")):
        exports.write(f"{name}.csv", "Id,Name\n" + order)
        exports.people({"first_name": "Name"}, file=f"{name}.csv", name=name, bad_rows_at_most=0.5)
    exports.load()
    assert len(exports.rows("select distinct first_name from raw_files.people")) == 1


def test_daily_full_exports_supersede_each_other_without_a_rejection(exports):
    exports.write("day_1.csv", "Id,Name,Changed\n1,Ann,2024-01-01\n2,Late,2024-02-02\n3,Eve,\n4,Same,\n")
    exports.write("day_2.csv", "Id,Name,Changed\n1,Anna,2024-01-05\n2,Stale,2024-02-01\n3,Eva,\n4,Same,\n")
    result = exports.people(PEOPLE).load()
    assert counts(result) == (8, 4, 0, 0, 3)
    assert [name for _, name, _ in people(exports)] == ["Anna", "Late", "Eva", "Same"]


def test_one_id_in_two_mappings_is_a_clash_and_not_an_update(exports):
    exports.write("leads.csv", "Id\n1\n")
    exports.write("contacts.csv", "Id\n1\n")
    columns = [{"record_id": "Id", "object": {"value": kind}} for kind in ("lead", "contact")]
    mappings = [{"file": f"{of['object']['value']}s.csv", "columns": of} for of in columns]
    result = exports.connect({"people": mappings}, bad_rows_at_most=0.5).load()
    assert counts(result) == (2, 1, 0, 1, 0)


def test_a_null_in_a_key_is_a_key_like_any_other(exports):
    exports.write("a.csv", "Opp,Who,Role\nO1,P1,\nO1,P1,Buyer\nO1,P1,\n")
    columns = {"opportunity_id": "Opp", "record_id": "Who", "role": "Role"}
    exports.connect({"opportunity_people": {"file": "a.csv", "columns": columns}})
    assert counts(exports.load("2025-01-01"), "opportunity_people") == (3, 2, 0, 0, 0)
    assert counts(exports.load("2025-01-02"), "opportunity_people") == (3, 0, 2, 0, 0)


def test_mapped_extractions_land_as_they_are_with_the_count_filled_in(exports):
    exports.write("a.csv", "Id\n1\n2\n")
    exports.write(
        "runs.csv",
        "What,At,Through,Rows\n"
        "people,2024-12-30T01:00:00Z,2024-12-30T00:00:00Z,1\n"
        "people,2024-12-31T01:00:00Z,2024-12-31T00:00:00Z,\n"
        "activities,2024-12-31T01:00:00Z,2024-12-31T00:00:00Z,7\n",
    )
    runs = {"object": "What", "loaded_at": "At", "complete_through": "Through", "rows_landed": "Rows"}
    exports.connect(
        {
            "extractions": {"file": "runs.csv", "columns": runs},
            "people": {"file": "a.csv", "columns": {"record_id": "Id", "object": {"value": "lead"}}},
        }
    )
    exports.load("2025-01-01")
    exports.load("2025-01-02")
    shown = "object, loaded_at::text, complete_through::text, rows_landed"
    assert exports.rows(f"select {shown} from raw_files.extractions order by all") == [
        ("activities", "2024-12-31 01:00:00", "2024-12-31 00:00:00", 7),
        ("people", "2024-12-30 01:00:00", "2024-12-30 00:00:00", 1),
        ("people", "2024-12-31 01:00:00", "2024-12-31 00:00:00", 2),
    ]


def test_beside_the_latest_extraction_stands_what_raw_holds_each_record_once(exports):
    runs = {"object": "What", "loaded_at": "At", "complete_through": "At", "rows_at_source": "Rows"}
    people = {"file": "a.csv", "columns": {"record_id": "Id", "object": {"value": "lead"}, "last_name": "Name"}}
    exports.connect({"extractions": {"file": "runs.csv", "columns": runs}, "people": people})
    exports.write("a.csv", "Id,Name\n1,Ann\n2,Bob\n")
    exports.write("runs.csv", "What,At,Rows\npeople,2025-01-01T01:00:00Z,2\n")
    exports.load("2025-01-02")
    exports.write("a.csv", "Id,Name\n2,Bobby\n3,Eve\n")
    exports.write("runs.csv", "What,At,Rows\npeople,2025-01-02T01:00:00Z,5\n")
    exports.load("2025-01-03")
    shown = "loaded_at::date::text, rows_landed, rows_at_source, rows_held"
    assert exports.rows(f"select {shown} from raw_files.extractions order by loaded_at") == [
        ("2025-01-01", 2, 2, 2),
        ("2025-01-02", 2, 5, 3),
    ]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8)


def as_csv(records) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([["Id", "Name", "Changed"], *records])
    return out.getvalue()


@settings(max_examples=10, deadline=None)
@given(
    names=st.lists(
        st.tuples(TEXT, st.sampled_from(["", "2024-01-01", "2024-05-05T01:02:03Z"])), min_size=1, max_size=12
    ),
    cut=st.integers(0, 12),
    shuffle=st.randoms(use_true_random=False),
)
def test_exports_in_another_order_or_in_more_files_give_equal_tables(tmp_path_factory, names, cut, shuffle):
    exports = Exports(tmp_path_factory.mktemp("split"))
    records = [[str(number), name, changed] for number, (name, changed) in enumerate(names)]
    exports.write("one.csv", as_csv(records))
    moved = shuffle.sample(records, len(records))
    exports.write("many_1.csv", as_csv(moved[:cut]))
    exports.write("many_2.csv", as_csv(moved[cut:]))
    exports.people(PEOPLE, file="one.csv", name="one").people(PEOPLE, file="many_*.csv", name="many").load()
    shown = "record_id, first_name, updated_at, updated_on, content_hash"
    one, many = (
        exports.rows(f"select {shown} from raw_files.people where system = ? order by all", name)
        for name in ("one", "many")
    )
    assert one == many
    expected = {number: name if name.strip(" \t\n") else None for number, name, _ in records}
    assert {record_id: name for record_id, name, *_ in one} == expected
