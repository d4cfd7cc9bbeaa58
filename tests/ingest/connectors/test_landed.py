"""What a load by API knows of its completeness stands beside what it landed: counts, windows, what a sweep found."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import duckdb
import pytest
import yaml

from ingest.settings import Settings
from ingest.systems.connected import LOADS
from ingest.systems.connectors import chunks, kinds
from ingest.systems.connectors.api import Traffic
from ingest.systems.connectors.spool import Window
from ingest.systems.kinds import KINDS
from ingest.systems.vendors.extracting import Extraction

FIRST = datetime(2026, 4, 1, 6, tzinfo=UTC)
NOTED = "rows_landed, rows_at_source, is_increment, rows_missed, sweep_every_days"


class Vendor:
    """A connector whose leads are handed to it: `extraction` says what the next load brings."""

    objects, extraction = ("lead",), None

    def __init__(self, system, credentials, spool):
        self.api = SimpleNamespace(close=lambda: None, traffic=Traffic())

    def pull(self, con, pull):
        said = self.extraction
        with pull.step():
            listed = ", ".join(f"('{id}')" for id in said["ids"])
            chunks.write(con, pull, "Lead", f"select * from (values {listed}) as leads(Id)")
            for window in said.get("windows", []):
                pull.counted(Window(*window))
            if "missed" in said:
                pull.progress.missed = said["missed"]
        cursor = {"until": said["until"].isoformat()}
        swept = {} if said.get("never_sweeps") else {"swept_at": said["until"].isoformat()}
        pull.finish(cursor | swept, said["until"], said.get("at_source"))


@pytest.fixture
def load(tmp_path, monkeypatch):
    """`load(extraction, …)`: one load after another, a day apart; gives a function that asks the warehouse."""
    monkeypatch.setitem(kinds.CONNECTORS, "salesforce", Vendor)
    for name, value in {"URL": "http://127.0.0.1:1", "CLIENT_ID": "id", "CLIENT_SECRET": "secret"}.items():
        monkeypatch.setenv(f"ONEFUNNEL_CRM_{name}", value)
    system = {"name": "crm", "kind": "salesforce", "role": "crm", "api": {"sweep_every_days": 3}}
    (tmp_path / "sources.yml").write_text(yaml.safe_dump({"systems": [system]}))

    def run(*extractions):
        for day, extraction in enumerate(extractions):
            now = FIRST + timedelta(days=day)
            monkeypatch.setattr(Vendor, "extraction", {"until": now} | extraction)
            LOADS["salesforce"](Settings(data=tmp_path / "data", sources=tmp_path / "sources.yml", now=now))

        def ask(query):
            with duckdb.connect(str(tmp_path / "data" / "warehouse.duckdb"), read_only=True) as con:
                return con.execute(query).fetchall()

        return ask

    return run


def test_a_first_load_is_whole_and_an_increment_says_so_and_how_often_a_sweep_follows(load):
    ask = load({"ids": "ab", "at_source": 2}, {"ids": "c"})
    assert ask(f"select {NOTED} from raw_salesforce.extractions order by loaded_at") == [
        (2, 2, False, None, None),
        (1, None, True, None, 3),
    ]


def test_what_a_sweep_found_is_told_and_a_sweep_that_found_nothing_is_no_load_without_one(load):
    ask = load({"ids": "a"}, {"ids": "bc", "missed": 1, "at_source": 3}, {"ids": "d", "missed": 0}, {"ids": "e"})
    assert ask("select rows_missed, rows_at_source from raw_salesforce.extractions order by loaded_at") == [
        (None, None),
        (1, 3),
        (0, None),
        (None, None),
    ]


def test_of_an_object_whose_ids_are_never_compared_no_sweep_is_awaited(load):
    ask = load({"ids": "a", "never_sweeps": True}, {"ids": "b", "never_sweeps": True})
    assert ask("select is_increment, sweep_every_days from raw_salesforce.extractions order by loaded_at") == [
        (False, None),
        (True, None),
    ]


def test_each_window_lands_in_its_order_with_what_the_source_counts_in_it(load):
    ask = load({"ids": "abc", "windows": [(None, "2026-02", 2, 2), ("2026-02", None, None, 1)]}, {"ids": "d"})
    assert ask("select * exclude (loaded_at) from raw_extracts.windows order by window_number") == [
        ("crm", "lead", 1, None, "2026-02", 2, 2),
        ("crm", "lead", 2, "2026-02", None, None, 1),
    ]


@pytest.mark.parametrize("kind", kinds.CONNECTORS)
def test_every_object_is_named_as_the_raw_table_that_holds_its_records(kind):
    assert set(kinds.CONNECTORS[kind].objects) <= KINDS[kind].tables.keys()


def test_of_a_table_that_two_extractions_feed_no_more_is_known_than_of_the_lesser_known_one():
    early, late = datetime(2026, 4, 1), datetime(2026, 4, 2)
    whole, increment = Extraction(late, 5), Extraction(early, 3, True, 2, 7)
    assert whole.beside(increment) == increment.beside(whole) == Extraction(early, 8, True, 2, 7)
    assert whole.beside(Extraction(late)) == Extraction(late)
