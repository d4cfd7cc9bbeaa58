"""Every unit test beside a model and every key, reference and allowed value, on the warehouse of a small company."""

import json
import os
import subprocess

from opened import opened

from ingest import agreement, world
from ingest.settings import Settings
from ingest.systems.connected import LOADS
from orchestration.dbt import EXECUTABLE, PROJECT, workplace


def test_every_unit_test_and_every_data_test_of_the_models_holds(tmp_path, manifest):
    world.write(tmp_path / "company", people=300, seed=4)
    settings = Settings(data=tmp_path / "data", sources=tmp_path / "company" / "sources.yml")
    agreement.load(settings)
    for load in LOADS.values():
        load(settings)
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
    results = json.loads((target / "run_results.json").read_text())["results"]
    assert done.returncode == 0, done.stdout + done.stderr
    kinds = [result["unique_id"].split(".")[0] for result in results]
    assert kinds.count("unit_test") >= 140
    assert kinds.count("test") >= 110
