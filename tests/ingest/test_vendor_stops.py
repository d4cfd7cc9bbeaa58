"""What stops an object of a vendor's system, what is said then, and that everything else lands."""

import duckdb
import pytest
from test_files_stops import Writer
from vendor_exports import VendorExports

from ingest.systems.connected import fingerprint


@pytest.fixture
def salesforce(tmp_path) -> VendorExports:
    exports = VendorExports(tmp_path, "salesforce")
    exports.write("User.csv", "Id,Name\nu1,Uwe\n")
    return exports


def said(salesforce, day=2) -> str:
    return str(salesforce.stopped(day))


@pytest.mark.parametrize(
    ("table", "column", "good", "bad", "reason"),
    [
        ("Account", "NumberOfEmployees", "5", "secret words", "number_of_employees is not a whole number"),
        ("Account", "NumberOfEmployees", "5", "5.5", "number_of_employees is not a whole number"),
        ("Opportunity", "Amount", "5.50", "secret words", "amount is not an amount"),
        ("Opportunity", "Probability", "10", "NaN", "probability is not a number"),
        ("Lead", "IsConverted", "true", "perhaps", "is_converted is not true or false"),
        ("Lead", "CreatedDate", "2024-05-01T10:00:00Z", "01/05/2024", "created_date is not a time"),
        ("Lead", "CreatedDate", "1714557600000", "1714557600", "created_date is not a time"),
        ("Opportunity", "CloseDate", "2024-02-29", "2024-02-30", "close_date is not a date"),
    ],
)
def test_f16_a_type_that_flipped_stops_its_object_and_says_how_often_and_where(
    salesforce, table, column, good, bad, reason
):
    salesforce.write(f"{table}.csv", f"Id,{column}\n1,{good}\n2,{bad}\n3,\n4,{bad}\n")
    error = salesforce.stopped(1)
    assert f"salesforce: {table}.csv: column '{column}': {reason} (2 of 4 rows, first in record 2)" in str(error)
    assert bad not in str(error)
    assert salesforce.rows(f"select count(*) from {table}") == [(0,)]
    assert salesforce.rows("select id from user") == [("u1",)]
    assert error.result.systems["salesforce"].tables["user"].landed == 1


def test_f16_the_place_is_named_in_parquet_of_several_parts_too(salesforce):
    for part in (1, 2):
        words = "if(i = 7, 'many', i::varchar)" if part == 2 else "i::varchar"
        salesforce.parquet(
            f"Account-{part}.parquet", f"select i as Id, {words} as NumberOfEmployees from range(9) t(i)"
        )
    assert "Account-2.parquet: column 'NumberOfEmployees':" in said(salesforce)
    assert "(1 of 18 rows, first in record 8)" in said(salesforce)


def test_f16_a_column_that_came_before_and_is_gone_stops_its_object(salesforce):
    salesforce.write("Lead.csv", "Id,Status,Title\n1,New,\n")
    salesforce.load()
    salesforce.write("Lead.csv", "Id,Stati\n1,Open\n")
    salesforce.write("User.csv", "Id,Name\nu1,Uwe\nu2,Eva\n")
    assert said(salesforce) == "salesforce: Lead.csv: column 'status': is missing: it came before; did you mean stati?"
    assert salesforce.rows("select status from lead") == [("New",)]
    assert salesforce.rows("select count(*) from user") == [(2,)]
    reached = "select object, max(loaded_at)::date::varchar from extractions group by 1 order by 1"
    assert salesforce.rows(reached) == [("lead", "2025-01-01"), ("user", "2025-01-02")]


def test_a_column_that_never_held_anything_may_go(salesforce):
    salesforce.write("Lead.csv", "Id,Status,Title\n1,New,\n")
    salesforce.load()
    salesforce.write("Lead.csv", "Id,Status\n1,Open\n")
    assert salesforce.load(2).landed == 1


