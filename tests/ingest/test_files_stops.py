"""What stops a system's load, what is said then, and that the other systems and the warehouse do not suffer."""

import threading

import duckdb
import pytest

from ingest import warehouse
from ingest.systems import files
from ingest.systems.connected import fingerprint
from ingest.systems.loads import LoadError


def raw(exports):
    tables = exports.rows("select table_name from duckdb_tables() where schema_name = 'raw_files' order by 1")
    return {name: exports.rows(f"from raw_files.{name} order by all") for (name,) in tables}


def stopped(exports, now="2025-02-01"):
    with pytest.raises(LoadError) as caught:
        exports.load(now)
    return caught.value


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Id,Email", "a.csv: column 'Name': is missing; there are: Id, Email"),
        ("Id,name", "a.csv: column 'Name': is missing; did you mean name?"),
        ("Id,Names", "a.csv: column 'Name': is missing; did you mean Names?"),
        ("Id,Name,Name", "a.csv: column 'Name': stands twice in the header"),
    ],
)
def test_f16_a_dropped_or_renamed_column_stops_the_system_and_is_named(exports, header, said):
    exports.write("a.csv", "Id,Name\n1,Ann\n")
    exports.people({"first_name": "Name"}).load("2025-01-01")
    before = raw(exports)
    exports.write("a.csv", header + "\n" + ",".join("2xx"[: header.count(",") + 1]) + "\n")
    assert said in str(stopped(exports))
    assert raw(exports) == before


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_f16_a_missing_column_is_named_in_every_format(exports, form):
    if form == "jsonl":
        exports.write("a.jsonl", '{"Id": "1", "Nom": "Ann"}\n')
    else:
        duckdb.execute(f"copy (select 1 as Id, 'Ann' as Nom) to '{exports.path / 'a.parquet'}'")
    exports.people({"first_name": "Nome"}, file=f"a.{form}")
    assert "column 'Nome'" in str(stopped(exports))
    assert "did you mean Nom?" in str(stopped(exports))


def test_f16_a_new_column_is_no_matter(exports):
    exports.write("a.csv", "New,Id,Name\nx,1,Ann\n")
    assert exports.people({"first_name": "Name"}).load().landed == 1


def test_f16_a_number_that_became_text_stops_the_system_and_says_where(exports):
    exports.write("a.csv", "Id,Points\n1,5\n2,secret words\n3,\n4,x\n")
    error = stopped(exports.people({"score": "Points"}, bad_rows_at_most=0.25))
    assert "a.csv: column 'Points': score is not a number (2 times, first in record 2)" in str(error)
    assert "2 of 4 rows of people are bad, more than bad_rows_at_most = 0.25" in str(error)
    assert "secret words" not in str(error)


def test_a_table_with_no_more_bad_rows_than_allowed_loads(exports):
    exports.write("a.csv", "Id,Points\n1,5\n2,x\n3,\n4,7\n")
    result = exports.people({"score": "Points"}, bad_rows_at_most=0.25).load()
    assert (result.landed, result.systems["crm"].tables["people"].rejected) == (3, 1)


def test_all_that_is_wrong_with_all_systems_is_said_at_once_and_the_good_one_lands(exports):
    exports.write("a.csv", "Id,Name\n1,Ann\n")
    exports.write("b.parquet", "no parquet")
    exports.write("c.csv.gz", "x")
    (exports.path / "c.csv.gz").write_bytes(b"no gzip")
    exports.write("d.csv", "")
    exports.write("e.csv", b"\xff\xfeI\x00d\x00\n\x00")
    exports.people({"first_name": "Nme", "last_name": "Last"}, file="a.csv", name="bad")
    for file in ("b.parquet", "c.csv.gz", "d.csv", "e.csv", "none_*.csv"):
        exports.people(file=file, name=f"bad {file}")
    exports.people(file="a.csv", name="good")
    error = stopped(exports)
    assert [(wrong.system, wrong.file, wrong.column) for wrong in error.wrongs] == [
        ("bad", "a.csv", "Last"),
        ("bad", "a.csv", "Nme"),
        ("bad b.parquet", "b.parquet", None),
        ("bad c.csv.gz", "c.csv.gz", None),
        ("bad d.csv", "d.csv", None),
        ("bad e.csv", "e.csv", None),
        ("bad none_*.csv", "none_*.csv", None),
    ]
    assert exports.rows("select distinct system from raw_files.people") == [("good",)]
    assert error.result.systems["good"].tables["people"].landed == 1


def test_a_system_with_one_bad_table_lands_none_of_its_tables(exports):
    exports.write("people.csv", "Id\n1\n")
    exports.write("users.csv", "Name\nx\n")
    exports.connect(
        {
            "people": {"file": "people.csv", "columns": {"record_id": "Id", "object": {"value": "lead"}}},
            "users": {"file": "users.csv", "columns": {"user_id": "Id"}},
        }
    )
    stopped(exports)
    assert not any(raw(exports).values())


def test_a_system_of_another_kind_is_described_and_left_to_its_own_load(exports):
    exports.write("a.csv", "Id\n1\n")
    exports.people()
    exports.systems.append({"name": "sf", "kind": "salesforce", "role": "crm"})
    exports.people(name="last").load()
    assert exports.rows("select system, kind, role, timezone from raw_sources.systems order by all") == [
        ("crm", "files", "crm", "UTC"),
        ("last", "files", "crm", "UTC"),
        ("sf", "salesforce", "crm", "UTC"),
    ]
    assert exports.rows("select system from raw_files.people order by 1") == [("crm",), ("last",)]


