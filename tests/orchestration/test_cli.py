import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from orchestration.cli import app


@pytest.fixture
def onefunnel(data_dir, tmp_path, monkeypatch):
    """`onefunnel(*words)` in this process, on an empty data dir, with a CRM of one person and no agreement fault."""
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, words)


def test_without_sources_a_run_fails_with_one_sentence_and_exit_code_1(onefunnel, data_dir):
    ran = onefunnel("run")
    assert ran.exit_code == 1
    assert "Loading the exports failed." in ran.output and "ONEFUNNEL_SOURCES" in ran.output
    assert "Traceback" not in ran.output
    assert not (data_dir / "published").exists()


def test_an_agreement_that_cannot_be_read_fails_with_all_that_is_wrong(onefunnel, tmp_path, monkeypatch):
    (tmp_path / "agreed").mkdir()
    (tmp_path / "agreed" / "v1.yml").write_text("version: 1\nstages: []\n")
    monkeypatch.setenv("ONEFUNNEL_AGREEMENT", str(tmp_path / "agreed"))
    ran = onefunnel("run")
    assert ran.exit_code == 1
    assert "Reading the agreement failed." in ran.output and "signed" in ran.output and "Traceback" not in ran.output


def test_check_without_sources_says_so_in_one_line(onefunnel):
    checked = onefunnel("check")
    assert checked.exit_code == 1 and "sources.yml" in checked.output and "Traceback" not in checked.output


def test_world_writes_a_company_that_check_accepts_or_offers_a_stub_for(onefunnel, tmp_path, monkeypatch):
    assert onefunnel("world", "--people", "50", "--seed", "3", "--out", str(tmp_path / "w")).exit_code == 0
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "w" / "sources.yml"))
    checked = onefunnel("check")
    assert checked.exit_code == (1 if "to paste into the agreement" in checked.output else 0), checked.output


def test_all_state_lies_under_the_data_dir_and_its_dagster_runs_one_at_a_time(onefunnel, data_dir, tmp_path):
    onefunnel("run")
    assert {path.name for path in tmp_path.iterdir()} <= {"data", "home"}
    assert "max_concurrent_runs: 1" in (data_dir / "dagster" / "dagster.yaml").read_text()


@pytest.mark.parametrize("module", ["orchestration.cli", "orchestration.definitions"])
def test_nothing_heavy_and_no_secret_is_needed_to_import(module, manifest):
    """GX takes seconds to import, Altair one: `dagster dev` and `--help` must not pay for them."""
    code = f"import json, sys, {module} as m\ngetattr(m, 'defs', list)()\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert not {"great_expectations", "altair", "apprise"} & set(json.loads(done.stdout.splitlines()[-1]))
