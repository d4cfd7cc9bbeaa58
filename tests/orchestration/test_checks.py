"""What an audit shows in Dagster: counts, owner, rows with their links, and the page of its suite."""

import dagster as dg
import pytest

from orchestration.defs.checks import audit_of
from orchestration.defs.resources import Warehouse
from tests.expectations import healthy


@pytest.fixture
def audited(tmp_path, monkeypatch):
    """A function that audits the opportunities of a changed warehouse as Dagster does: check → its evaluation."""

    def audit(*changes):
        (tmp_path / "sources.yml").write_text("systems: []\n")
        monkeypatch.setenv("ONEFUNNEL_DATA", str(tmp_path))
        monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))
        healthy.warehouse(
            tmp_path / "warehouse.duckdb",
            "create schema raw_other",
            "create table raw_other.some as select 1 as one",
            *changes,
        )
        definitions = dg.Definitions(
            asset_checks=[audit_of("opportunities")],
            resources={"warehouse": Warehouse()},
            executor=dg.in_process_executor,
        )
        job = definitions.resolve_implicit_global_asset_job_def()
        ran = job.execute_in_process(raise_on_error=False)
        return {evaluation.check_name: evaluation for evaluation in ran.get_asset_check_evaluations()}

    return audit


NEGATIVE = "update marts.opportunities set amount = -1 where opportunity_id = 'o1'"


def test_a_failed_check_shows_whose_it_is_how_many_rows_fail_and_where_to_look_at_them(audited, tmp_path):
    shown = {name: value.value for name, value in audited(NEGATIVE)["won_amounts_are_not_negative"].metadata.items()}
    assert (shown["failed"], shown["checked"], shown["owner"], shown["severity"]) == (1, 40, "sales_ops", "error")
    assert shown["links"] == {"o1": ["https://crm.example/deal/1"]}
    assert "| o1 |  | <https://crm.example/deal/1> |" in shown["rows"]
    assert shown["docs"] == str(tmp_path / "published" / "checks" / "opportunities.html")
    assert "Negative won amounts" in shown["meaning"]


def test_an_id_is_never_markup(audited):
    shown = audited(NEGATIVE, "update marts.opportunities set opportunity_id = '<b>|x' where opportunity_id = 'o1'")
    assert "| &#60;b&#62;&#124;x |" in shown["won_amounts_are_not_negative"].metadata["rows"].value


def test_f19_docs_that_cannot_be_drawn_change_no_verdict_and_are_told(audited, tmp_path):
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "checks").write_text("in the way")
    found = audited(NEGATIVE)
    assert not found["won_amounts_are_not_negative"].passed
    assert found["won_opportunities_are_closed"].passed
    assert "could not be drawn" in found["won_opportunities_are_closed"].metadata["docs could not be drawn"].value
