"""Where to look at a failing row: the addresses of its records in their systems, by the templates of sources.yml.

Only ids that name records have any; what the marts do not show has none.
"""

from collections.abc import Sequence

import duckdb

MOST = 10  # addresses of one row
RECORDS = {
    "person_id": "select person_id as id, record_url from marts.person_records",
    "opportunity_id": "select opportunity_id as id, record_url from marts.opportunities",
    "account_id": "select account_id as id, record_url from marts.account_records where not is_deleted",
    "mismatch_id": """
        select mismatches.mismatch_id as id, records.record_url
        from marts.stage_mismatches as mismatches
        inner join marts.person_records as records
            on mismatches.person_id = records.person_id
        where
            (records.system = mismatches.crm_system and records.record_id = mismatches.crm_record_id)
            or (records.system = mismatches.map_system and records.record_id = mismatches.map_record_id)""",
}


def links(connection: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, str | None]]) -> list[tuple[str, ...]]:
    """The addresses of each row, given as id column → id; one query for each column that names records."""
    found = {
        column: _by_id(connection, records, sorted({row[column] for row in rows if row.get(column)}))
        for column, records in RECORDS.items()
        if any(row.get(column) for row in rows)
    }
    return [
        tuple(dict.fromkeys(url for column in found for url in found[column].get(row.get(column), ())))[:MOST]
        for row in rows
    ]


def _by_id(connection, records, ids):
    """Id → addresses, in a fixed order."""
    return dict(
        connection.execute(
            f"select id, list(record_url order by record_url)[:{MOST}] from ({records})"
            " where regexp_matches(record_url, '^https?://') and id in (select unnest(?)) group by id",
            [ids],
        ).fetchall()
    )
