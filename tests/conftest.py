"""What all tests share: one parsed dbt project, and a data dir of their own for those that run the line."""

import os
import shutil
from pathlib import Path

import pytest
from opened import OPENED, REPOSITORY, SHARED

PROOFS = (REPOSITORY / "tests" / "proofs", REPOSITORY / "tests" / "daemon")

os.environ["ONEFUNNEL_DATA"] = str(SHARED)  # the definitions read the dbt project here, whatever data dir a test uses
os.environ["ONEFUNNEL_AGREEMENT"] = str(REPOSITORY / "dbt_project" / "agreement" / "examples" / "salesforce-marketo")
os.environ["DO_NOT_TRACK"] = "1"
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"


@pytest.fixture(scope="session")
def manifest() -> Path:
    """The parsed dbt project."""
    from orchestration.dbt import prepare_manifest

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEFUNNEL_DATA", str(OPENED))
        return prepare_manifest()


@pytest.fixture
def data_dir(tmp_path, manifest, monkeypatch) -> Path:
    """An empty data dir that ONEFUNNEL_DATA names, with the dbt project parsed already."""
    data = tmp_path / "data"
    (data / "dbt").mkdir(parents=True)
    shutil.copy2(manifest, data / "dbt" / manifest.name)
    monkeypatch.setenv("ONEFUNNEL_DATA", str(data))
    return data


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The proofs take an hour: only for those who ask for them, `make proof`."""
    if collection_path not in PROOFS:
        return None
    asked_for = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path.is_relative_to(collection_path) for path in asked_for) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs the whole line begins first, half of it on each of two workers: none is left over at the end."""
    long = [item for item in items if item.path.parent.name == "flow"]
    short = [item for item in items if item.path.parent.name != "flow"]
    half = len(items) // 2 - len(long[::2])
    items[:] = [*long[::2], *short[:half], *long[1::2], *short[half:]]
