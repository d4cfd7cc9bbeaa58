"""The walls between the layers of models, read from the manifest; each broken once in a manifest that is made up."""

import json
from pathlib import Path

import pytest

from ingest.warehouse import RAW

LEFT_OF = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate"},
    "marts": {"staging", "intermediate"},
    "reports": {"staging", "intermediate", "marts"},
}


@pytest.fixture(scope="module")
def parsed(manifest) -> dict:
    """The manifest of the dbt project."""
    return json.loads(manifest.read_text())


def layer(node: dict) -> str:
    """The folder that a model stands in; a source is `source`."""
    return "source" if node["resource_type"] == "source" else node["fqn"][1]


def reads_to_the_right(manifest: dict) -> list[str]:
    """Every model that reads something which is not to its left."""
    nodes = manifest["nodes"] | manifest["sources"]
    return [
        f"{node['name']} ({layer(node)}) reads {nodes[upstream]['name']} ({layer(nodes[upstream])})"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for upstream in node["depends_on"]["nodes"]
        if layer(nodes[upstream]) not in LEFT_OF[layer(node)]
    ]


def public_without_contract(manifest: dict) -> list[str]:
    """Every model that others may rely on and whose columns nothing holds."""
    return [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and (node["access"] == "public" or layer(node) in {"marts", "reports"})
        and not (node["access"] == "public" and node["config"]["contract"]["enforced"])
    ]


def without_a_grain(manifest: dict) -> list[str]:
    """Every model whose description does not say what a row is."""
    return [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and "One row" not in node["description"]
    ]


def test_every_model_reads_only_what_lies_to_its_left(parsed):
    assert reads_to_the_right(parsed) == []


def test_what_is_public_has_a_contract(parsed):
    assert public_without_contract(parsed) == []


def test_every_model_says_what_a_row_is(parsed):
    assert without_a_grain(parsed) == []


def test_only_reports_carry_the_tag_by_which_they_wait_for_the_audit(parsed):
    tagged = {
        node["name"]
        for node in parsed["nodes"].values()
        if "report" in node["tags"] and node["resource_type"] == "model"
    }
    assert tagged == {"funnel_by_month", "conversion_rates", "handoffs"}


@pytest.mark.parametrize(
    ("reader", "read"),
    [
        ("staging", "staging"),
        ("intermediate", "marts"),
        ("marts", "marts"),
        ("marts", "reports"),
        ("reports", "source"),
    ],
)
def test_a_model_that_reads_through_a_wall_is_found(reader, read):
    upstream = {
        "name": "b",
        "resource_type": "source" if read == "source" else "model",
        "fqn": ["onefunnel", read, "b"],
    }
    model = {"name": "a", "resource_type": "model", "fqn": ["onefunnel", reader, "a"], "depends_on": {"nodes": ["b"]}}
    manifest = {"nodes": {"a": model, "b": upstream | {"depends_on": {"nodes": []}}}, "sources": {}}
    if read == "source":
        manifest = {"nodes": {"a": model}, "sources": {"b": upstream}}
    assert reads_to_the_right(manifest) == [f"a ({reader}) reads b ({read})"]


def test_a_public_model_without_a_contract_is_found():
    model = {"name": "a", "resource_type": "model", "access": "public", "fqn": ["onefunnel", "intermediate", "a"]}
    assert public_without_contract({"nodes": {"a": model | {"config": {"contract": {"enforced": False}}}}}) == ["a"]


def forgetful(manifest: dict) -> list[str]:
    """Every model that remembers earlier builds and does not say as of when; what was published is remembered apart."""
    return [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["config"]["materialized"] == "incremental"
        and "restatements" not in node["fqn"]
        and "known_by" not in node["config"]["meta"]
    ]


def test_every_model_that_remembers_says_as_of_when_so_that_a_replay_can_forget(parsed):
    assert forgetful(parsed) == []
    known = next(node for node in parsed["nodes"].values() if node["name"] == "int_mismatches_seen")
    broken = {"nodes": {"x": known | {"config": known["config"] | {"meta": {}}}}}
    assert forgetful(broken) == ["int_mismatches_seen"]


def forgotten_by_a_replay(manifest: dict) -> list[str]:
    """Every source of rows with the time of their load that a replay would look for in its own, empty database."""
    return [
        f"{source['source_name']}.{source['name']}"
        for source in manifest["sources"].values()
        if "loaded_at" in RAW.get(f"{source['source_name']}.{source['name']}", ())
        and "'replay'" not in (source["unrendered_database"] or "")
    ]


def test_a_replay_reads_what_was_loaded_from_the_warehouse(parsed):
    assert forgotten_by_a_replay(parsed) == []
    windows = {"source_name": "raw_extracts", "name": "windows", "unrendered_database": None}
    assert forgotten_by_a_replay({"sources": {"x": windows}}) == ["raw_extracts.windows"]


def too_long(files: dict[str, str]) -> list[str]:
    """Every line of SQL that is too wide; sqlfluff's own rule (LT05) takes half a minute to say so."""
    return [
        f"{name}:{n}" for name, text in files.items() for n, line in enumerate(text.splitlines(), 1) if len(line) > 130
    ]


def test_no_line_of_sql_is_longer_than_a_screen():
    project = Path(__file__).parents[2] / "dbt_project"
    files = {str(file.relative_to(project)): file.read_text() for file in (project / "models").rglob("*.sql")}
    assert len(files) > 150 and too_long(files) == []
    assert too_long({"x.sql": f"select 1\n{'x' * 131}"}) == ["x.sql:2"]
