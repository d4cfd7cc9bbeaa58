"""Exports in a vendor's own shape: whatever the format and the spelling, the same declared columns."""

import gzip
import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from vendor_exports import VendorExports

CREATED = datetime(2024, 5, 1, 10)


@pytest.fixture
def salesforce(tmp_path) -> VendorExports:
    return VendorExports(tmp_path, "salesforce")


@pytest.mark.parametrize(
    "header",
    [
        "Id,LastName,CreatedDate",
        "id,lastName,createdDate",
        "id,last_name,created_date",
        "ID,LAST_NAME,CREATED_DATE",
        "ID,LASTNAME,CREATEDDATE",
    ],
)
@pytest.mark.parametrize("file", ["Lead.csv", "lead.csv", "Lead-0003.csv", "LEAD.csv.gz"])
def test_a_lead_is_read_whatever_the_spelling_of_its_file_and_columns(salesforce, header, file):
    text = f"{header}\n00Q1,Lee,2024-05-01T10:00:00.000+0000\n".encode()
    salesforce.write(file, gzip.compress(text) if file.endswith("gz") else text)
    salesforce.load()
    assert salesforce.rows("select system, id, last_name, created_date, extra from lead") == [
        ("salesforce", "00Q1", "Lee", CREATED, None)
    ]


RECORD = {"attributes": {"type": "Lead"}, "Id": "00Q1", "IsConverted": True, "NumberOfEmployees": 5, "X__c": {"a": 1}}


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("Lead.jsonl", json.dumps(RECORD) + "\n"),
        ("Lead.json", json.dumps([RECORD])),
        ("Lead.json", json.dumps(RECORD, indent=1)),
        ("Lead.json", "\ufeff" + json.dumps({"totalSize": 1, "done": True, "records": [RECORD]})),
    ],
)
def test_json_is_read_as_lines_as_a_list_as_one_record_and_as_an_answer_of_the_api(salesforce, file, content):
    salesforce.write(file, content)
    salesforce.load()
    assert salesforce.rows("select id, is_converted, number_of_employees, extra from lead") == [
        ("00Q1", True, 5, '{"X__c":"{\\"a\\":1}"}')
    ]


def test_parquet_keeps_its_types_and_takes_others_that_mean_the_same(salesforce):
    salesforce.parquet(
        "Opportunity.parquet",
        "select 12::double as Id, 3.5 as Amount, 1 as IsWon, '10' as Probability, date '2024-05-01' as CloseDate,"
        " 1714557600000 as CreatedDate, timestamptz '2024-05-01 12:00:00+02' as SystemModstamp",
    )
    salesforce.load()
    columns = "id, amount, is_won, probability, close_date, created_date, system_modstamp"
    assert salesforce.rows(f"select {columns} from opportunity") == [
        ("12", Decimal("3.50"), True, 10.0, date(2024, 5, 1), CREATED, CREATED)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01T10:00:00.000+0000",
        "2024-05-01T10:00:00Z",
        "2024-05-01T12:00+02:00",
        "2024-05-01 10:00:00",
        "2024-05-01 10:00:00 UTC",
        "2024-05-01T23:59+13:59",
        "1714557600000",
    ],
)
def test_f26_a_time_is_utc_whatever_its_form(salesforce, text):
    salesforce.write("Lead.csv", f"Id,CreatedDate\n1,{text}\n")
    salesforce.load()
    assert salesforce.rows("select created_date from lead") == [(CREATED,)]


@pytest.mark.parametrize("text", ["2024-05-01", "2024-05-01 23:59:59", "2024-05-01T00:00:00.000-0700"])
def test_a_date_is_the_day_that_is_written(salesforce, text):
    salesforce.write("Opportunity.csv", f"Id,CloseDate\n1,{text}\n")
    salesforce.load()
    assert salesforce.rows("select close_date from opportunity") == [(date(2024, 5, 1),)]


def test_f16_a_new_column_goes_to_extra_by_itself_under_the_vendors_name(salesforce):
    salesforce.write("Lead.csv", "Id,Rejection_Reason__c,Empty__c,_fivetran_synced\n1,Too small,,2024-01-01\n2,,,x\n")
    assert salesforce.load().landed == 2
    assert salesforce.rows("select id, extra from lead order by id") == [
        ("1", '{"Rejection_Reason__c":"Too small"}'),
        ("2", None),
    ]


def test_f25_names_that_would_be_sql_are_only_names(salesforce):
    strange = "x\"'); drop table lead; -- ü" + "y" * 300
    salesforce.write("Lead.csv", 'Id,"' + strange.replace('"', '""') + '","select"\n1,a,b\n')
    salesforce.load()
    ((extra,),) = salesforce.rows("select extra from lead")
    assert json.loads(extra) == {strange: "a", "select": "b"}


def test_f25_columns_that_differ_in_case_alone_are_both_kept_as_extra(salesforce):
    salesforce.write("Lead.csv", "Id,Score__c,score__C\n1,a,b\n")
    salesforce.load()
    assert json.loads(salesforce.rows("select extra from lead")[0][0]) == {"Score__c": "a", "score__C": "b"}