def test_a_system_that_is_no_longer_connected_is_no_longer_described(exports):
    exports.write("a.csv", "Id\n1\n")
    exports.people(name="old", timezone="Asia/Tokyo").load()
    exports.systems.clear()
    exports.connect(
        {"people": {"file": "a.csv", "columns": {"record_id": "Id", "object": {"value": "lead"}}}},
        name="new",
        record_urls={"lead": "https://crm.example/{record_id}"},
    ).load()
    assert exports.rows("select * exclude linked_to from raw_sources.systems") == [("new", "files", "crm", "UTC")]
    assert exports.rows("from raw_sources.record_urls") == [("new", "lead", "https://crm.example/{record_id}")]


class Writer:
    """Another program that is still writing an export while we read it."""

    def __init__(self, file):
        self.file, self.is_done = file, threading.Event()
        self.thread = threading.Thread(target=self._write)

    def _write(self):
        number = 0
        while not self.is_done.wait(0.002):
            number += 1
            with self.file.open("a") as out:
                out.write(f"late {number},x\n")

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.is_done.set()
        self.thread.join()


def test_a_file_that_changes_while_it_is_read_is_left_for_later(exports):
    file = exports.write("a.csv", "Id,Name\n1,Ann\n")
    exports.write("b.csv", "Id,Name\n1,Bob\n")
    exports.people({"first_name": "Name"}, file="a.csv").people(file="b.csv", name="quiet").load("2025-01-01")
    before = raw(exports)["people"]
    exports.write("b.csv", "Id,Name\n2,Bob\n")
    with Writer(file):
        result = exports.load("2025-01-02")
    assert result.systems["crm"].left_for_later
    assert "crm: its exports changed while they were read; left for later" in result.messages
    assert not result.systems["quiet"].left_for_later
    assert [row for row in raw(exports)["people"] if row[0] == "crm"] == [row for row in before if row[0] == "crm"]
    assert exports.load("2025-01-03").systems["crm"].tables["people"].landed > 0


def test_a_system_whose_first_exports_are_still_being_written_is_an_error(exports):
    file = exports.write("a.csv", "Id\n1\n")
    exports.people()
    with Writer(file):
        assert "nothing of it was loaded before" in str(stopped(exports))


def test_a_load_that_dies_before_its_commit_leaves_nothing_half_done(exports, monkeypatch):
    exports.write("a.csv", "Id\n1\n")
    exports.people().load("2025-01-01")
    before = raw(exports)
    exports.write("a.csv", "Id\n1\n2\n")
    with monkeypatch.context() as patch:
        patch.setattr("ingest.systems.files.loading.land_rejected", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            exports.load("2025-01-02")
    assert raw(exports) == before
    assert exports.load("2025-01-02").landed == 1


def test_no_value_of_an_export_reaches_the_log(exports, caplog):
    caplog.set_level("DEBUG")
    exports.write("a.csv", "Id,Mail,Points\n1,canary@x.example,5\n2,canary2@x.example,canary\n")
    exports.people({"email": "Mail", "score": "Points"}, bad_rows_at_most=0.5).load()
    assert caplog.records
    assert "canary" not in caplog.text


def test_a_fingerprint_changes_with_the_exports_of_its_system_and_with_nothing_else(exports):
    exports.write("a.csv", "Id\n1\n")
    exports.write("b.csv", "Id\n1\n")
    exports.people(file="a*.csv").people(file="b.csv", name="quiet")
    first = fingerprint(exports.settings())
    assert first == fingerprint(exports.settings())
    exports.write("a.csv", "Id\n1\n2\n")
    second = fingerprint(exports.settings())
    exports.write("a_new.csv", "Id\n1\n")
    exports.write("unmapped.csv", "Id\n1\n")
    third = fingerprint(exports.settings())
    assert len({first["crm"], second["crm"], third["crm"]}) == 3
    assert first["quiet"] == second["quiet"] == third["quiet"]


def test_a_system_reads_in_memory_without_any_warehouse(exports):
    exports.write("a.csv", "Id,Status\n1,Open\n2,Open\n3,Wrking\n,x\n")
    exports.people(fields={"status": "Status"}, bad_rows_at_most=0.5)
    (system,) = exports.settings().read_sources().systems
    with duckdb.connect() as con:
        read = files.read_system(con, system)
        values = con.execute(
            f"select value, count(*) from {read.tables['field_values'].relation} group by 1 order by 1"
        )
        assert values.fetchall() == [("Open", 2), ("Wrking", 1)]
        assert con.execute(f"select reason from {read.rejected}").fetchall() == [("record_id is required and empty",)]
    assert not exports.settings().warehouse.exists()


def test_every_raw_table_exists_when_nothing_is_connected(exports):
    (exports.folder / "sources.yml").write_text("systems: []\n")
    exports.load()
    there = {f"{schema}.{name}" for schema, name in exports.rows("select schema_name, table_name from duckdb_tables()")}
    assert there == {*warehouse.RAW, "raw_definitions.files", "layout.written_by"}
    shown = (
        "select column_name, data_type from duckdb_columns() where schema_name = 'raw_files' and table_name = 'users'"
    )
    assert exports.rows(f"{shown} order by column_index") == [
        ("system", "VARCHAR"),
        ("user_id", "VARCHAR"),
        ("name", "VARCHAR"),
        ("email", "VARCHAR"),
        ("kind", "VARCHAR"),
        ("is_active", "BOOLEAN"),
        ("source_file", "VARCHAR"),
        ("record_number", "BIGINT"),
        ("content_hash", "VARCHAR"),
        ("loaded_at", "TIMESTAMP"),
    ]
