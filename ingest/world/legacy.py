"""A simulated company: its CRM, its MAP, the sync between them, and the truth about everybody. Same seed, same bytes.

`write` makes a world of any size as export files, with a sources.yml that connects them. It knows nothing of the line
that reads them, and nothing here loops over people.

  people → journeys → committees, touches → faults    what happens (history.py puts it in order)
  records → crm, map                                  what the systems know of it
  truth                                               what only the world knows
"""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest.world import WorldSummary, crm, history, map, records
from ingest.world import legacy_truth as truth

ENDS_AT = datetime(2026, 3, 31, 22, tzinfo=UTC)  # midnight in Berlin
MONTH = 2_629_746  # seconds
SOURCES = Path(__file__).with_name("sources.yml")

# what sources.yml makes of each file
TABLES_OF_FILE = {
    "crm/leads.csv": ("people", "field_values"),
    "crm/lead_history.csv": ("field_changes",),
    "crm/contacts.csv": ("people",),
    "crm/accounts.csv": ("accounts",),
    "crm/opportunities.csv": ("opportunities",),
    "crm/opportunity_history.csv": ("opportunity_changes",),
    "crm/opportunity_contact_roles.csv": ("opportunity_people",),
    "crm/tasks.csv": ("activities",),
    "crm/users.csv": ("users",),
    "crm/campaigns.csv": ("campaigns",),
    "map/people.csv": ("people", "field_values"),
    "map/lifecycle_history.csv": ("field_changes",),
    "map/score_history.csv": ("field_changes",),
    "map/activities.csv": ("activities",),
    "map/programs.csv": ("campaigns",),
}


def write(
    out: Path,
    people: int,
    seed: int,
    faults: dict[str, float] | None = None,
    ends_at: datetime = ENDS_AT,
    months: int = 18,
) -> WorldSummary:
    """Write crm/, map/, truth/ and sources.yml under `out`; `faults`: rate by name, {} none, None the sample's."""
    end = int(ends_at.timestamp())
    start = end - months * MONTH
    con = duckdb.connect()
    try:
        con.execute("set enable_progress_bar = false")
        history.happen(con, people, seed, faults, start, end, "files")
        records.lay_out(con, start, end, "salesforce-marketo")
        exports = crm.exports(con) | map.exports(con) | truth.exports(con)
        rows = {file: _copy(con, query, out / file) for file, query in exports.items()}
        for system in ("crm", "map"):
            _copy(con, _extractions(system, rows), out / system / "extractions.csv")
        planted = dict(
            con.execute(f"select cause, count(*) from ({truth.MISMATCHES}) where is_open group by 1").fetchall()
        )
    finally:
        con.close()
    (out / "sources.yml").write_bytes(SOURCES.read_bytes())
    return WorldSummary(out, people, seed, ends_at, rows, planted)


def _copy(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> int:
    """Write a query's rows as CSV; how many."""
    file.parent.mkdir(parents=True, exist_ok=True)
    target = str(file).replace("'", "''")
    return con.execute(f"copy ({query}) to '{target}' (header, delimiter ',')").fetchone()[0]


def _extractions(system: str, rows: dict[str, int]) -> str:
    """The system's own word on what it handed out, by exchange table: everything, up to the world's end."""
    landed: dict[str, int] = {}
    for file, tables in TABLES_OF_FILE.items():
        if file.startswith(system):
            for table in tables:
                landed[table] = landed.get(table, 0) + rows[file]
    values = ", ".join(f"('{table}', {count})" for table, count in sorted(landed.items()))
    return f"""
        select
            name as "Object", iso(world_end()) as "ExtractedAt", iso(world_end()) as "CompleteThrough",
            landed as "RowsLanded"
        from (values {values}) as t (name, landed) order by name
    """
