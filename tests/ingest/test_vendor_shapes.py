"""The shapes in which HubSpot's API, Marketo's API and their extractor hand out one and the same thing."""

import json
from datetime import datetime

import pytest
from vendor_exports import VendorExports

LATER, EARLIER = "2024-05-02T10:00:00.000Z", "2024-05-01T10:00:00Z"


@pytest.fixture
def hubspot(tmp_path) -> VendorExports:
    return VendorExports(tmp_path, "hubspot")


@pytest.fixture
def marketo(tmp_path) -> VendorExports:
    return VendorExports(tmp_path, "marketo")


CONTACT = {
    "id": "501",
    "properties": {
        "email": "a@x.example",
        "lifecyclestage": "lead",
        "createdate": EARLIER,
        "custom": "c",
        "none": None,
    },
    "propertiesWithHistory": {
        "lifecyclestage": [
            {"value": "lead", "timestamp": LATER, "sourceType": "CRM_UI", "sourceId": "userId:9", "updatedByUserId": 9},
            {"value": "subscriber", "timestamp": EARLIER, "sourceType": "FORM"},
        ],
        "email": [],
    },
    "createdAt": EARLIER,
    "updatedAt": LATER,
    "archived": False,
}
STRUCT = """
select '501' as id,
    {'email': 'a@x.example', 'lifecyclestage': 'lead', 'createdate': timestamp '2024-05-01 10:00:00', 'custom': 'c',
        'none': null::varchar} as properties,
    {'lifecyclestage': [
        {'value': 'lead', 'timestamp': '2024-05-02T10:00:00.000Z', 'sourceType': 'CRM_UI', 'sourceId': 'userId:9',
            'updatedByUserId': 9},
        {'value': 'subscriber', 'timestamp': '2024-05-01T10:00:00Z', 'sourceType': 'FORM', 'sourceId': null,
            'updatedByUserId': null}], 'email': []} as "propertiesWithHistory",
    timestamptz '2024-05-01 10:00:00+00' as "createdAt", timestamptz '2024-05-02 10:00:00+00' as "updatedAt",
    false as archived
"""
MAPS = STRUCT.replace(
    "{'email': 'a@x.example', 'lifecyclestage': 'lead', 'createdate': timestamp '2024-05-01 10:00:00'",
    "map {'email': 'a@x.example', 'lifecyclestage': 'lead', 'createdate': '2024-05-01T10:00:00Z'",
).replace("{'lifecyclestage': [\n", "map {'lifecyclestage': [\n")


@pytest.mark.parametrize("shape", ["answer", "lines", "structs", "maps", "texts"])
def test_a_contact_and_its_history_are_the_same_in_every_shape(hubspot, shape):
    if shape == "answer":
        hubspot.write("contacts.json", json.dumps({"results": [CONTACT], "paging": {"next": {"after": "1"}}}))
    elif shape == "lines":
        hubspot.jsonl("contacts.jsonl", CONTACT)
    else:
        texts = (
            f"select * replace (to_json(properties)::varchar as properties,"
            f' to_json("propertiesWithHistory")::varchar as "propertiesWithHistory") from ({STRUCT})'
        )
        hubspot.parquet("contacts.parquet", {"structs": STRUCT, "maps": MAPS, "texts": texts}[shape])
    hubspot.load()
    columns = "id, email, lifecyclestage, createdate, lastmodifieddate, archived, json(extra)->>'custom', extra"
    assert [row[:7] for row in hubspot.rows(f"select {columns} from contact")] == [
        (
            "501",
            "a@x.example",
            "lead",
            datetime(2024, 5, 1, 10),
            datetime(2024, 5, 2, 10),
            False,
            "c",
        )
    ]
    assert hubspot.rows("select extra from contact") == [('{"custom":"c"}',)]
    assert hubspot.rows(
        "select * exclude (system, content_hash, loaded_at) from contact_property_history order by 3"
    ) == [
        ("501", "lifecyclestage", datetime(2024, 5, 1, 10), "subscriber", "FORM", None, None, None),
        ("501", "lifecyclestage", datetime(2024, 5, 2, 10), "lead", "CRM_UI", "userId:9", "9", None),
    ]