def test_f16_the_column_of_another_system_is_not_missed(salesforce):
    salesforce.write("Lead.csv", "Id,Status\n1,New\n")
    (salesforce.folder / "second").mkdir()
    (salesforce.folder / "second" / "Lead.csv").write_text("Id\n1\n")
    salesforce.connect(name="second", path="second").load()
    assert salesforce.load(2).landed == 0


@pytest.mark.parametrize("content", ["Ident,Name\n1,Ann\n", "Id,Name\n1,Ann\n,Bob\n"])
def test_f16_an_object_without_its_key_stops(salesforce, content):
    salesforce.write("Lead.csv", content)
    assert "Lead.csv: column 'id': is missing" in said(salesforce) or (
        "Lead.csv: column 'Id': id is required and empty (1 of 2 rows, first in record 2)" in said(salesforce)
    )


def test_a_part_without_a_column_that_another_part_has_stops_the_object(salesforce):
    salesforce.parquet("Lead-1.parquet", "select '1' as Id, 'New' as Status")
    salesforce.parquet("Lead-2.parquet", "select '2' as Id")
    assert "Lead-2.parquet: column 'status': is missing: Lead-1.parquet has it" in said(salesforce)


def test_a_field_that_sources_yml_names_must_be_there(salesforce):
    salesforce.write("Lead.csv", "Id,Rejection_Reason__c\n1,x\n")
    salesforce.connect(fields={"lead": {"rejection_reason": "Rejection_Reasons__c"}})
    assert "column 'Rejection_Reasons__c': is missing: sources.yml names it for lead.rejection_reason;" in said(
        salesforce
    )
    assert "did you mean Rejection_Reason__c?" in said(salesforce)
    salesforce.connect(fields={"lead": {"rejection_reason": "Rejection_Reason__c"}})
    assert salesforce.load(3).landed == 1


def test_f25_two_columns_of_one_meaning_are_refused(salesforce):
    salesforce.write("Lead.csv", "Id,Status,status\n1,New,Old\n")
    assert "Lead.csv: column 'status': 'Status' means the same" in said(salesforce)


def test_f26_a_time_outside_all_time_is_left_empty_and_told_as_long_as_it_is_an_exception(salesforce):
    rows = "".join(f"{i},{'4024-05-01' if i == 7 else '2024-05-01'}\n" for i in range(200))
    salesforce.write("Opportunity.csv", "Id,CloseDate\n" + rows)
    result = salesforce.load()
    assert (
        "salesforce: opportunity: close_date is not between 1970-01-02 and 2100-01-01 in 1 of 200 rows: left empty"
        in (result.messages)
    )
    assert salesforce.rows("select count(*), count(close_date) from opportunity") == [(200, 199)]
    salesforce.write("Opportunity.csv", "Id,CloseDate\n" + rows.replace("2024", "1024"))
    assert "close_date is not between 1970-01-02 and 2100-01-01 (200 of 200 rows" in said(salesforce)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("Lead.parquet", "no parquet", "cannot be read as parquet"),
        ("Lead.csv.gz", "no gzip", "cannot be read as csv"),
        ("Lead.json", "{", "is not JSON"),
        ("Lead.jsonl", '{"Id": "1"}\n{"Id"\n', "1 records cannot be read: not a JSON object, first in record 2"),
        ("Lead.csv", "", "begins with nothing"),
        ("Lead.csv", "Id,Name\n1\n", "1 records cannot be read: fewer columns than the header, first in record 1"),
        ("Lead.csv", "Id,Id\n1,2\n", "stands twice in the header"),
    ],
)
def test_a_file_that_cannot_be_read_stops_its_object_alone(salesforce, name, content, reason):
    salesforce.write(name, content)
    assert f"salesforce: {name}: " in said(salesforce) and reason in said(salesforce)
    assert salesforce.rows("select id from user") == [("u1",)]


