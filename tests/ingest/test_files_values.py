"""What a text means: empty, translated, a number, a moment in a zone; and what is set aside for its lack of meaning."""

import pytest


def landed(exports, column, content, spec="X", table_columns="", timezone="UTC", **mapping):
    exports.write("a.csv", "Id,X\n" + "".join(f'{i},"{value}"\n' for i, value in enumerate(content)))
    exports.people({column: spec}, timezone=timezone, bad_rows_at_most=1, **mapping).load()
    shown = table_columns or column
    return [row for row in exports.rows(f"select {shown} from raw_files.people order by record_id")]


def reasons(exports):
    return exports.rows("select record_number, column_name, value, reason from raw_files.rejected_rows order by 1")


def test_null_words_and_blanks_are_null_and_nothing_else_is(exports):
    values = ["", "  ", "Select", "select", "n/a", "Selected"]
    assert landed(exports, "region", values, nulls=["", "Select"]) == [
        (None,),
        (None,),
        (None,),
        ("select",),
        ("n/a",),
        ("Selected",),
    ]


def test_a_translation_keeps_what_it_does_not_know(exports):
    spec = {"column": "X", "map": {"DE": "Germany", 2: "Two", True: "Yes", "None": None}}
    assert landed(exports, "country", ["DE", " DE ", "2", "true", "None", "FR"], spec) == [
        ("Germany",),
        ("Germany",),
        ("Two",),
        ("Yes",),
        (None,),
        ("FR",),
    ]


def test_numbers_and_flags_are_read_and_a_text_in_their_place_is_set_aside(exports):
    assert landed(exports, "score", ["1", "2.5", " 3 ", "1e3", "", "high", "NaN"]) == [
        (1,),
        (2.5,),
        (3,),
        (1000,),
        (None,),
    ]
    assert reasons(exports) == [
        (6, "X", "high", "score is not a number"),
        (7, "X", "NaN", "score is not a number"),
    ]


def test_flags_are_read_in_the_usual_words(exports):
    values = ["true", "FALSE", "1", "0", "yes", "No", "maybe"]
    assert landed(exports, "is_deleted", values) == [(True,), (False,), (True,), (False,), (True,), (False,)]
    assert reasons(exports) == [(7, "X", "maybe", "is_deleted is not true or false")]


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2024-07-01T12:00:00Z", "Europe/Berlin", "2024-07-01 12:00:00"),
        ("2024-07-01T12:00:00.250+0000", "Europe/Berlin", "2024-07-01 12:00:00.25"),
        ("2024-07-01 12:00:00+14:00", "UTC", "2024-06-30 22:00:00"),
        ("2024-07-01T12:00-03", "UTC", "2024-07-01 15:00:00"),
        ("2024-07-01 12:00:00 UTC", "Europe/Berlin", "2024-07-01 12:00:00"),
        ("2024-07-01 12:00:00", "Europe/Berlin", "2024-07-01 10:00:00"),
        ("2024-01-01T12:00", "Europe/Berlin", "2024-01-01 11:00:00"),
        ("2024-01-01 12:00:00", "UTC", "2024-01-01 12:00:00"),
        ("2018-02-10 23:30:00", "America/Sao_Paulo", "2018-02-11 01:30:00"),
    ],
)
def test_f26_a_time_becomes_utc_from_its_offset_or_else_from_its_systems_zone(exports, text, zone, instant):
    assert landed(exports, "created_at", [text], table_columns="created_at::text, created_on", timezone=zone) == [
        (instant, None)
    ]


def test_f26_times_that_daylight_saving_skips_or_doubles_are_one_moment(exports):
    found = landed(
        exports,
        "created_at",
        ["2024-03-31 02:30:00", "2024-10-27 02:30:00"],
        table_columns="created_at::text",
        timezone="Europe/Berlin",
    )
    # 02:30 does not exist in March: an hour later by the clock. In October it comes twice: the second, in winter time.
    assert found == [("2024-03-31 01:30:00",), ("2024-10-27 01:30:00",)]


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2024-07-01", "Europe/Berlin", "2024-06-30 22:00:00"),
        ("2024-07-01", "UTC", "2024-07-01 00:00:00"),
        ("2017-10-15", "America/Sao_Paulo", "2017-10-15 03:00:00"),  # midnight was skipped that day
    ],
)
def test_a_date_is_kept_as_a_date_beside_its_first_instant_in_the_zone(exports, text, zone, instant):
    found = landed(exports, "created_at", [text], table_columns="created_at::text, created_on::text", timezone=zone)
    assert found == [(instant, text)]


