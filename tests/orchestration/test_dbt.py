"""What the conductor does to the warehouse around a build of the models."""

import json

import duckdb

from orchestration import dbt


def model(schema: str, name: str) -> dict:
    """A model as the manifest has it."""
    return {"resource_type": "model", "schema": schema, "alias": name}


def test_f29_what_no_model_makes_any_more_is_dropped_and_nothing_else(tmp_path):
    nodes = [model("marts", "people"), model("intermediate", "int_seen"), {"resource_type": "test"}]
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": dict(enumerate(nodes))}))
    with duckdb.connect() as con:
        con.execute("create schema raw_files; create schema marts; create schema intermediate; create schema evidence")
        con.execute("create table raw_files.people (i int); create table evidence.builds (i int)")
        con.execute("create table marts.people (i int); create table intermediate.int_seen as select 1 as ledger")
        con.execute('create table marts."of an Earlier Release" (i int)')
        con.execute("create table intermediate.people (i int); create view intermediate.int_old as from marts.people")
        con.execute("create table intermediate.int_seen__dbt_tmp (i int)")
        dbt.drop_what_has_no_model(con, manifest)
        left = con.execute("select table_schema || '.' || table_name from information_schema.tables order by 1")
        assert left.fetchall() == [
            ("evidence.builds",),
            ("intermediate.int_seen",),
            ("marts.people",),
            ("raw_files.people",),
        ]
        assert con.execute("from intermediate.int_seen").fetchall() == [(1,)]