def test_a_file_of_an_unknown_object_is_told_and_not_read(salesforce):
    salesforce.write("Leads.csv", "Id\n1\n")
    salesforce.write("notes.txt", "no export")
    messages = salesforce.load().messages
    assert "salesforce: not read, for no object of salesforce has this name: Leads.csv; did you mean lead?" in messages
    assert "notes.txt" not in str(messages)


def test_a_folder_without_any_known_export_is_an_error_and_so_is_none(tmp_path):
    marketo = VendorExports(tmp_path, "marketo")
    assert "holds no export of marketo: files are named activity, activity_type, campaign" in str(marketo.stopped())
    marketo.connect(path="gone")
    assert "gone: no such folder" in str(marketo.stopped())
    marketo.connect(files={"leads": "people_*.csv"})
    assert "marketo: people_*.csv: no such file in" in str(marketo.stopped())


def test_a_system_without_exports_or_credentials_is_told_what_is_missing_and_the_others_land(salesforce):
    salesforce.systems.append({"name": "second", "kind": "salesforce", "role": "crm"})
    salesforce.connect()
    missing = "ONEFUNNEL_SECOND_URL, ONEFUNNEL_SECOND_CLIENT_ID: missing or unreadable in the environment"
    assert said(salesforce).startswith(f"second: api: credentials: {missing}")
    assert salesforce.rows("select system from user") == [("salesforce",)]


def test_exports_that_change_while_they_are_read_are_left_for_later(salesforce):
    file = salesforce.write("Lead.csv", "Id,Name\n1,Ann\n")
    salesforce.load()
    with Writer(file):
        result = salesforce.load(2)
    assert result.systems["salesforce"].left_for_later and result.landed == 0
    assert salesforce.rows("select count(*) from lead") == [(1,)]
    assert salesforce.load(3).landed > 0


def test_first_exports_that_are_still_being_written_are_an_error(salesforce):
    with Writer(salesforce.write("Lead.csv", "Id,Name\n1,Ann\n")):
        assert "nothing of it was loaded before" in said(salesforce)
    assert salesforce.rows("select count(*) from user") == [(0,)]


def test_a_load_that_dies_before_its_commit_leaves_nothing_half_done(salesforce, monkeypatch):
    salesforce.load()
    salesforce.write("User.csv", "Id,Name\nu1,Eva\n")
    with monkeypatch.context() as patch:
        patch.setattr("ingest.systems.vendors.extracting.note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            salesforce.load(2)
    assert salesforce.rows("select name from user") == [("Uwe",)]
    assert salesforce.load(2).landed == 1


def test_no_value_of_an_export_reaches_the_log(salesforce, caplog):
    caplog.set_level("DEBUG")
    salesforce.write("Lead.csv", "Id,Email,CreatedDate\ncanary1,canary@x.example,2024-01-01\ncanary2,,canary\n")
    error = salesforce.stopped()
    assert caplog.records
    assert "canary" not in caplog.text + str(error)


def test_a_fingerprint_changes_with_what_is_read_and_with_nothing_else(salesforce):
    def seen():
        return fingerprint(salesforce.settings())["salesforce"]

    first = seen()
    salesforce.write("Leads of last year.csv", "Id\n1\n")
    assert seen() == first
    salesforce.write("Lead-0001.csv", "Id\n1\n")
    assert (second := seen()) != first
    salesforce.write("extractions.csv", "object,complete_through\nLead,2024-12-31\n")
    assert seen() not in (first, second)


def test_a_warehouse_of_the_first_release_gets_what_it_lacks(salesforce):
    (salesforce.folder / "data").mkdir()
    with duckdb.connect(salesforce.folder / "data" / "warehouse.duckdb") as con:
        con.execute("create schema raw_sources")
        con.execute("create table raw_sources.systems (system varchar, kind varchar, role varchar, timezone varchar)")
        con.execute("insert into raw_sources.systems values ('old', 'files', 'crm', 'UTC')")
    salesforce.load()
    assert salesforce.rows("from raw_sources.systems") == [("salesforce", "salesforce", "crm", "UTC", None)]
