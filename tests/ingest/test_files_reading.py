"""Every form in which a file may come, and names and values that would rather be something else."""

import json
import re
import tempfile
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.systems.files.readers import read_lines
from ingest.systems.files.texts import Unfit
from ingest.systems.loads import Export, LoadError

THREE = [("1", "Ann"), ("2", "Bob"), ("3", "Çiğdem")]


def names(exports):
    return exports.rows("select record_id, first_name from raw_files.people order by record_id")


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte-order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_a_csv_reads_alike_whatever_its_mark_line_end_and_compression(exports, name, mark, end):
    exports.write(name, mark + end.join(["Id,Name", "1,Ann", "2,Bob", "3,Çiğdem"]))
    exports.people({"first_name": "Name"}, file=name).load()
    assert names(exports) == THREE


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_mixed_line_ends_lose_no_record_and_hide_no_broken_one(exports, name):
    exports.write(name, "Id,Name\r\n1,Ann\n2,Bob\r\n4,too,many\n3,Çiğdem\r5\n")
    exports.people({"first_name": "Name"}, file=name, bad_rows_at_most=0.5).load()
    assert names(exports) == THREE
    assert exports.rows("select record_number, value, reason from raw_files.rejected_rows order by 1") == [
        (3, "4,too,many", "more columns than the header"),
        (5, "5", "fewer columns than the header"),
    ]


def test_a_record_after_quoted_newlines_and_broken_records_keeps_its_number(exports):
    exports.write("a.csv", 'Id,Name\n1,"Ann\nof\nKent"\n2\n3,Bob\n4,x,y\n5\n6,"say ""hi"""\nx,"a"b\n8,Eve\n')
    exports.people({"first_name": "Name"}, bad_rows_at_most=0.5).load()
    assert exports.rows("select record_number, record_id, first_name from raw_files.people order by 1") == [
        (1, "1", "Ann\nof\nKent"),
        (3, "3", "Bob"),
        (6, "6", 'say "hi"'),
        (8, "8", "Eve"),
    ]
    assert exports.rows("select source_file, record_number, value, reason from raw_files.rejected_rows order by 2") == [
        ("a.csv", 2, "2", "fewer columns than the header"),
        ("a.csv", 4, "4,x,y", "more columns than the header"),
        ("a.csv", 5, "5", "fewer columns than the header"),
        ("a.csv", 7, 'x,"a"b', "a quote that is not closed or not doubled"),
    ]


LONG = "".join(f"{i},{'x' * 90}\n" for i in range(1, 60_001))
OPEN_QUOTES = {
    "with a good record after it": ('Id,Name\n1,Ann\n2,"Eve\n3,Bob\n', 3),
    "in the last record": ('Id,Name\n1,Ann\n2,"Eve', 3),
    "closed by the next record's quote": ('\ufeff"Id","Name"\n1,"Ann\n2,"Eve"\n3,Bob\n', 2),
    "after a space": ('Id,Name\n1,Ann\n2, "Eve\n3,Bob\n', 3),
    "in a file larger than a line may be": (f'Id,Name\n{LONG}0,"Eve\n{LONG}', 60_002),
}


@pytest.mark.parametrize(("content", "line"), OPEN_QUOTES.values(), ids=OPEN_QUOTES)
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_quote_that_stays_open_stops_the_file_and_swallows_nothing(exports, name, content, line):
    exports.write(name, content)
    exports.people({"first_name": "Name"}, file=name, bad_rows_at_most=1)
    with pytest.raises(LoadError, match=f"a quote opens in line {line} "):
        exports.load()


def test_of_a_record_with_bad_quotes_no_other_record_is_invented(exports):
    # DuckDB alone makes a good record ('"', 'y') of the end of the second line.
    exports.write("a.csv", 'Id,Name\n1,Ann\n"b"c,""x,y\n3,Çiğdem\n"4\n","5"6\n')
    exports.people({"first_name": "Name"}, bad_rows_at_most=0.5).load()
    assert names(exports) == [THREE[0], THREE[2]]
    assert exports.rows("select record_number, value, reason from raw_files.rejected_rows order by 1") == [
        (2, '"b"c,""x,y', "a quote that is not closed or not doubled"),
        (4, '"4\n","5"6', "a quote that is not closed or not doubled"),
    ]


