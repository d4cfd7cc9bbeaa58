"""What a published column may say, and what the glossary explains, are the same words."""

import json

import pytest

from ingest.agreement.glossary import WORDS

SAID_BY = {
    "cause": ("stage_mismatches", "cause"),
    "severity": ("stage_mismatches", "severity"),
    "comparison": ("people", "comparison"),
    "restatement": ("restatements", "cause"),
}


@pytest.fixture(scope="module")
def allowed(manifest) -> dict:
    """(model, column) → the values that its data test lets through."""
    nodes = json.loads(manifest.read_text())["nodes"]
    return {
        (nodes[node["attached_node"]]["name"], node["column_name"]): set(node["test_metadata"]["kwargs"]["values"])
        for node in nodes.values()
        if node.get("test_metadata", {}).get("name") == "accepted_values"
    }


@pytest.mark.parametrize(("kind", "column"), SAID_BY.items())
def test_the_glossary_explains_every_word_that_a_column_may_say(allowed, kind, column):
    assert set(WORDS[kind]) == allowed[column]
