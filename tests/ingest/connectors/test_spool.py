"""What was fetched and has not landed: all of a step counts, or nothing of it; another beginning throws it away."""

import json

import pytest

from ingest.systems.connectors.spool import Spool

BEGAN = {"until": "2026-03-31"}


def fetched(spool: Spool, origin: str = "Lead", rows: int = 3):
    pull = spool.pull("lead", BEGAN)
    with pull.step() as state:
        file = pull.next_file(origin)
        file.write_text("records")
        pull.add(origin, file, rows)
        state["after"] = file.name
    return pull


def test_an_extraction_that_was_interrupted_goes_on_where_its_last_step_ended(tmp_path):
    fetched(Spool(tmp_path))
    fetched(Spool(tmp_path), rows=4)
    again = Spool(tmp_path).pull("lead", BEGAN)
    assert (again.rows, again.state, len(again.files("Lead"))) == (7, {"after": "000002-Lead.parquet"}, 2)


def test_a_step_that_fails_counts_for_nothing_and_its_file_is_written_over(tmp_path):
    pull = fetched(Spool(tmp_path))
    with pytest.raises(OSError), pull.step() as state:
        file = pull.next_file("Lead")
        file.write_text("half")
        pull.add("Lead", file, 9)
        state["after"] = "lost"
        raise OSError
    for seen in (pull, Spool(tmp_path).pull("lead", BEGAN)):
        assert (seen.rows, seen.state) == (3, {"after": "000001-Lead.parquet"})
    assert pull.next_file("Lead") == file


def test_what_began_from_another_cursor_is_thrown_away(tmp_path):
    fetched(Spool(tmp_path))
    another = Spool(tmp_path).pull("lead", {"until": "2026-04-01"})
    assert another.rows == 0 and not list((tmp_path / "lead").iterdir())


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"version": 0}'])
def test_progress_that_cannot_be_read_is_thrown_away(tmp_path, broken):
    fetched(Spool(tmp_path))
    (tmp_path / "lead" / "progress.json").write_text(broken)
    assert Spool(tmp_path).pull("lead", BEGAN).rows == 0


def test_a_note_is_remembered_whole(tmp_path):
    assert Spool(tmp_path).note("quota") == {}
    Spool(tmp_path).remember("quota", {"calls": 12})
    assert Spool(tmp_path).note("quota") == {"calls": 12}
    assert json.loads((tmp_path / "quota.json").read_text()) == {"calls": 12}
