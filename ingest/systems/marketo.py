"""Marketo: its raw tables, shaped as its REST API answers; Fivetran's tables of single activity types too.

Reads nothing.
"""

from ingest.systems.vendors.declaring import Kind, Origin, table

TABLES = (
    table(
        "lead",
        "id* email first_name last_name title company phone country state website lead_source lead_status"
        " lead_score:num lead_revenue_cycle_model_id lead_revenue_stage_id sfdc_type sfdc_lead_id sfdc_contact_id"
        " sfdc_account_id original_source_type created_at:ts updated_at:ts",
        "leads",
        stamp="updated_at",
    ),
    table(
        "activity",
        "marketo_guid* lead_id activity_date:ts activity_type_id:int campaign_id primary_attribute_value_id"
        " primary_attribute_value attributes:json",
        "activities",
        is_once=True,
        renamed={"marketo_guid": ("marketo_guid", "id")},
        ignored=("id",),
        has_many_shapes=True,
        takes_the_rest="attributes",
    ),
    table(
        "activity_type",
        "id*:int name description primary_attribute_name",
        "activity_types",
        renamed={"primary_attribute_name": ("primary_attribute_name", "primary_attribute.name")},
        ignored=("primary_attribute", "attributes"),
    ),
    table(
        "program",
        "id* name type channel status cost:money start_date:ts end_date:ts sfdc_id workspace created_at:ts"
        " updated_at:ts",
        "programs",
        stamp="updated_at",
    ),
    table(
        "program_member",
        "program_id* lead_id* status_name reached_success:flag membership_date:ts created_at:ts updated_at:ts",
        "program_members",
        stamp="updated_at",
    ),
    table(
        "campaign",
        "id* name type program_id active:flag created_at:ts updated_at:ts",
        {"campaigns": Origin(), "smart_campaigns": Origin()},
        stamp="updated_at",
    ),
)

KIND = Kind(
    name="marketo",
    tables={one.name: one for one in TABLES},
    objects={"prospect": "lead"},
    fields={
        "prospect": {"revenue_stage": "leadRevenueStageId", "lead_status": "leadStatus", "score": "leadScore"},
    },
    null_word="null",
)
