"""HubSpot: its raw tables, from records as its CRM API answers them, or from Fivetran's flat tables. Reads nothing."""

from ingest.systems.vendors.declaring import Kind, Origin, Table, table

ARCHIVED = {"archived": ("archived", "is_deleted", "_fivetran_deleted")}
HISTORY = "properties_with_history"
ENGAGEMENTS = ("call", "email", "meeting", "note", "task", "communication")
PAIRS = (
    ("deal", "contact"),
    ("deal", "company"),
    ("engagement", "contact"),
    ("engagement", "deal"),
    ("engagement", "company"),
)


def _history(owner: str, records: str) -> Table:
    """The observed values of an object's properties: a list in each record, or Fivetran's table of them."""
    return table(
        f"{owner}_property_history",
        f"{owner}_id* name* timestamp*:ts value source source_id updated_by_user_id",
        {name: Origin({f"{owner}_id": ("parent.id",)}, nested=HISTORY) for name in (owner, records)},
        is_once=True,
        renamed={"timestamp": ("timestamp", "timestamp_instant"), "source": ("source", "source_type")},
        ignored=("id", "parent.id"),
        has_many_shapes=True,
    )


def _engagement_origins() -> dict[str, Origin]:
    named = {"engagements": Origin()}
    for kind in ENGAGEMENTS:
        constants = {"type": kind.upper()}
        named[f"engagement_{kind}"] = Origin({"id": ("engagement_id", "id")}, constants)
        named[f"{kind}s"] = Origin({}, constants)
    return named


TABLES = (
    table(
        "contact",
        "id* email firstname lastname jobtitle company phone country state lifecyclestage hs_lead_status"
        " hubspotscore:num hubspot_owner_id associatedcompanyid hs_merged_object_ids hs_analytics_source"
        " salesforceleadid salesforcecontactid salesforceaccountid salesforcelastsynctime:ts createdate:ts"
        " lastmodifieddate:ts archived:flag archived_at:ts",
        "contacts",
        stamp="lastmodifieddate",
        ignored=(HISTORY, "associations"),
        renamed=ARCHIVED
        | {"createdate": ("createdate", "created_at"), "lastmodifieddate": ("lastmodifieddate", "updated_at")},
    ),
    _history("contact", "contacts"),
    table(
        "company",
        "id* name domain industry numberofemployees:int country lifecyclestage hs_parent_company_id"
        " hubspot_owner_id salesforceaccountid createdate:ts hs_lastmodifieddate:ts archived:flag",
        "companies",
        stamp="hs_lastmodifieddate",
        ignored=(HISTORY, "associations"),
        renamed=ARCHIVED
        | {"createdate": ("createdate", "created_at"), "hs_lastmodifieddate": ("hs_lastmodifieddate", "updated_at")},
    ),
    _history("company", "companies"),
    table(
        "deal",
        "id* dealname pipeline dealstage amount:money deal_currency_code closedate:ts hs_is_closed:flag"
        " hs_is_closed_won:flag hubspot_owner_id hs_merged_object_ids createdate:ts hs_lastmodifieddate:ts"
        " archived:flag",
        "deals",
        stamp="hs_lastmodifieddate",
        ignored=(HISTORY, "associations"),
        renamed=ARCHIVED
        | {
            "id": ("id", "deal_id"),
            "pipeline": ("pipeline", "deal_pipeline_id"),
            "dealstage": ("dealstage", "deal_pipeline_stage_id"),
            "hubspot_owner_id": ("hubspot_owner_id", "owner_id"),
            "createdate": ("createdate", "created_at"),
            "hs_lastmodifieddate": ("hs_lastmodifieddate", "updated_at"),
        },
    ),
    _history("deal", "deals"),
    table(
        "pipeline",
        "id* label display_order:int archived:flag",
        "pipelines",
        {"deal_pipeline": Origin({"id": ("pipeline_id",)})},
        renamed={"archived": ("archived", "_fivetran_deleted", "not active")},
        ignored=("stages",),
    ),
    table(
        "pipeline_stage",
        "pipeline_id* id* label display_order:int is_closed:flag closed_won:flag probability:num archived:flag",
        {name: Origin({"pipeline_id": ("parent.id",)}, nested="stages") for name in ("pipeline", "pipelines")},
        {"deal_pipeline_stage": Origin({"id": ("stage_id",)})},
        renamed={
            "archived": ("archived", "_fivetran_deleted", "not active"),
            "is_closed": ("is_closed", "metadata.is_closed"),
            "probability": ("probability", "metadata.probability"),
        },
        ignored=("metadata", "parent.id"),
    ),
    table(
        "owner",
        "id* email first_name last_name type user_id archived:flag created_at:ts updated_at:ts",
        "owners",
        stamp="updated_at",
        renamed=ARCHIVED | {"id": ("id", "owner_id"), "user_id": ("user_id", "active_user_id")},
    ),
    table(
        "engagement",
        "id* type hs_timestamp:ts hs_createdate:ts hs_lastmodifieddate:ts hubspot_owner_id hs_call_direction"
        " hs_call_status hs_email_direction hs_meeting_outcome hs_task_status hs_task_type hs_object_source"
        " archived:flag",
        _engagement_origins(),
        stamp="hs_lastmodifieddate",
        ignored=(HISTORY, "associations"),
        renamed=ARCHIVED
        | {
            "hs_timestamp": ("hs_timestamp", "timestamp", "start_time"),
            "hs_createdate": ("hs_createdate", "created_at"),
            "hs_lastmodifieddate": ("hs_lastmodifieddate", "updated_at", "last_updated"),
            "hubspot_owner_id": ("hubspot_owner_id", "owner_id"),
            "hs_meeting_outcome": ("hs_meeting_outcome", "meeting_outcome"),
            "hs_task_type": ("hs_task_type", "task_type"),
        },
        has_many_shapes=True,
    ),
    table(
        "association",
        "from_object* from_id* to_object* to_id* type_id category label",
        "associations",
        {
            f"{one}_{other}": Origin(
                {"from_id": (f"{one}_id",), "to_id": (f"{other}_id",)}, {"from_object": one, "to_object": other}
            )
            for one, other in PAIRS
        },
        key="from_object from_id to_object to_id type_id",
        has_many_shapes=True,
    ),
    table(
        "contact_merge_audit",
        "contact_id* vid_to_merge* timestamp:ts user_id",
        is_once=True,
    ),
    table(
        "form_submission",
        "contact_id* conversion_id* form_id timestamp:ts title page_url",
        "form_submissions",
        "contact_form_submission",
        is_once=True,
    ),
    table(
        "email_event",
        "id* recipient type created:ts email_campaign_id",
        "email_events",
        is_once=True,
    ),
    table("email_campaign", "id* name subject type", "email_campaigns"),
)

KIND = Kind(
    name="hubspot",
    tables={one.name: one for one in TABLES},
    objects={"contact": "contact", "account": "company"},
    fields={
        "contact": {
            "lifecyclestage": "lifecyclestage",
            "hs_lead_status": "hs_lead_status",
            "owner": "hubspot_owner_id",
            "score": "hubspotscore",
        },
        "account": {"lifecyclestage": "lifecyclestage"},
    },
    opened="properties",
    prefix="property_",
)