PIECES = ['"', '""', "a", ",", "\n", " ", "\t", 'b"c', "x,y\n", '"q",z\n', '1,"m\nn"\n', '"a"b,']


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_every_line_of_a_csv_is_read_or_rejected_or_stops_the_file(tmp_path_factory, body):
    text = re.sub("\n\n+", "\n", f"a,b\n0,0\n{body}\n9,9\n")
    folder = tmp_path_factory.getbasetemp()
    (folder / "any.csv").write_text(text)
    with duckdb.connect() as con, tempfile.TemporaryDirectory() as scratch:
        try:
            read_lines(con, Export(folder / "any.csv", "any.csv"), ["a", "b"], ",", Path(scratch))
        except Unfit as unfit:
            assert "stays open" in str(unfit)
            return
        values = con.execute("select concat(c0, c1) from lines union all select value from lines_unread").fetchall()
    assert sum(1 + value.count("\n") for (value,) in values) == text.count("\n") - 1


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_quotes_inside_an_unquoted_value_are_part_of_it(exports, name):
    exports.write(name, 'Id,Name\n1,27" screen\n2,the "best"\n')
    exports.people({"first_name": "Name"}, file=name).load()
    assert names(exports) == [("1", '27" screen'), ("2", 'the "best"')]


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_value_larger_than_two_megabytes_costs_only_its_own_record(exports, name):
    exports.write(name, f'Id,Name\n1,Ann\n2,"{"y" * 3_000_000}"\n3,Çiğdem\n')
    exports.people({"first_name": "Name"}, file=name, bad_rows_at_most=0.5).load()
    assert names(exports) == [THREE[0], THREE[2]]
    assert exports.rows("select record_number, reason from raw_files.rejected_rows") == [(2, "longer than 2 MB")]


def test_bytes_that_are_not_utf_8_are_set_aside(exports):
    exports.write("a.csv", b"Id,Name\n1,Ann\n2,Jos\xe9\n")
    exports.people({"first_name": "Name"}, bad_rows_at_most=0.5).load()
    assert exports.rows("select record_number, reason from raw_files.rejected_rows") == [(2, "not UTF-8")]


def test_a_nul_in_a_value_is_set_aside(exports):
    exports.write("a.csv", b"Id,Name\n1,Ann\n2,Bo\x00b\n")
    exports.people({"first_name": "Name"}, bad_rows_at_most=0.5).load()
    assert exports.rows("select record_number, column_name, reason from raw_files.rejected_rows") == [
        (2, "Name", "first_name holds a NUL character")
    ]


def test_json_lines_are_checked_one_by_one_and_keep_their_line_numbers(exports):
    lines = [
        '{"Id": 1, "Name": "Ann"}',
        "",
        '{"Id": "2", "Name": null}',
        '{"Id": 3',
        "[4]",
        '{"Id": "5", "x": {"y": 1}}',
    ]
    exports.write("a.jsonl", "\ufeff" + "\r\n".join(lines))
    exports.people({"first_name": "Name", "company": "x"}, file="a.jsonl", bad_rows_at_most=0.5).load()
    assert exports.rows("select record_number, record_id, first_name, company from raw_files.people order by 1") == [
        (1, "1", "Ann", None),
        (3, "2", None, None),
        (6, "5", None, '{"y":1}'),
    ]
    assert exports.rows("select record_number, value, reason from raw_files.rejected_rows order by 1") == [
        (4, '{"Id": 3', "not a JSON object"),
        (5, "[4]", "not a JSON object"),
    ]


def test_gzipped_json_lines_read_like_plain_ones(exports):
    exports.write(
        "a.jsonl.gz", '{"Id": "1", "Name": "Ann"}\n{"Id": "2", "Name": "Bob"}\n{"Id": "3", "Name": "Çiğdem"}\n'
    )
    exports.people({"first_name": "Name"}, file="a.jsonl.gz").load()
    assert names(exports) == THREE


def test_parquet_with_types_of_its_own_reads_like_text(exports):
    duckdb.execute(
        "copy (select 7 as Id, 'Ann' as Name, 1.5 as Points, timestamptz '2024-03-01 12:00:00+02' as Made,"
        f" date '2024-03-02' as Changed, false as Gone) to '{exports.path / 'a.parquet'}'"
    )
    columns = {
        "first_name": "Name",
        "score": "Points",
        "created_at": "Made",
        "updated_at": "Changed",
        "is_deleted": "Gone",
    }
    exports.people(columns, file="a.parquet", timezone="Europe/Berlin").load()
    read = "record_id, first_name, score, created_at::text, created_on, updated_at::text, updated_on::text, is_deleted"
    assert exports.rows(f"select {read} from raw_files.people") == [
        ("7", "Ann", 1.5, "2024-03-01 10:00:00", None, "2024-03-01 23:00:00", "2024-03-02", False)
    ]


