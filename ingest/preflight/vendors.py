"""What a vendor's exports hold of the fields that the agreement may read, in the tables that `values` looks at.

Only current values, and deals as they stand: what they were before is judged when they are loaded.
"""

from pathlib import Path

import duckdb

from ingest.sources import System
from ingest.systems.files.sql import identifier, literal
from ingest.systems.kinds import KINDS
from ingest.systems.vendors.names import normalised
from ingest.systems.vendors.reading import SystemRead, TableRead, read_system

OPPORTUNITIES = {
    "salesforce": ("opportunity", "null::varchar", "stage_name", "system_modstamp"),
    "hubspot": ("deal", "pipeline", "dealstage", "hs_lastmodifieddate"),
}
USERS = {
    "salesforce": ("user", "name"),
    "hubspot": ("owner", "concat_ws(' ', first_name, last_name)"),
}
# Marketo's records hold the id of a revenue stage; its name stands in the activities that changed it.
REVENUE_STAGE = "lead_revenue_stage_id"


def read(con: duckdb.DuckDBPyConnection, system: System, scratch: Path) -> tuple[SystemRead, set[str]]:
    """Read one system; returns what is wrong with it, and which of the tables `read_…` there are now."""
    seen = read_system(con, system, scratch, has_raw=False)
    tables = {name: one for name, one in seen.tables.items() if one.settled}
    made = set()
    if held := list(_fields(system, tables)):
        con.execute(f"create temp table read_field_values as {' union all '.join(held)}")
        made.add("field_values")
    name, pipeline, stage, updated_at = OPPORTUNITIES.get(system.kind, ("", "", "", ""))
    if name in tables:
        con.execute(
            f"create temp table read_opportunities as select id as opportunity_id, {pipeline} as pipeline,"
            f" {stage} as stage_value, {updated_at} as updated_at, null::timestamp as closed_at,"
            f" null::timestamp as created_at from ({tables[name].settled.sql})"
        )
        made.add("opportunities")
    name, full_name = USERS.get(system.kind, ("", ""))
    if name in tables:
        con.execute(
            f"create temp table read_users as select id as user_id, email, {full_name} as name"
            f" from ({tables[name].settled.sql})"
        )
        made.add("users")
    return seen, made


def _fields(system: System, tables: dict[str, TableRead]):
    """A SELECT for each field that the agreement may read."""
    kind = KINDS[system.kind]
    for on, fields in system.known_fields.items():
        if kind.objects[on] not in tables:
            continue
        one = tables[kind.objects[on]]
        for field, source in fields.items():
            name = normalised(source)
            value = identifier(name) if name in one.table.columns else _extra(source)
            if name == REVENUE_STAGE and "activity" in tables:
                value = _stage_name(tables["activity"], value)
            yield (
                f"select id as record_id, {literal(on)} as object, {literal(field)} as field,"
                f" {value}::varchar as value, {identifier(one.table.stamp)} as set_at from ({one.settled.sql})"
            )


def _extra(source: str) -> str:
    pointer = "/" + source.replace("~", "~0").replace("/", "~1")
    return f"json_extract_string(extra, {literal(pointer)})"


def _stage_name(activities: TableRead, stage: str) -> str:
    names = (
        """select attributes ->> '$."New Stage ID"' as id, max(attributes ->> '$."New Stage"') as name"""
        f""" from ({activities.settled.sql}) where contains(attributes, '"New Stage ID"') group by 1"""
    )
    return f"coalesce(map_from_entries((select list((id, name)) from ({names})))[{stage}], {stage})"
