import os

import pytest

from ingest import world
from ingest.settings import Settings
from orchestration import changes


@pytest.fixture
def good(tmp_path):
    """A data dir whose last run was good."""
    world.write(tmp_path / "company", people=20, seed=1)
    settings = Settings(
        data=tmp_path / "data", sources=tmp_path / "company" / "sources.yml", agreement=tmp_path / "company"
    )
    (settings.data / "published").mkdir(parents=True)
    (settings.data / "published" / "onefunnel.duckdb").touch()
    changes.remember(settings, changes.seen_now(settings))
    return settings


def test_after_a_good_run_nothing_has_changed(good):
    assert changes.unchanged(good)


@pytest.mark.parametrize("file", ["sources.yml", "salesforce/Lead.parquet", "marketo/leads.parquet"])
def test_an_export_or_a_definition_that_was_touched_is_a_change(good, file):
    os.utime(good.sources.parent / file, (1, 1))
    assert not changes.unchanged(good)


def test_another_version_of_the_agreement_is_a_change(good):
    (good.agreement / "v2.yml").write_text("version: 2")
    assert not changes.unchanged(good)


def test_a_run_that_failed_is_forgotten_so_that_the_next_one_runs(good):
    changes.remember(good, None)
    assert not changes.unchanged(good)


def test_a_published_file_that_is_gone_is_a_change(good):
    (good.data / "published" / "onefunnel.duckdb").unlink()
    assert not changes.unchanged(good)


def test_without_a_sources_yml_nothing_can_be_seen(good):
    good.sources.unlink()
    assert changes.seen_now(good) is None
