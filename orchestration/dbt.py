"""The dbt project as the conductor sees it: its manifest, prepared under the data dir, and how its builds ended.

Nothing here runs a model; nothing is written into the working tree.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
from dagster_dbt import DbtProject
from ingest.settings import REPOSITORY, Settings

from orchestration.publishing.evidence import Build, Node
from orchestration.publishing.failures import MORE_MEMORY

EXECUTABLE = shutil.which("dbt", path=str(Path(sys.executable).parent)) or "dbt"  # also where the venv is not on PATH
PROJECT = DbtProject(
    project_dir=REPOSITORY / "dbt_project",
    profiles_dir=REPOSITORY / "dbt_project",
    target_path=Settings().data.absolute() / "dbt",
)


class ParseError(Exception):
    """The dbt project cannot be read; the text is dbt's own."""


def prepare_manifest(project: DbtProject = PROJECT) -> Path:
    """The manifest, parsed anew when a file of the project is newer; raises ParseError."""
    target = project.project_dir / project.target_path
    target.mkdir(parents=True, exist_ok=True)
    with open(target / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # dagster dev loads this in several processes at once
        if not _is_current(project):
            print("Reading the dbt project (a few seconds, once after each change) …", file=sys.stderr, flush=True)
            _parse(project, target)
    return project.manifest_path


def _is_current(project: DbtProject) -> bool:
    newest = max(path.stat().st_mtime for path in [project.project_dir, *project.project_dir.rglob("*")])
    return project.manifest_path.exists() and project.manifest_path.stat().st_mtime > newest


def _parse(project: DbtProject, target: Path) -> None:
    work = target / "parse"
    done = subprocess.run(
        [EXECUTABLE, "--quiet", "--no-use-colors", "parse"],
        cwd=project.project_dir,
        env={
            **os.environ,
            "ONEFUNNEL_DATA": str(Settings().data.absolute()),
            "DBT_TARGET_PATH": str(work),
            "DBT_LOG_PATH": str(work),
            "DBT_PROFILES_DIR": str(project.profiles_dir),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ParseError(f"dbt cannot read {project.project_dir}:\n{done.stdout}{done.stderr}".strip())
    os.replace(work / "manifest.json", project.manifest_path)


@cache
def nodes(manifest: Path) -> dict[str, Node]:
    """Every model, and every test whose failure is an error, by dbt's unique id."""
    return {
        id: Node(id, node["name"], node["resource_type"], tuple(node["depends_on"]["nodes"]))
        for id, node in json.loads(manifest.read_text())["nodes"].items()
        if (node["resource_type"] == "model" and node["config"]["materialized"] != "ephemeral")
        or (node["resource_type"] == "test" and node["config"]["severity"].lower() == "error")
    }


def drop_what_has_no_model(connection: duckdb.DuckDBPyConnection, manifest: Path) -> None:
    """Drop from the models' schemas what no model makes any more: an earlier release's would be published for ever."""
    models = [node for node in json.loads(manifest.read_text())["nodes"].values() if node["resource_type"] == "model"]
    made = {(model["schema"], model["alias"]) for model in models}
    there = connection.execute(
        "select table_schema, table_name, if(table_type = 'VIEW', 'view', 'table') from information_schema.tables"
        " where table_catalog = current_database() and list_contains(?, table_schema)",
        [list({schema for schema, _ in made})],
    ).fetchall()
    for schema, name, kind in there:
        if (schema, name) not in made:
            connection.execute(f'drop {kind} {schema}."{name}"')


def workplace(data: Path, step: str) -> Path:
    """The target folder of one step's dbt commands, with what was parsed already and nothing of an earlier command."""
    target, parsed = data.absolute() / "dbt" / step, PROJECT.manifest_path.parent / "parse" / "partial_parse.msgpack"
    target.mkdir(parents=True, exist_ok=True)
    (target / "run_results.json").unlink(missing_ok=True)
    if parsed.exists() and not (target / parsed.name).exists():
        shutil.copy(parsed, target)
    return target


def run_results(target: Path) -> dict:
    """What the last dbt command in this target folder did; no results when it stopped before the first node."""
    file = target / "run_results.json"
    return json.loads(file.read_text()) if file.exists() else {"results": []}


def builds(run_results: dict) -> list[Build]:
    """How each node of one dbt command ended."""
    return [
        Build(result["unique_id"], str(result["status"]), *_times(result["timing"]))
        for result in run_results["results"]
    ]


def failures(run_results: dict) -> dict[str, str]:
    """A line for each node that failed, with what dbt says about it."""
    return {
        result["unique_id"]: f"{result['unique_id'].split('.')[2]}: {_said(result)}"
        for result in run_results["results"]
        if result["status"] in ("error", "fail", "runtime error")
    }


def _said(result: dict) -> str:
    said = " ".join((result["message"] or str(result["status"])).split())[:300]
    return f"{said} {MORE_MEMORY}" if "Out of Memory" in said else said


def _times(timing: list[dict]) -> tuple[datetime | None, datetime | None]:
    if not timing or not timing[-1].get("completed_at"):
        return None, None
    return _naive(timing[0]["started_at"]), _naive(timing[-1]["completed_at"])


def _naive(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)