def test_files_of_one_glob_may_order_their_columns_differently(exports):
    exports.write("day/a.csv", "Id,Name\n1,Ann\n")
    exports.write("day/b.csv", "Name,New,Id\nBob,x,2\n")
    exports.people({"first_name": "Name"}, file="day/*.csv").load()
    assert names(exports) == THREE[:2]
    assert exports.rows("select source_file from raw_files.people order by record_id") == [
        ("day/a.csv",),
        ("day/b.csv",),
    ]


def test_a_file_name_with_wildcards_in_it_is_read_as_itself(exports):
    exports.write("leads [1]?.csv", "Id\n1\n")
    exports.write("leads 1x.csv", "Id\n2\n")
    exports.people(file="leads [[]1]*.csv").load()
    assert exports.rows("select record_id from raw_files.people") == [("1",)]


STRANGE = ['a"b', "select", "a'b; drop table x", "größe ✓", "x" * 300, "a/b~c", "NAME", "name", "c0", "line", " ", "h0"]


@pytest.mark.parametrize("name", STRANGE, ids=range(len(STRANGE)))
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_f25_a_field_name_never_becomes_sql(exports, name, form):
    beside = "NAME" if name == "name" else "name"
    if form == "parquet":
        table = pyarrow.table([["1"], ["right"], ["wrong"]], names=["Id", name, beside])
        pyarrow.parquet.write_table(table, exports.path / "a.parquet")
    elif form == "csv":
        header = ",".join('"' + column.replace('"', '""') + '"' for column in ["Id", name, beside])
        exports.write("a.csv", f"{header}\n1,right,wrong\n")
    else:
        exports.write("a.jsonl", json.dumps({"Id": "1", name: "right", beside: "wrong"}))
    exports.people({"first_name": name}, file=f"a.{form}").load()
    assert exports.rows("select first_name from raw_files.people") == [("right",)]


def test_f24_values_that_a_spreadsheet_would_run_stay_as_they_are(exports):
    values = ['=HYPERLINK("http://x")', "+1-555", "@x", "\tAnn", "<script>alert(1)</script>"]
    lines = "".join('{},"{}"\n'.format(i, value.replace('"', '""')) for i, value in enumerate(values))
    exports.write("a.csv", "Id,Name\n" + lines)
    exports.people({"first_name": "Name"}).load()
    assert [name for _, name in names(exports)] == values


@pytest.mark.parametrize("value", ["İstanbul", "ann+news@x.example", "аnn@x.example", "info@xn--bcher-kva.example"])
def test_f27_raw_keeps_an_address_exactly_as_it_was_written(exports, value):
    exports.write("a.csv", f"Id,Mail\n1,{value}\n")
    exports.people({"email": "Mail"}).load()
    assert exports.rows("select email from raw_files.people") == [(value,)]


def test_one_file_may_feed_several_tables(exports):
    exports.write("a.csv", "Deal,Person,Stage\nD1,P1,Won\nD2,P2,Lost\n")
    exports.connect(
        {
            "opportunities": {"file": "a.csv", "columns": {"opportunity_id": "Deal", "stage_value": "Stage"}},
            "people": [
                {"file": "a.csv", "columns": {"record_id": "Person", "object": {"value": "contact"}}},
                {"file": "a.csv", "columns": {"record_id": "Deal", "object": {"value": "lead"}}},
            ],
        }
    ).load()
    assert exports.rows("select opportunity_id, stage_value from raw_files.opportunities order by 1") == [
        ("D1", "Won"),
        ("D2", "Lost"),
    ]
    assert exports.rows("select record_id, object from raw_files.people order by 1") == [
        ("D1", "lead"),
        ("D2", "lead"),
        ("P1", "contact"),
        ("P2", "contact"),
    ]


def test_a_file_with_only_a_header_loads_no_rows(exports):
    exports.write("a.csv", "Id,Name\n")
    result = exports.people({"first_name": "Name"}).load()
    assert result.systems["crm"].tables["people"].rows_read == 0
