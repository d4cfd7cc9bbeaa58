"""How long the queue of mismatches is, and whether it gets shorter, by team; the queue itself is the triage's.

A file of an earlier release has no queue, or a table of that name that is something else: then nothing is said.
"""

from orchestration.publishing.page.funnel import Published

OPEN = ("new", "acknowledged", "snoozed")
DAYS = 7
STATES = """
    select mismatch_id, fingerprint, state, snoozed_until, reopened_count, note, changed_by, changed_at
    from mismatch_incidents where state <> 'resolved'
"""
NO_STATES = """
    select null::varchar as mismatch_id, null::varchar as fingerprint, null::varchar as state,
        null::timestamp as snoozed_until, null::bigint as reopened_count, null::varchar as note,
        null::varchar as changed_by, null::timestamp as changed_at
    where false
"""


def is_in(published: Published) -> bool:
    """Whether the file holds the queue."""
    return published.value(
        "select exists (from duckdb_columns() where table_name = 'mismatch_incidents' and column_name = 'fingerprint')"
    )


def read(published: Published) -> dict | None:
    """Counts by team, the longest queue first, and of all; null where the file holds no queue."""
    if not is_in(published):
        return None
    rows = published.rows(
        f"""
        with clock as (
            select greatest(
                (select max(published_at) from report_status), max(last_seen_at), max(resolved_at)
            ) - interval {DAYS} day as since
            from mismatch_incidents
        )
        select
            if(grouping(owner_team) = 1, null, coalesce(owner_team, 'no team')) as team,
            count(*) filter (state <> 'resolved') as open,
            {", ".join(f"count(*) filter (state = '{state}') as {state}" for state in OPEN)},
            count(*) filter (state <> 'resolved' and reopened_count > 0) as reopened,
            count(*) filter (state = 'resolved' and resolved_at > since) as resolved,
            count(*) filter (first_seen_at > since) as appeared, min(first_seen_at) <= any_value(since) as is_old_enough
        from mismatch_incidents, clock
        group by grouping sets ((owner_team), ())
        having grouping(owner_team) = 1 or count(*) filter (state <> 'resolved' or resolved_at > since) > 0
        order by grouping(owner_team), open desc, team
        """
    )
    return {"days": DAYS, "teams": rows[:-1], "all": rows[-1]}
