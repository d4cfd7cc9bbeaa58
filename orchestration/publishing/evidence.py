"""What is known about the data in the warehouse: what was built when, and which tests and audits it passed.

Publishing asks here, so that no order of clicks in Dagster, no killed step and no partial run can publish what nobody
checked. It lies in the warehouse itself, in schema `evidence`, so that it cannot outlive the data it speaks of.
"""

from dataclasses import dataclass, field
from datetime import datetime

import duckdb

GOOD = ("success", "pass", "warn", "no-op")


@dataclass(frozen=True)
class Node:
    """A model or a test that must be good before anything is published; `parents` are the nodes that it reads."""

    id: str
    name: str
    kind: str  # model or test
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Build:
    """How one node's last build, or one source's last load, ended; times are naive UTC, null where it was skipped."""

    id: str
    status: str
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class Audit:
    """One expectation's outcome (passed, failed, could_not_run), and whether nothing may be published because of it."""

    expectation: str
    outcome: str
    blocks: bool


@dataclass(frozen=True)
class Needed:
    """Everything that must be good: the nodes of the dbt project and the marts that have a suite."""

    nodes: dict[str, Node] = field(default_factory=dict)
    suites: tuple[str, ...] = ()


def forget(connection: duckdb.DuckDBPyConnection, ids: list[str]) -> None:
    """Before nodes are built anew: what was known of them no longer holds, also if the build is killed."""
    _prepare(connection)
    connection.execute("delete from evidence.builds where list_contains(?, id)", [ids])


def record_builds(connection: duckdb.DuckDBPyConnection, builds: list[Build]) -> None:
    """Keep how each node's build ended."""
    _prepare(connection)
    columns = [[getattr(build, column) for build in builds] for column in ("id", "status", "started_at", "finished_at")]
    connection.execute(
        "insert or replace into evidence.builds"
        " select unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::timestamp[]), unnest(?::timestamp[])",
        columns,
    )


def record_load(connection: duckdb.DuckDBPyConnection, tables: list[str], moment: datetime) -> None:
    """Before raw tables (`schema.table`) are loaded: whatever reads them is older now, also if the load is killed."""
    record_builds(connection, [Build(f"source.onefunnel.{table}", "loaded", moment, moment) for table in tables])


def record_audits(connection: duckdb.DuckDBPyConnection, mart: str, model_id: str, audits: list[Audit]) -> None:
    """Keep the verdicts on a mart together with the build of it that was audited."""
    _prepare(connection)
    rows = [[mart, audit.expectation, audit.outcome, audit.blocks, model_id] for audit in audits]
    connection.begin()
    connection.execute("delete from evidence.audits where mart = ?", [mart])
    connection.executemany(
        "insert into evidence.audits select ?, ?, ?, ?, (select finished_at from evidence.builds where id = ?)", rows
    )
    connection.commit()


def objections(connection: duckdb.DuckDBPyConnection, needed: Needed) -> list[str]:
    """Why what the warehouse holds must not be published, one sentence each; empty when nothing speaks against it."""
    builds = _builds(connection)
    return [
        *(sentence for node in needed.nodes.values() if (sentence := _against(node, needed.nodes, builds))),
        *(sentence for mart in needed.suites for sentence in _unaudited(connection, mart, needed.nodes, builds)),
    ]


def _against(node: Node, nodes: dict[str, Node], builds: dict[str, Build]) -> str | None:
    build = builds.get(node.id)
    if build is None:
        return f"{node.name} was not {'built' if node.kind == 'model' else 'tested'} since it last had to be."
    if build.status not in GOOD:
        return f"{node.name}: {'the build' if node.kind == 'model' else 'the test'} ended with {build.status}."
    newer = [
        nodes[parent].name if parent in nodes else ".".join(parent.split(".")[-2:])
        for parent in node.parents
        if parent in builds and _is_older(build, builds[parent])
    ]
    return f"{node.name} is older than {', '.join(sorted(newer))}, which it reads." if newer else None


def _is_older(build: Build, parent: Build) -> bool:
    return bool(build.started_at and parent.finished_at and build.started_at < parent.finished_at)


def _unaudited(connection, mart: str, nodes: dict[str, Node], builds: dict[str, Build]) -> list[str]:
    audits = _rows(connection, "audits", "expectation, outcome, blocks, audited_build", "mart = ?", [mart])
    model = next((node for node in nodes.values() if node.kind == "model" and node.name == mart), None)
    built_at = builds[model.id].finished_at if model and model.id in builds else None
    if not audits or any(audited_build != built_at for *_, audited_build in audits):
        return [f"{mart} was not audited since it was last built."]
    return [
        f"{mart}: the check {expectation} {outcome.replace('_', ' ')}."
        for expectation, outcome, blocks, _ in audits
        if blocks
    ]


def _builds(connection) -> dict[str, Build]:
    return {
        row[0]: Build(*row) for row in _rows(connection, "builds", "id, status, started_at, finished_at", "true", [])
    }


def _rows(connection, table: str, columns: str, condition: str, values: list) -> list[tuple]:
    known = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'evidence' and table_name = ?", [table]
    ).fetchone()
    query = f"select {columns} from evidence.{table} where {condition} order by all"
    return connection.execute(query, values).fetchall() if known else []


def _prepare(connection) -> None:
    connection.execute("create schema if not exists evidence")
    connection.execute(
        "create table if not exists evidence.builds"
        " (id varchar primary key, status varchar, started_at timestamp, finished_at timestamp)"
    )
    connection.execute(
        "create table if not exists evidence.audits"
        " (mart varchar, expectation varchar, outcome varchar, blocks boolean, audited_build timestamp)"
    )
