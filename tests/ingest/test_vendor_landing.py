"""What a vendor's export adds to raw: every version that differs, what never changes once, nothing twice."""

import pytest
from vendor_exports import VendorExports


@pytest.fixture
def salesforce(tmp_path) -> VendorExports:
    return VendorExports(tmp_path, "salesforce")


@pytest.fixture
def marketo(tmp_path) -> VendorExports:
    return VendorExports(tmp_path, "marketo")


VERSIONS = "select id, status, loaded_at::date::varchar from lead order by id, loaded_at"


def test_a_row_lands_again_only_when_its_content_changed(salesforce):
    salesforce.write("Lead.csv", "Id,Status\n1,New\n2,New\n")
    assert salesforce.load(1).landed == 2
    assert salesforce.load(2).landed == 0
    salesforce.write("Lead.csv", "Id,Status\n1,New\n2,Open\n3,\n")
    result = salesforce.load(3)
    assert "salesforce: lead: 3 read, 2 new, 1 unchanged" in result.messages
    assert salesforce.rows(VERSIONS) == [
        ("1", "New", "2025-01-01"),
        ("2", "New", "2025-01-01"),
        ("2", "Open", "2025-01-03"),
        ("3", None, "2025-01-03"),
    ]


def test_a_change_back_is_a_version_of_its_own(salesforce):
    for day, status in enumerate(["New", "Open", "New"], 1):
        salesforce.write("Lead.csv", f"Id,Status\n1,{status}\n")
        salesforce.load(day)
    assert [status for _, status, _ in salesforce.rows(VERSIONS)] == ["New", "Open", "New"]


def test_a_column_that_is_not_declared_changes_a_row_too(salesforce):
    salesforce.write("Lead.csv", "Id,X__c\n1,a\n")
    salesforce.load(1)
    salesforce.write("Lead.csv", "Id,X__c\n1,b\n")
    assert salesforce.load(2).landed == 1


def test_of_two_loads_of_one_moment_the_later_one_stands(salesforce):
    for status in ("New", "Open"):
        salesforce.write("Lead.csv", f"Id,Status\n1,{status}\n")
        salesforce.load(1)
    assert salesforce.rows(VERSIONS) == [("1", "Open", "2025-01-01")]


def test_a_load_at_an_earlier_moment_is_compared_with_what_was_known_then(salesforce):
    for day, status in ((1, "New"), (3, "Open"), (2, "New")):
        salesforce.write("Lead.csv", f"Id,Status\n1,{status}\n")
        salesforce.load(day)
    assert [status for _, status, _ in salesforce.rows(VERSIONS)] == ["New", "Open"]


def test_two_systems_of_one_kind_do_not_know_each_other(salesforce):
    salesforce.write("Lead.csv", "Id,Status\n1,New\n")
    assert salesforce.connect(name="second").load().landed == 2
    assert salesforce.rows("select system from lead order by 1") == [("salesforce",), ("second",)]


def test_what_never_changes_lands_once_and_the_first_stays(marketo):
    marketo.write("activities.csv", "marketoGUID,leadId,attributes\ng1,1,\ng2,2,{}\n")
    assert marketo.load(1).landed == 2
    marketo.write("activities.csv", "marketoGUID,leadId,attributes\ng1,other,\ng2,2,{}\ng3,3,\n")
    result = marketo.load(2)
    assert "marketo: activity: 1 known rows came with other content; the first stays" in result.messages
    assert "marketo: activity: 3 read, 1 new, 1 unchanged, 1 rejected" in result.messages
    assert marketo.rows("select marketo_guid, lead_id from activity order by 1") == [
        ("g1", "1"),
        ("g2", "2"),
        ("g3", "3"),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_f17_of_one_key_in_one_export_the_latest_by_its_stamp_stands(salesforce, order):
    rows = [
        "1,Old,2024-05-01T00:00:00Z",
        "1,New,2024-05-03T00:00:00Z",
        "1,Middle,2024-05-02T00:00:00Z",
        "2,Twice,2024-05-01T00:00:00Z",
    ]
    shuffled = [*(rows[place] for place in order), rows[3], rows[3]]
    salesforce.write("Lead.csv", "Id,Status,SystemModstamp\n" + "".join(f"{row}\n" for row in shuffled))
    result = salesforce.load()
    assert "salesforce: lead: 5 read, 2 new, 0 unchanged, 2 superseded" in result.messages
    assert salesforce.rows("select id, status from lead order by 1") == [("1", "New"), ("2", "Twice")]
    assert salesforce.load(2).landed == 0


def test_f17_without_a_stamp_the_later_file_stands(salesforce):
    salesforce.parquet("Lead-1.parquet", "select '1' as Id, 'New' as Status union all select '2', 'New'")
    salesforce.parquet("Lead-2.parquet", "select '1' as Id, 'Open' as Status")
    salesforce.load()
    assert salesforce.rows("select id, status from lead order by 1") == [("1", "Open"), ("2", "New")]


def test_f17_an_activity_that_comes_twice_counts_once(marketo):
    marketo.parquet("activities-1.parquet", "select 'g' || i as marketoGUID, '1' as leadId from range(5) t(i)")
    marketo.parquet("activities-2.parquet", "select 'g' || i as marketoGUID, '1' as leadId from range(3, 9) t(i)")
    assert marketo.load().landed == 9
    assert marketo.rows("select count(*), count(distinct marketo_guid) from activity") == [(9, 9)]


def test_of_the_versions_that_an_extractor_keeps_the_active_one_stands(salesforce):
    salesforce.write(
        "Lead.csv",
        "id,status,_fivetran_active,_fivetran_start\n1,Old,false,2024-01-01\n1,New,true,2024-02-01\n"
        "2,Old,false,2024-01-01\n2,Deleted,false,2024-02-01\n3,New,true,2024-01-01\n3,Void,false,2024-02-01\n",
    )
    salesforce.load()
    assert salesforce.rows("select id, status from lead order by 1") == [("1", "New"), ("2", "Deleted"), ("3", "New")]


def test_every_load_says_how_far_each_object_reaches(salesforce):
    salesforce.write("Lead.csv", "Id\n1\n1\n")
    salesforce.load(1)
    salesforce.load(2)
    columns = "object, loaded_at::date::varchar, complete_through = loaded_at, rows_landed, rows_at_source"
    assert salesforce.rows(f"select {columns} from extractions order by loaded_at") == [
        ("lead", "2025-01-01", True, 1, None),
        ("lead", "2025-01-02", True, 1, None),
    ]