def test_a_history_that_came_before_and_is_gone_stops_the_history_alone(hubspot):
    hubspot.jsonl("contacts.jsonl", CONTACT)
    hubspot.load()
    hubspot.jsonl("contacts.jsonl", {**CONTACT, "propertiesWithHistory": None, "updatedAt": "2024-05-03T10:00:00Z"})
    assert hubspot.load(2).landed == 1
    without = {name: value for name, value in CONTACT.items() if name != "propertiesWithHistory"}
    hubspot.jsonl("contacts.jsonl", without)
    error = str(hubspot.stopped(3))
    assert error == "hubspot: contacts.jsonl: column 'properties_with_history': is missing: it came before"


def test_the_stages_of_a_pipeline_know_it_and_whether_they_are_closed(hubspot):
    stages = [
        {"id": "s1", "label": "Open", "displayOrder": 0, "archived": False, "metadata": {"isClosed": "false"}},
        {"id": "won", "label": "Won", "displayOrder": 1, "metadata": {"isClosed": "true", "probability": "1.0"}},
    ]
    record = {"id": "p1", "label": "Sales", "displayOrder": 3, "archived": False, "stages": stages}
    hubspot.write("pipelines.json", json.dumps({"results": [record]}))
    hubspot.load()
    assert hubspot.rows("select id, label, display_order, archived, extra from pipeline") == [
        ("p1", "Sales", 3, False, None)
    ]
    columns = "pipeline_id, id, label, display_order, is_closed, probability, archived, extra"
    assert hubspot.rows(f"select {columns} from pipeline_stage order by display_order") == [
        ("p1", "s1", "Open", 0, False, None, False, None),
        ("p1", "won", "Won", 1, True, 1.0, None, None),
    ]


def test_an_answer_without_records_is_an_empty_export(hubspot):
    hubspot.write("contacts.json", json.dumps({"results": [CONTACT]}))
    hubspot.write("deals.json", json.dumps({"results": []}))
    hubspot.load()
    assert hubspot.rows("select rows_landed from extractions where object in ('deal', 'contact') order by 1") == [
        (0,),
        (1,),
    ]
    hubspot.write("contacts.json", json.dumps({"results": []}))
    assert hubspot.load(2).landed == 0


def test_the_extractors_flat_tables_mean_the_same_as_the_api(hubspot):
    hubspot.write(
        "contact.csv", "id,property_email,property_lifecyclestage,property_custom,_fivetran_deleted\n5,e,lead,c,TRUE\n"
    )
    hubspot.write(
        "contact_property_history.csv", "contact_id,name,timestamp,source,value\n5,stage,2024-05-01 10:00:00,API,x\n"
    )
    hubspot.write(
        "deal.csv",
        "deal_id,deal_pipeline_id,deal_pipeline_stage_id,owner_id,property_amount,is_deleted\n7,p,s,o,5,false\n",
    )
    hubspot.write("deal_pipeline.csv", "pipeline_id,label,active\np,Sales,false\n")
    hubspot.write("deal_pipeline_stage.csv", "stage_id,pipeline_id,closed_won,active\ns,p,true,true\n")
    hubspot.write("owner.csv", "owner_id,email,active_user_id\no,o@x.example,12\n")
    hubspot.write("deal_contact.csv", "deal_id,contact_id,type_id\n7,5,3\n7,5,4\n")
    hubspot.write("engagement_company.csv", "company_id,engagement_id\n8,9\n")
    hubspot.write("engagement.csv", "id,type\n9,CALL\n10,NOTE\n")
    hubspot.write(
        "engagement_call.csv",
        "engagement_id,property_hs_timestamp,property_hs_lastmodifieddate\n9,2024-05-01,2024-05-01\n",
    )
    hubspot.write("meetings.jsonl", json.dumps({"id": "11", "properties": {"hs_meeting_outcome": "COMPLETED"}}) + "\n")
    hubspot.load()
    assert hubspot.rows("select id, email, lifecyclestage, archived, extra from contact") == [
        ("5", "e", "lead", True, '{"custom":"c"}')
    ]
    assert hubspot.rows("select contact_id, name, value, source from contact_property_history") == [
        ("5", "stage", "x", "API")
    ]
    assert hubspot.rows("select id, pipeline, dealstage, hubspot_owner_id, amount::int, archived, extra from deal") == [
        ("7", "p", "s", "o", 5, False, None)
    ]
    assert hubspot.rows("select id, archived from pipeline") == [("p", True)]
    assert hubspot.rows("select pipeline_id, id, closed_won, archived from pipeline_stage") == [("p", "s", True, False)]
    assert hubspot.rows("select id, user_id from owner") == [("o", "12")]
    assert hubspot.rows("select from_object, from_id, to_object, to_id, type_id from association order by all") == [
        ("deal", "7", "contact", "5", "3"),
        ("deal", "7", "contact", "5", "4"),
        ("engagement", "9", "company", "8", None),
    ]
    assert hubspot.rows(
        "select id, type, hs_timestamp::date::varchar, hs_meeting_outcome from engagement order by 2"
    ) == [
        ("9", "CALL", "2024-05-01", None),
        ("11", "MEETING", None, "COMPLETED"),
        ("10", "NOTE", None, None),
    ]


