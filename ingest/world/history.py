"""Everything that happens, in order: people, journeys, committees, touches, faults; laid out as the truth's tables.

The tables hold what happened, not who wrote it down: that is records.py, crm.py and map.py.
"""

import duckdb
import numpy as np
import pyarrow as pa

from ingest.world import committees, company, people, touches
from ingest.world.clock import stream, syncing
from ingest.world.faults import Planter
from ingest.world.journeys import STAGES, Journeys


def happen(
    con: duckdb.DuckDBPyConnection, count: int, seed: int, rates: dict[str, float], start: int, end: int
) -> None:
    """Fill `con` with the tables drawn, events, deals, handovers, seats, touches, tasks, planted and edits."""
    drawn = people.draw(count, seed, start, end)
    journeys = Journeys(drawn, seed)
    deals, handovers = journeys.deals.arrays(), journeys.handovers.arrays()
    deals = _rows(deals, deals["opened_at"] <= end)
    handovers = _rows(handovers, handovers["moment"] <= end)
    seats = committees.seat(drawn, deals, seed, end)
    drawn["created_map_at"] = _known_to_map(drawn, seed, end)
    events = _with_answers(journeys.events.arrays(), seats, drawn["created_map_at"])
    events = _rows(events, events["moment"] <= end)
    events = _rows(events, np.lexsort((events["moment"], events["person"])))
    digital = touches.digital(drawn, events, handovers, len(company.PROGRAMS), seed, end)
    tasks = touches.by_sales(events, handovers, deals, seed, end)
    planter = Planter(events, drawn, handovers, seed, end)
    planter.plant(rates)
    _lay_out(con, "drawn", drawn)
    _lay_out(con, "events_coded", planter.events)
    _lay_out(con, "deals", deals)
    _lay_out(con, "handovers", handovers)
    _lay_out(con, "seats", seats)
    _lay_out(con, "touches", digital | {"n": np.arange(len(digital["moment"]))})
    _lay_out(con, "tasks", tasks | {"n": np.arange(len(tasks["moment"]))})
    _lay_out(con, "planted", planter.planted.arrays())
    _lay_out(con, "edits", planter.edits.arrays())
    con.execute(
        "create table events as select *, (?::varchar[])[stage + 1] as stage_name from events_coded", [list(STAGES)]
    )


def _rows(columns: dict[str, np.ndarray], which: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[which] for name, values in columns.items()}


def _known_to_map(drawn: dict[str, np.ndarray], seed: int, end: int) -> np.ndarray:
    """When the MAP gets to know each person: at once if they answer it, else by sync or import; 0: not by the end."""
    by_sync = drawn["first_at"] + syncing(stream(seed, "known to the map"), len(drawn["person"]))
    at = np.where(drawn["kind"] == people.INBOUND, drawn["first_at"], by_sync)
    left_out = (drawn["kind"] == people.COMMITTEE) & (drawn["map_draw"] >= 0.5)
    return np.where(left_out | (at > end), 0, at)


def _with_answers(events: dict[str, np.ndarray], seats: dict[str, np.ndarray], created_map_at: np.ndarray):
    """The events, and the inquiries of committee members whom the MAP knows."""
    answering = (seats["answers_at"] > 0) & (created_map_at[seats["person"]] > 0)
    person, at = seats["person"][answering], seats["answers_at"][answering]
    added = {"person": person, "moment": at, "synced_at": at}
    added |= {"cycle": np.ones_like(person), "stage": np.zeros_like(person), "deal": np.full_like(person, -1)}
    return {name: np.concatenate([values, added[name]]) for name, values in events.items()}


def _lay_out(con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, np.ndarray]) -> None:
    """One table from arrays; arrays of objects are text."""
    con.register(
        "arrays", pa.table({key: pa.array(v, pa.string() if v.dtype == object else None) for key, v in columns.items()})
    )
    con.execute(f"create table {name} as select * from arrays")
    con.unregister("arrays")
