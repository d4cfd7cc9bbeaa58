"""F29: a warehouse of the release before this one is brought up to date, built and published; nothing is lost."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ingest import agreement, warehouse
from ingest.settings import Settings
from ingest.systems.loads import describe
from orchestration import building, dbt
from orchestration.publishing import builds
from orchestration.publishing.publication import publish
from tests.flow.conftest import EXAMPLES

WRITTEN = Path(__file__).parents[1] / "ingest" / "warehouse_of_layout_0.sql"
SOURCES = """
systems:
  - {name: salesforce, kind: salesforce, role: crm, path: exports, timezone: Europe/Berlin}
  - {name: marketo, kind: marketo, role: map, path: exports, timezone: Europe/Berlin}
"""
LEDGERS = "select 'intermediate.' || table_name from duckdb_tables() where schema_name = 'intermediate' order by all"
RAW = """
select schema_name || '."' || table_name || '"' from duckdb_tables()
where schema_name in ('raw_salesforce', 'raw_marketo') order by all
"""


@pytest.fixture
def settings(tmp_path) -> Settings:
    """What that release left behind: its warehouse, and the published file that notes of which build it was."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "sources.yml").write_text(SOURCES)
    data = tmp_path / "data"
    (data / "published").mkdir(parents=True)
    with duckdb.connect(str(data / "warehouse.duckdb")) as con:
        con.execute(WRITTEN.read_text())
        (build,) = con.execute("select build_id from intermediate.int_builds_numbered").fetchone()
    with duckdb.connect(str(data / "published" / "onefunnel.duckdb")) as con:
        con.execute(
            "create schema evidence; create table evidence.published_builds as select unnest(['funnel_by_month',"
            " 'conversion_rates', 'handoffs', 'opportunities']) as table_name, ? as build_id,"
            " timestamp '2026-04-01 06:00:00' as published_at",
            [build],
        )
    return Settings(data=data, sources=tmp_path / "sources.yml", agreement=EXAMPLES / "salesforce-marketo")


def rows(settings: Settings, tables: list[str]) -> dict[str, list[tuple]]:
    """Every row of these tables of the warehouse."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        return {table: con.execute(f"from {table} order by all").fetchall() for table in tables}


def test_f29_the_warehouse_of_the_release_before_is_built_and_published_and_no_ledger_is_lost(settings, manifest):
    with duckdb.connect(str(settings.warehouse)) as con:
        ledgers = [name for (name,) in con.execute(LEDGERS).fetchall()]
        raw = [name for (name,) in con.execute(RAW).fetchall()]
        # As if that release had known one column less of one ledger, and one more of another.
        con.execute("alter table intermediate.int_builds_numbered drop column agreement_hash")
        con.execute("alter table intermediate.int_records_remembered add column forgotten varchar default 'kept'")
    before = rows(settings, ledgers + raw)

    agreement.load(settings)
    with warehouse.connect(settings) as con:
        describe(con, settings.read_sources())
        builds.take_in(con, settings.data)
        dbt.drop_what_has_no_model(con, manifest)
    building.build(settings.data)
    publication = publish(settings.warehouse, settings.data, datetime(2026, 4, 2, 6))

    after = rows(settings, ledgers + raw)
    for table in raw:  # a column that came since says nothing of what was loaded before
        assert [
            row + (None,) * (len(now) - len(row)) for row, now in zip(before[table], after[table], strict=True)
        ] == (after[table]), table
    assert len(ledgers) == 7
    for table in ledgers:
        width = len(before[table][0]) if before[table] else 0
        assert before[table] == [row[:width] for row in after[table]][: len(before[table])], table
    assert [build for build, *_ in after["intermediate.int_builds_numbered"]] == [1, 2]
    assert [row[-1] is None for row in after["intermediate.int_builds_numbered"]] == [True, False]
    with duckdb.connect(str(publication.file), read_only=True) as con:
        columns = {column for column, *_ in con.execute("describe mismatch_incidents").fetchall()}
        seen = con.execute("select mismatch_id, first_seen_at from stage_mismatches order by all").fetchall()
        (people,) = con.execute("select count(*) from people").fetchone()
    assert "incident_id" not in columns
    assert seen == before["intermediate.int_mismatches_seen"]
    assert people == 4