def test_a_property_of_the_name_of_a_records_own_column_stays_a_property(hubspot):
    hubspot.jsonl("contacts.jsonl", {"id": "1", "properties": {"id": "my own", "archived": "yes"}, "archived": False})
    hubspot.load()
    assert hubspot.rows("select id, archived, json(extra)->>'id', json(extra)->>'archived' from contact") == [
        ("1", False, "my own", "yes")
    ]


@pytest.mark.parametrize(
    "attributes",
    [
        """'{"New Value":"5","Source":"Sales"}'""",
        """'[{"name":"New Value","value":5},{"name":"Source","value":"Sales"}]'""",
        "[{'name': 'New Value', 'value': '5'}, {'name': 'Source', 'value': 'Sales'}]",
        "map {'New Value': '5', 'Source': 'Sales'}",
        """{'New Value': '5', 'Source': 'Sales'}""",
        """json('{"New Value":"5","Source":"Sales"}')""",
    ],
)
def test_the_attributes_of_an_activity_are_one_object_in_every_shape(marketo, attributes):
    marketo.parquet(
        "activities.parquet",
        f'select 7 as id, \'g\' as "marketoGUID", 1 as "leadId", \'2024-05-01T10:00:00Z\' as "activityDate",'
        f' 13 as "activityTypeId", {attributes} as attributes',
    )
    marketo.load()
    assert marketo.rows(
        "select marketo_guid, lead_id, activity_date, activity_type_id, attributes, extra from activity"
    ) == [("g", "1", datetime(2024, 5, 1, 10), 13, '{"New Value":"5","Source":"Sales"}', None)]


def test_attributes_that_are_no_json_stop_the_activities(marketo):
    marketo.write("activities.csv", "marketoGUID,leadId,attributes\n1,1,{}\n2,1,New Value\n")
    assert "column 'attributes': attributes is not a JSON object (1 of 2 rows, first in record 2)" in str(
        marketo.stopped()
    )


def test_the_extractors_tables_of_single_activity_types_become_activities_in_the_vendors_words(marketo):
    marketo.write(
        "changes.csv", "\ufeffid,lead_id,activity_type_id,new_value,old_value,_fivetran_synced\n1,5,13,b,,2024-01-01\n"
    )
    marketo.write(
        "merges.csv",
        "id,lead_id,activity_type_id,merge_ids,merged_in_sales,primary_attribute_value\n2,5,32,[6],TRUE,x\n",
    )
    marketo.write("stages.csv", "id,lead_id,activity_type_id,new_stage_id,client_ip_address\n3,5,101,9,::1\n")
    marketo.connect(files={"activity": "*s.csv"}).load()
    columns = "marketo_guid, lead_id, activity_type_id, primary_attribute_value, attributes, extra"
    assert marketo.rows(f"select {columns} from activity order by 1") == [
        ("1", "5", 13, None, '{"New Value":"b"}', None),
        ("2", "5", 32, "x", '{"Merge IDs":"[6]","Merged in Sales":"TRUE"}', None),
        ("3", "5", 101, None, '{"New Stage ID":"9","Client IP Address":"::1"}', None),
    ]


def test_the_primary_attribute_of_an_activity_type_is_its_name(marketo):
    record = {
        "id": 1,
        "name": "Visit Webpage",
        "primaryAttribute": {"name": "Webpage ID", "dataType": "integer"},
        "attributes": [],
    }
    marketo.write("activity_types.json", json.dumps({"success": True, "result": [record]}))
    marketo.load()
    assert marketo.rows("select id, name, primary_attribute_name, extra from activity_type") == [
        (1, "Visit Webpage", "Webpage ID", None)
    ]


def test_the_word_null_in_a_bulk_extract_of_marketo_is_nothing(marketo):
    marketo.write("leads.csv", "id,email,leadScore,custom\n1,null,null,null\n2,null@x.example,5,nullable\n")
    marketo.load()
    assert marketo.rows("select id, email, lead_score, extra from lead order by id") == [
        ("1", None, None, None),
        ("2", "null@x.example", 5.0, '{"custom":"nullable"}'),
    ]
