"""What people decide about who is one person: read from the file that sources.yml names, or refused line by line."""

from datetime import date, datetime

import duckdb
import pytest

from ingest import definitions, warehouse
from ingest.settings import Settings
from ingest.sources import SourcesError
from ingest.systems.connected import fingerprint
from ingest.systems.loads import describe, note

SOURCES = """\
systems:
  - {name: crm, kind: salesforce, role: crm, path: crm}
  - {name: map, kind: marketo, role: map, path: map}
identity_overrides: decided/overrides.csv
"""
HEADER = "decision,system,record_id,other_system,other_record_id,reason,decided_by,decided_on\n"


@pytest.fixture
def decided(tmp_path):
    """decided(text) writes the file of decisions, and gives the settings of a data dir that connects it."""
    (tmp_path / "decided").mkdir()
    (tmp_path / "sources.yml").write_text(SOURCES)
    settings = Settings(data=tmp_path / "data", sources=tmp_path / "sources.yml")

    def write(text: str | None) -> Settings:
        if text is None:
            (tmp_path / "sources.yml").write_text(SOURCES.replace("identity_overrides: decided/overrides.csv\n", ""))
        else:
            (tmp_path / "decided" / "overrides.csv").write_text(text, encoding="utf-8")
        return settings

    return write


def faults(settings: Settings) -> list[str]:
    """What is said of the file, after its name."""
    with pytest.raises(SourcesError) as error:
        settings.read_sources()
    assert all(fault.file.endswith("decided/overrides.csv") for fault in error.value.faults)
    return [str(fault).removeprefix(f"{fault.file}: ") for fault in error.value.faults]


def landed(settings: Settings) -> list[tuple]:
    with warehouse.connect(settings) as con:
        warehouse.prepare(con)
        counts = describe(con, settings.read_sources())
        rows = con.execute("from raw_sources.identity_overrides order by all").fetchall()
        assert counts["identity_overrides"] == len(rows)
        return rows


def test_a_decision_is_landed_with_the_smaller_record_first_and_without_the_space_around_it(decided):
    rows = "always,map, 7 ,crm,00Q1,same phone,ops@ourco.example,2026-01-31\nnever,crm,00Q2,crm,00Q1,,,\n"
    assert landed(decided("\ufeff" + HEADER + rows)) == [
        ("always", "crm", "00Q1", "map", "7", "same phone", "ops@ourco.example", date(2026, 1, 31)),
        ("never", "crm", "00Q1", "crm", "00Q2", None, None, None),
    ]


def test_columns_stand_in_any_order_and_those_that_explain_may_be_left_out(decided):
    text = "other_record_id,other_system,record_id,system,decision\n7,map,00Q1,crm,always\n"
    assert landed(decided(text)) == [("always", "crm", "00Q1", "map", "7", None, None, None)]


def test_a_decision_that_is_taken_out_ceases_to_count_and_so_does_a_file_that_is_no_longer_named(decided):
    one, other = "always,crm,1,map,2,,,\n", "never,crm,1,map,3,,,\n"
    assert len(landed(decided(HEADER + one + other))) == 2
    assert [row[0] for row in landed(decided(HEADER + other))] == ["never"]
    assert landed(decided(HEADER)) == []
    assert len(landed(decided(HEADER + one))) == 1
    assert landed(decided(None)) == []


def test_every_row_that_is_wrong_is_told_by_line_and_column_and_no_record_id_with_it(decided):
    text = HEADER + (
        "perhaps,crm,1,map,2,,,\n"
        "always,crn,1,map,,,,31.1.2026\n"
        '"always",crm,"jane@acme.example",crm,jane@acme.example,"two\nlines",,\n'
        "never,crm,1,map\n"
        "always,crm,1,map,9,,,\n"
    )
    told = faults(decided(text))
    assert told == [
        "line 2, decision: 'perhaps': must be always or never",
        "line 3, system: 'crn': is no connected system; there are: crm, map",
        "line 3, other_record_id: '': must name a record",
        "line 3, decided_on: '31.1.2026': is not a date such as 2026-01-31",
        "line 5, other_record_id: None: is the same record: expected another",
        "line 6, row: None: has more or fewer fields than the header",
    ]


def test_a_header_without_a_column_or_with_one_that_nobody_knows_is_told(decided):
    told = faults(decided("decision,system,record_id,other_system,decided_at\nalways,crm,1,map,2026\n"))
    assert [word.split(": ")[:2] for word in told] == [["line 1", "'other_record_id'"], ["line 1", "'decided_at'"]]


def test_a_pair_is_decided_once_whichever_record_stands_first(decided):
    told = faults(decided(HEADER + "always,crm,1,map,2,,,\nnever,map,2,crm,1,,,\n"))
    assert told == ["line 3: None: decides the pair of line 2 again: keep one of them"]


def test_a_never_that_contradicts_what_the_always_add_up_to_is_an_error(decided):
    rows = "always,crm,1,map,2,,,\nnever,crm,1,crm,3,,,\nalways,map,2,map,4,,,\nalways,map,4,crm,3,,,\n"
    rows += "never,crm,1,crm,9,,,\n"
    told = faults(decided(HEADER + rows))
    assert told == ["line 3: 'never': contradicts rows of `always`, by which the two are one person"]


def test_a_file_that_is_not_there_or_no_csv_is_told(decided, tmp_path):
    settings = decided(HEADER + 'always,crm,"1,map,2,,,\n')
    assert "is not CSV" in faults(settings)[0]
    (tmp_path / "decided" / "overrides.csv").unlink()
    assert "cannot be read (No such file or directory)" in faults(settings)[0]


@pytest.mark.parametrize("path", ["/tmp/overrides.csv", "../overrides.csv", "overrides.xlsx"])
def test_the_file_lies_beside_sources_yml_with_which_it_is_remembered(decided, tmp_path, path):
    settings = decided(HEADER)
    settings.sources.write_text(SOURCES.replace("decided/overrides.csv", path))
    with pytest.raises(SourcesError, match=r"identity_overrides: .* must be a \.csv in the folder of sources\.yml"):
        settings.read_sources()


def test_what_was_decided_at_an_earlier_load_is_remembered_with_sources_yml(decided, tmp_path):
    moments = [datetime(2026, 1, day) for day in (1, 2)]
    for moment, text in zip(moments, ("always,crm,1,map,2,,,\n", "never,crm,1,map,2,,,\n"), strict=True):
        settings = decided(HEADER + text)
        with warehouse.connect(settings) as con:
            note(con, settings, settings.read_sources(), moment)
            definitions.keep(con, definitions.AGREEMENT, {"v1.yml": b""}, moment)
    with duckdb.connect() as con:
        con.execute(f"attach '{settings.warehouse}' as warehouse (read_only)")
        definitions.write_as_known(con, moments[0], tmp_path / "then")
    then = Settings(sources=tmp_path / "then" / "sources" / "sources.yml").read_sources()
    assert [override.decision for override in then.overrides()] == ["always"]


def test_a_decision_is_a_reason_to_run_again(decided):
    before = fingerprint(decided(HEADER))
    after = fingerprint(decided(HEADER + "always,crm,1,map,2,,,\n"))
    assert {name for name in after if before.get(name) != after[name]} == {"identity_overrides"}
