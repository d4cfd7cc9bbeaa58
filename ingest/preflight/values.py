"""What the fields that stages are read from hold, and what the agreement says of it, each at the time of its setting.

Works on the temp tables of one system (`ingest.systems.files.read_system`) beside raw_agreement.*, in one connection.
"""

import duckdb

from ingest.agreement import Agreement
from ingest.agreement.shape import StageSource
from ingest.preflight.findings import Findings, Unmapped

BLANK = r"e' \t\r\n'"
MOST_VALUES = 50  # a field with more is mostly no picklist, and its values nobody's business
WITHOUT_TIME = "timestamp '9999-01-01'"  # then the newest version decides

# Every value that a record has ever been seen with, and the last time at which that is known.
OF_FIELD = {
    "field_values": """
        select record_id, null::varchar as pipeline, value, set_at as seen_at
        from read_field_values where {object}""",
    "field_changes": """
        select record_id, null::varchar as pipeline, new_value as value, changed_at as seen_at
        from read_field_changes where {object}
        union all
        select record_id, null::varchar, old_value, changed_at - interval 1 microsecond
        from read_field_changes where {object}""",
}
OF_OPPORTUNITY = {
    "opportunities": """
        select opportunity_id as record_id, pipeline, stage_value as value,
            coalesce(updated_at, closed_at, created_at) as seen_at
        from read_opportunities""",
    "opportunity_changes": """
        select opportunity_id as record_id, pipeline, new_value as value, changed_at as seen_at
        from read_opportunity_changes {opportunities}
        union all
        select opportunity_id, pipeline, old_value, changed_at - interval 1 microsecond
        from read_opportunity_changes {opportunities}""",
}


def look(con: duckdb.DuckDBPyConnection, versions: list[Agreement], source: StageSource, tables: set[str]) -> Findings:
    """What a source's field holds against what the versions map; the source as its last version has it."""
    reading, found = _reading(source, tables), Findings()
    if reading is None:
        return found
    con.execute(
        f"""
        create or replace temp table preflight_seen as
        select
            record_id, coalesce(seen_at, {WITHOUT_TIME}) as seen_at,
            trim(value, {BLANK}) as value, trim(pipeline, {BLANK}) || '/' || trim(value, {BLANK}) as in_pipeline
        from ({reading}) where trim(value, {BLANK}) <> ''
        """
    )
    unmapped = _unmapped(con, versions[-1], source)
    found.unmapped = unmapped[:MOST_VALUES]
    if len(unmapped) > MOST_VALUES:
        key = f"stage_sources[{source.name}].field"
        found.warnings = [
            f"{key}: {len(unmapped)} values mean nothing, {MOST_VALUES} are shown: is it the right field?"
        ]
    if source in versions[-1].stage_sources:
        found.infos = _never_seen(con, versions[-1], source.name)
    return found


def _reading(source: StageSource, tables: set[str]) -> str | None:
    """The query for everything that a source's field holds in the tables that there are."""
    if source.kind == "opportunity":
        opportunities = "" if "opportunities" in tables else "cross join (select null::varchar as pipeline)"
        if "opportunities" in tables:
            opportunities = "left join (select opportunity_id, pipeline from read_opportunities) using (opportunity_id)"
        parts = [part.format(opportunities=opportunities) for name, part in OF_OPPORTUNITY.items() if name in tables]
    else:
        on, _, field = source.field.partition(".")
        quoted = [text.replace("'", "''") for text in (on, field)]
        where = f"object in ('{quoted[0]}', 'account') and field = '{quoted[1]}'"
        parts = [part.replace("{object}", where) for name, part in OF_FIELD.items() if name in tables]
    return " union all ".join(parts) or None


def _unmapped(con: duckdb.DuckDBPyConnection, newest: Agreement, source: StageSource) -> list[Unmapped]:
    rows = con.execute(
        """
        with known as (

            select version, value from raw_agreement.source_values where source = $source

        ),

        by_pipeline as (  -- a source that maps one pipeline's stages is answered by pipeline

            select bool_or(contains(value, '/')) as is_so from known

        ),

        judged as (

            select
                seen.record_id,
                if(by_pipeline.is_so, coalesce(seen.in_pipeline, seen.value), seen.value) as value,
                versions.version
            from preflight_seen as seen
            cross join by_pipeline
            join raw_agreement.versions as versions
                on seen.seen_at >= versions.in_force_from and seen.seen_at < versions.in_force_until
            join raw_agreement.stage_sources as sources
                on sources.version = versions.version and sources.source = $source and sources.system = $system
            anti join known on known.version = versions.version and known.value in (seen.value, seen.in_pipeline)

        )

        select value, count(distinct record_id), list_sort(list(distinct version)),
            not exists (select 1 from known where known.version = $newest and known.value = judged.value)
        from judged
        group by value
        order by count(distinct record_id) desc, value
        """,
        {"source": source.name, "system": source.system, "newest": newest.version},
    ).fetchall()
    return [
        Unmapped(source.name, value, records, tuple(lack), is_in_newest) for value, records, lack, is_in_newest in rows
    ]


def _never_seen(con: duckdb.DuckDBPyConnection, newest: Agreement, source: str) -> list[str]:
    rows = con.execute(
        """
        select value from raw_agreement.source_values where version = $newest and source = $source
        and value not in (select value from preflight_seen)
        and value not in (select in_pipeline from preflight_seen where in_pipeline is not null)
        order by value
        """,
        {"source": source, "newest": newest.version},
    ).fetchall()
    return [f"stage_sources[{source}]: {value!r} is mapped and was never seen" for (value,) in rows]
