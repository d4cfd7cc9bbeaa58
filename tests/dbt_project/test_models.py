"""Every unit test beside a model and every key, reference and allowed value, on the warehouse of a small company."""

import json
import os
import subprocess

import duckdb
import pytest
from opened import opened

import expectations
from ingest import agreement, world
from ingest.settings import Settings
from ingest.systems.connected import LOADS
from orchestration.dbt import EXECUTABLE, PROJECT, workplace

# As if Salesforce had been asked by its API: a sweep found two leads, and of the accounts one is still missing.
BY_API = """
update raw_salesforce.extractions set is_increment = true, rows_missed = 2, sweep_every_days = 7 where object = 'lead';
insert into raw_extracts.windows
select system, object, 1, null, null, rows_landed + 1, rows_landed, loaded_at
from raw_salesforce.extractions where object in ('lead', 'account')
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory, manifest):
    """The warehouse that dbt built, and what it said of each model and test."""
    folder = tmp_path_factory.mktemp("models")
    world.write(folder / "company", people=300, seed=4)
    settings = Settings(data=folder / "data", sources=folder / "company" / "sources.yml")
    agreement.load(settings)
    for load in LOADS.values():
        load(settings)
    with duckdb.connect(str(settings.warehouse)) as con:
        con.execute(BY_API)
    target = workplace(settings.data, "alone")
    environment = os.environ | {
        "ONEFUNNEL_DATA": str(opened(settings.data)),
        "DBT_PROFILES_DIR": str(PROJECT.profiles_dir),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
    }
    for command in (["run", "--empty"], ["build"]):  # a unit test of an incremental model needs its table to exist
        words = [EXECUTABLE, "--quiet", "--no-use-colors", "--log-level-file", "none", *command]
        done = subprocess.run(words, cwd=PROJECT.project_dir, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return settings.warehouse, json.loads((target / "run_results.json").read_text())["results"]


def test_every_unit_test_and_every_data_test_of_the_models_holds(built):
    kinds = [result["unique_id"].split(".")[0] for result in built[1]]
    assert kinds.count("unit_test") >= 140
    assert kinds.count("test") >= 110


@pytest.mark.parametrize(
    ("mart", "told"),
    [
        ("loads", {"no_sweep_finds_what_earlier_loads_have_missed": ("salesforce/lead",)}),
        ("extraction_windows", {"no_window_has_brought_less_than_its_source_counts": ("salesforce/account",)}),
    ],
)
def test_what_a_connector_knows_to_be_missing_is_told_by_the_checks(built, mart, told):
    failed = {c.name: c.sample_ids for c in expectations.audit(built[0], mart).checks if c.outcome != "passed"}
    assert {name: tuple("/".join(id.split("/")[:2]) for id in ids) for name, ids in failed.items()} == told