def test_a_byte_order_mark_and_mixed_line_ends_are_no_part_of_the_data(salesforce):
    salesforce.write("Lead.csv", b"\xef\xbb\xbfId,Name\r\n1,Ann\n2,Bob\r\n")
    salesforce.load()
    assert salesforce.rows("select id, name, extra from lead order by id") == [("1", "Ann", None), ("2", "Bob", None)]


def test_parts_of_an_export_are_one_table_whatever_their_formats(salesforce):
    salesforce.write("Lead-0001.csv", "Id,Name\n1,Ann\n")
    salesforce.parquet("Lead-0002.parquet", "select '2' as Id, 'Bob' as Name")
    salesforce.parquet("Lead-0003.parquet", "select 3 as Id, 'Cem' as Name")
    salesforce.jsonl("lead-0004.jsonl", {"Id": "4"})
    salesforce.load()
    assert salesforce.rows("select id, name from lead order by id") == [
        ("1", "Ann"),
        ("2", "Bob"),
        ("3", "Cem"),
        ("4", None),
    ]


def test_a_history_is_not_taken_for_its_object(salesforce):
    salesforce.write("LeadHistory.csv", "Id,LeadId,Field\nh,1,Status\n")
    salesforce.load()
    assert salesforce.rows("select (select count(*) from lead), (select count(*) from lead_history)") == [(0, 1)]


@pytest.mark.parametrize("name", ["Lead", "lead"])
def test_files_names_the_exports_of_an_object_and_their_usual_names_no_longer_count(salesforce, name):
    salesforce.write("sf_lead_data.csv", "Id\n1\n")
    salesforce.write("Lead.csv", "Id\nother\n")
    salesforce.write("User.csv", "Id\nu\n")
    salesforce.connect(files={name: "sf_lead_*.csv"}).load()
    assert salesforce.rows("select id from lead union all select id from user order by 1") == [("1",), ("u",)]


def test_the_other_names_of_an_object_do_not_count_either_once_files_names_its_exports(tmp_path):
    marketo = VendorExports(tmp_path, "marketo")
    marketo.write("people.csv", "id\n1\n")
    marketo.write("lead.csv", "id\nother\n")
    marketo.connect(files={"leads": "people.csv"}).load()
    assert marketo.rows("select id from lead") == [("1",)]


def test_a_number_must_be_one_and_whole_where_it_counts(salesforce):
    salesforce.write("Account.csv", "Id,NumberOfEmployees\n1, 12 \n2,5.0\n3,1e3\n")
    salesforce.load()
    assert [row[0] for row in salesforce.rows("select number_of_employees from account order by id")] == [12, 5, 1000]


def test_the_extractors_note_says_how_far_an_export_reaches(salesforce):
    salesforce.write("Lead.csv", "Id\n1\n2\n")
    salesforce.write("User.csv", "Id\nu\n")
    salesforce.parquet(
        "extractions.parquet",
        "select 'Lead' as object, timestamp '2024-12-30 06:00:00' as complete_through, 3 as rows_at_source",
    )
    salesforce.load()
    assert salesforce.rows("select * exclude (system, loaded_at) from extractions order by object") == [
        ("lead", datetime(2024, 12, 30, 6), 2, 3, 2, False, None, None),
        ("user", datetime(2025, 1, 1), 1, None, 1, False, None, None),
    ]


def test_what_raw_holds_after_a_load_counts_each_record_once(salesforce):
    salesforce.write("Lead.csv", "Id,Status\n1,Open\n2,Open\n")
    salesforce.write("LeadHistory.csv", "Id,LeadId,Field,CreatedDate\nh1,1,Status,2024-12-30T06:00:00Z\n")
    salesforce.load()
    salesforce.write("Lead.csv", "Id,Status\n2,Closed\n3,Open\n")
    salesforce.write("LeadHistory.csv", "Id,LeadId,Field,CreatedDate\nh2,1,Status,2024-12-31T06:00:00Z\n")
    salesforce.load(day=2)
    assert salesforce.rows("select object, rows_landed, rows_held from extractions order by loaded_at, object") == [
        ("lead", 2, 2),
        ("lead_history", 1, 1),
        ("lead", 2, 3),
        ("lead_history", 1, 2),
    ]


def test_what_is_connected_says_what_it_links_to_and_which_fields_stand_for_which(tmp_path):
    marketo = VendorExports(tmp_path, "marketo")
    marketo.write("leads.csv", "id,stage__c\n1,x\n")
    marketo.connect(fields={"prospect": {"lead_status": "stage__c"}})
    marketo.connect(name="sf", kind="salesforce").load()
    assert marketo.rows("select system, linked_to from raw_sources.systems order by 1") == [
        ("marketo", "sf"),
        ("sf", None),
    ]
    assert marketo.rows("select * from raw_sources.fields where system = 'marketo' order by field") == [
        ("marketo", "prospect", "lead_status", "stage__c"),
        ("marketo", "prospect", "revenue_stage", "leadRevenueStageId"),
        ("marketo", "prospect", "score", "leadScore"),
    ]
