"""Salesforce: its raw tables, named and shaped as its API's objects. Reads nothing.

Fivetran's tables have the same columns in another spelling; of a row that it deleted it says so in a column of its own.
"""

from ingest.systems.vendors.declaring import Kind, Table, table

CHANGED = "created_date:ts last_modified_date:ts system_modstamp:ts"


def _object(name: str, columns: str) -> Table:
    deleted = {"is_deleted": ("is_deleted", "_fivetran_deleted")}
    options = {"stamp": "system_modstamp", "ignored": ("attributes",)}  # REST says there of which type a record is
    return table(name, columns, renamed=deleted if "is_deleted" in columns else {}, **options)


def _history(name: str, owner: str) -> Table:
    columns = f"id* {owner} field old_value new_value data_type created_by_id created_date:ts is_deleted:flag"
    return table(name, columns, is_once=True, ignored=("attributes",))


TABLES = (
    _object(
        "lead",
        "id* first_name last_name name email title company phone country state status lead_source rating industry"
        " number_of_employees:int owner_id is_converted:flag converted_date:date converted_account_id"
        " converted_contact_id converted_opportunity_id master_record_id is_deleted:flag created_by_id"
        f" last_modified_by_id {CHANGED}",
    ),
    _object(
        "contact",
        "id* account_id first_name last_name name email title phone mailing_country mailing_state lead_source"
        f" owner_id master_record_id is_deleted:flag created_by_id last_modified_by_id {CHANGED}",
    ),
    _object(
        "account",
        "id* name website industry number_of_employees:int billing_country parent_id owner_id master_record_id"
        f" is_deleted:flag created_by_id {CHANGED}",
    ),
    _object(
        "opportunity",
        "id* account_id contact_id name record_type_id stage_name amount:money currency_iso_code probability:num"
        " forecast_category_name lead_source campaign_id is_closed:flag is_won:flag close_date:date owner_id"
        f" is_deleted:flag created_by_id last_modified_by_id {CHANGED}",
    ),
    _history("lead_history", "lead_id"),
    _history("contact_history", "contact_id"),
    _history("opportunity_field_history", "opportunity_id"),
    _object(
        "opportunity_contact_role",
        f"id* opportunity_id contact_id role is_primary:flag is_deleted:flag created_by_id {CHANGED}",
    ),
    _object(
        "campaign",
        "id* name type status is_active:flag start_date:date end_date:date actual_cost:money budgeted_cost:money"
        f" currency_iso_code parent_id is_deleted:flag {CHANGED}",
    ),
    _object(
        "campaign_member",
        "id* campaign_id lead_id contact_id lead_or_contact_id status has_responded:flag first_responded_date:date"
        f" is_deleted:flag created_by_id {CHANGED}",
    ),
    _object(
        "task",
        "id* who_id what_id account_id owner_id subject type task_subtype status is_closed:flag call_type"
        f" activity_date:date completed_date_time:ts is_deleted:flag created_by_id {CHANGED}",
    ),
    _object(
        "event",
        "id* who_id what_id account_id owner_id subject type event_subtype activity_date:date activity_date_time:ts"
        f" start_date_time:ts end_date_time:ts is_deleted:flag created_by_id {CHANGED}",
    ),
    _object(
        "user",
        "id* name first_name last_name email username user_type is_active:flag profile_id user_role_id"
        f" time_zone_sid_key {CHANGED}",
    ),
    _object("group", f"id* name developer_name type email {CHANGED}"),
)

KIND = Kind(
    name="salesforce",
    tables={one.name: one for one in TABLES},
    objects={name: name for name in ("lead", "contact", "account", "task", "event")},
    fields={"lead": {"status": "Status", "owner": "OwnerId"}, "contact": {"owner": "OwnerId"}},
)
