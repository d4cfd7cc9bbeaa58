"""The steps from outside to raw: one for each kind of system, none in the way of another."""

import dagster as dg
import duckdb
import pytest

from ingest.settings import Settings
from ingest.systems.kinds import KINDS
from ingest.warehouse import RAW

FILES = """
  - name: shop
    kind: files
    role: crm
    path: shop
    tables:
      users: {file: users.csv, columns: {user_id: Id, name: Name}}
"""
SALESFORCE = "  - {name: sf, kind: salesforce, role: crm, path: sf}\n"
MARKETO = "  - {name: mk, kind: marketo, role: map, path: mk}\n"
EXPORTS = {
    "shop/users.csv": "Id,Name\n1,Jane\n",
    "sf/User.csv": "Id,Name\nu1,Uwe\n",
    "sf/Lead.csv": "Id,Status\n1,New\n2,Open\n",
    "mk/leads.csv": "id,email\n1,a@x.example\n",
}


@pytest.fixture
def line(data_dir, tmp_path, monkeypatch):
    """`line(systems)` connects these and runs every step to raw but the agreement's."""
    from orchestration.defs.raw import ASSETS, raw_agreement
    from orchestration.defs.resources import Warehouse

    for name, content in EXPORTS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))

    def run(*systems):
        (tmp_path / "sources.yml").write_text("systems:\n" + "".join(systems) if systems else "systems: []\n")
        steps = [step for step in ASSETS if step is not raw_agreement]
        return dg.materialize(steps, resources={"warehouse": Warehouse()}, raise_on_error=False)

    run.folder = tmp_path
    return run


def counted(result) -> dict[str, dict]:
    """Raw table → what its step said of it, as far as anything was read."""
    said = {}
    for event in result.get_asset_materialization_events():
        values = {name: value.value for name, value in event.materialization.metadata.items()}
        if any(values.values()):
            said[event.asset_key.to_user_string()] = values
    return said


def query(sql: str) -> list[tuple]:
    with duckdb.connect(Settings().warehouse) as con:
        return con.execute(sql).fetchall()


def failures(result) -> dict[str, str]:
    return {
        event.step_key: event.step_failure_data.user_failure_data.description
        for event in result.all_events
        if event.is_step_failure
    }


def test_every_raw_table_is_an_asset_of_the_step_of_its_kind():
    from orchestration.defs.raw import STEPS

    for kind, step in STEPS.items():
        assert step.op.name == f"raw_{kind}"
        assert {".".join(key.path) for key in step.keys} == {name for name in RAW if name.startswith(f"raw_{kind}.")}


def test_nothing_is_in_the_way_when_nothing_is_connected(line):
    result = line()
    assert result.success and counted(result) == {}


def test_systems_of_all_kinds_land_and_say_how_much(line):
    result = line(FILES, SALESFORCE, MARKETO)
    assert result.success
    landed = {name: values["landed"] for name, values in counted(result).items() if "landed" in values}
    assert landed == {
        "raw_files/users": 1,
        "raw_salesforce/user": 1,
        "raw_salesforce/lead": 2,
        "raw_marketo/lead": 1,
    }
    assert query("select system, linked_to from raw_sources.systems order by 1") == [
        ("mk", "sf"),
        ("sf", None),
        ("shop", None),
    ]


def test_only_vendors_systems_may_be_connected(line):
    result = line(SALESFORCE)
    assert result.success
    assert counted(result)["raw_salesforce/lead"] == {"read": 2, "landed": 2, "unchanged": 0, "rejected": 0}
    assert counted(line(SALESFORCE))["raw_salesforce/lead"] == {"read": 2, "landed": 0, "unchanged": 2, "rejected": 0}


def test_what_stops_one_kind_stops_no_other(line):
    (line.folder / "sf" / "Lead.csv").write_text("Id,IsDeleted\n1,perhaps\n")
    result = line(FILES, SALESFORCE, MARKETO)
    assert failures(result) == {
        "raw_salesforce": "sf: Lead.csv: column 'IsDeleted': is_deleted is not true or false"
        " (1 of 1 rows, first in record 1)"
    }
    assert query("select count(*) from raw_marketo.lead") == query("select count(*) from raw_files.users") == [(1,)]
    assert query("select count(*) from raw_salesforce.user") == [(1,)]


def test_a_system_that_is_no_longer_connected_is_no_longer_described(line):
    line(SALESFORCE, MARKETO)
    line(MARKETO)
    assert query("select system from raw_sources.systems") == [("mk",)]
    assert query("select distinct system from raw_sources.fields") == [("mk",)]


def test_while_any_step_is_loading_a_load_is_going_on():
    from ingest.systems.connected import LOADS
    from orchestration.defs.raw import _LAST

    assert {name.split(".")[0] for name in _LAST} == {"raw_agreement", "raw_sources", *(f"raw_{k}" for k in LOADS)}


def test_the_step_of_every_vendor_notes_what_it_extracted_and_what_reads_that_is_older_then(line):
    result = line(SALESFORCE)
    noted = [
        (event.step_key, event.asset_key.path[1])
        for event in result.get_asset_materialization_events()
        if event.asset_key.path[0] == "raw_extracts"
    ]
    assert set(noted) == {(f"raw_{kind}", table) for kind in KINDS for table in ("cursors", "windows")}
    loaded = query("select id from evidence.builds where contains(id, 'raw_extracts') order by 1")
    assert loaded == [("source.onefunnel.raw_extracts.cursors",), ("source.onefunnel.raw_extracts.windows",)]