@pytest.mark.parametrize(
    ("form", "text", "instant", "day"),
    [
        ("%d %b, %Y %H:%M:%S", "05 Mar, 2024 10:00:00", "2024-03-05 09:00:00", None),
        ("%m/%d/%y %I:%M %p", "3/5/24 1:02 PM", "2024-03-05 12:02:00", None),
        ("%Y-%m-%d %H:%M %z", "2024-03-05 10:00 +0200", "2024-03-05 08:00:00", None),
        ("%d.%m.%Y", "05.03.2024", "2024-03-04 23:00:00", "2024-03-05"),
        ("epoch_s", "1709632800", "2024-03-05 10:00:00", None),
        ("epoch_s", "1709632800.5", "2024-03-05 10:00:00.5", None),
        ("epoch_ms", "1709632800123", "2024-03-05 10:00:00.123", None),
        ("epoch_ms", "1.709632800123e12", "2024-03-05 10:00:00.123", None),
    ],
)
def test_a_format_says_how_times_are_written_and_whether_they_are_dates(exports, form, text, instant, day):
    spec, shown = {"column": "X", "format": form}, "created_at::text, created_on::text"
    assert landed(exports, "created_at", [text], spec, shown, timezone="Europe/Berlin") == [(instant, day)]


def test_f26_what_is_no_time_or_out_of_range_is_set_aside_with_its_reason(exports):
    values = [
        "9999-12-31",
        "1970-01-01T00:00:00Z",
        "1969-05-01",
        "yesterday",
        "2024-02-30",
        "infinity",
        "epoch",
        "2024-02-29",
    ]
    assert landed(exports, "created_at", values, table_columns="created_on::text") == [("2024-02-29",)]
    outside, no_time = "created_at is not between 1970-01-02 and 2100-01-01", "created_at is not a time"
    assert [reason for _, _, _, reason in reasons(exports)] == [outside] * 3 + [no_time] * 4


def test_f26_epoch_milliseconds_that_were_called_seconds_are_set_aside(exports):
    spec = {"column": "X", "format": "epoch_s"}
    assert landed(exports, "created_at", ["1709632800123", "0", "x", "1e300"], spec) == []
    assert [reason.split(" is not ")[1] for _, _, _, reason in reasons(exports)] == [
        "between 1970-01-02 and 2100-01-01",
        "between 1970-01-02 and 2100-01-01",
        "a time in the format epoch_s",
        "a time in the format epoch_s",
    ]


def test_a_date_column_takes_the_day_of_a_time_on_the_systems_calendar(exports):
    exports.write("a.csv", "Id,Close\n1,2024-03-05\n2,2024-03-05T23:30:00Z\n3,2024-03-05 23:30:00\n4,\n")
    columns = {"opportunity_id": "Id", "stage_value": {"value": "Won"}, "close_on": "Close"}
    exports.connect({"opportunities": {"file": "a.csv", "columns": columns}}, timezone="Europe/Berlin").load()
    assert exports.rows("select close_on::text from raw_files.opportunities order by opportunity_id") == [
        ("2024-03-05",),
        ("2024-03-06",),
        ("2024-03-05",),
        (None,),
    ]


def test_a_record_without_its_id_or_with_an_unknown_object_is_set_aside_once(exports):
    exports.write("a.csv", "Id,Kind,Status\n1,lead,Open\n,lead,Open\n3,person,Open\n")
    mapping = {"columns": {"record_id": "Id", "object": "Kind"}, "fields": {"status": "Status"}}
    exports.connect({"people": {"file": "a.csv", **mapping}}, bad_rows_at_most=1).load()
    assert exports.rows(
        "select table_name, record_number, column_name, reason from raw_files.rejected_rows order by 2"
    ) == [
        ("people", 2, "Id", "record_id is required and empty"),
        ("people", 3, "Kind", "object is not one of lead, contact, prospect"),
    ]


def test_fields_become_field_values_with_time_and_writer(exports):
    exports.write("a.csv", "Id,Status,Why,When,Who\n1,Open,,2024-01-02,ann\n2,,Bad Fit,2024-01-03 10:00:00,\n")
    fields = {
        "status": {"column": "Status", "set_at": "When", "writer": {"column": "Who"}},
        "reason": {"column": "Why", "map": {"Bad Fit": "bad_fit"}},
        "tier": {"value": "A", "writer": {"value": "sync"}},
    }
    exports.people(fields=fields).load()
    shown = "record_id, object, field, value, set_at::text, set_on::text, writer"
    assert exports.rows(f"select {shown} from raw_files.field_values order by field, record_id") == [
        ("1", "lead", "reason", None, None, None, None),
        ("2", "lead", "reason", "bad_fit", None, None, None),
        ("1", "lead", "status", "Open", "2024-01-02 00:00:00", "2024-01-02", "ann"),
        ("2", "lead", "status", None, "2024-01-03 10:00:00", None, None),
        ("1", "lead", "tier", "A", None, None, "sync"),
        ("2", "lead", "tier", "A", None, None, "sync"),
    ]


def test_a_companys_field_stands_under_its_account_id(exports):
    exports.write("a.csv", "Acc,Stage\nA1,Customer\n")
    exports.connect(
        {"accounts": {"file": "a.csv", "columns": {"account_id": "Acc"}, "fields": {"lifecycle": "Stage"}}}
    ).load()
    assert exports.rows("select record_id, object, field, value from raw_files.field_values") == [
        ("A1", "account", "lifecycle", "Customer")
    ]
