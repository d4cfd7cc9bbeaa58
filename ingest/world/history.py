"""Everything that happens, in order: people, journeys, committees, touches, faults; laid out as the truth's tables.

The tables hold what happened, not who wrote it down: that is records.py and each system's own module.
"""

import duckdb
import numpy as np
import pyarrow as pa

from ingest.world import committees, company, people, touches
from ingest.world.clock import DAY, stream
from ingest.world.hubspot_faults import AlonePlanter, HubspotPlanter
from ingest.world.journeys import STAGES, STEPS, Journeys
from ingest.world.marketo_faults import MarketoPlanter
from ingest.world.sync import ENGINES, Engine

BLOCK = 100_000  # people who are drawn at once; each block is a world of its own, with numbers of its own
PLANTERS = {"salesforce-marketo": MarketoPlanter, "salesforce-hubspot": HubspotPlanter, "hubspot": AlonePlanter}


def happen(
    con: duckdb.DuckDBPyConnection,
    count: int,
    seed: int,
    rates: dict[str, float] | None,
    start: int,
    end: int,
    pair: str,
    block: int = 0,
) -> None:
    """Fill `con` with drawn, events, chances, deals, handovers, seats, touches, tasks, planted, edits and marks."""
    engine, seed = ENGINES[pair], seed * 1000 + block
    drawn = people.draw(count, seed, start, end)
    journeys = Journeys(drawn, engine, seed)
    deals, handovers = journeys.deals.arrays(), journeys.handovers.arrays()
    deals = _rows(deals, deals["opened_at"] <= end)
    handovers = _rows(handovers, handovers["moment"] <= end)
    seats = committees.seat(drawn, deals, seed, end)
    drawn["created_map_at"] = _known_to_map(drawn, deals, engine, seed, end)
    events = _with_answers(journeys.events.arrays(), seats, drawn["created_map_at"])
    events = _rows(events, events["moment"] <= end)
    events = _rows(events, np.lexsort((events["moment"], events["person"])))
    events["is_undone"] = _undone_by_the_end(events)
    digital = touches.digital(drawn, events, handovers, len(company.PROGRAMS), seed, end)
    tasks = touches.by_sales(events, handovers, deals, seed, end)
    planter = PLANTERS[pair](events, drawn, deals, handovers, engine, seed, end)
    planter.plant(rates)
    tables = {
        "drawn": drawn,
        "events_coded": planter.events,
        "chances_coded": journeys.chances.arrays(),
        "deals": deals,
        "handovers": handovers,
        "seats": seats,
        "touches": digital | {"n": np.arange(len(digital["moment"]))},
        "tasks": tasks | {"n": np.arange(len(tasks["moment"]))},
        "planted": planter.planted.arrays(),
        "edits": planter.edits.arrays(),
        "marks": planter.marks.arrays(),
    }
    for name, columns in tables.items():
        _lay_out(con, name, columns, block)
    _name(con, "events", "events_coded", "stage", STAGES)
    _name(con, "chances", "chances_coded", "step", tuple(STEPS))


def _rows(columns: dict[str, np.ndarray], which: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[which] for name, values in columns.items()}


def _known_to_map(drawn, deals, engine: Engine, seed: int, end: int) -> np.ndarray:
    """When the MAP gets to know each person: at once if they answer it, else by sync or import; 0: not by the end.

    Some whom sales made arrive only when somebody sends them over, shortly before their first deal.
    """
    rng = stream(seed, "known to the map")
    by_sync = engine.copied_at(rng, drawn["first_at"])
    first_deal = np.full(len(drawn["person"]), end + DAY)
    np.minimum.at(first_deal, deals["person"], deals["opened_at"])
    is_late = (drawn["kind"] == people.SALES) & (rng.random(len(by_sync)) < 0.3)
    waited = drawn["first_at"] + (0.8 * (first_deal - drawn["first_at"])).astype(np.int64)
    by_sync = np.where(is_late, np.clip(waited, by_sync, by_sync + 3 * DAY), by_sync)
    at = np.where(drawn["kind"] == people.INBOUND, drawn["first_at"], by_sync)
    left_out = (drawn["kind"] == people.COMMITTEE) & (drawn["map_draw"] >= 0.5)
    return np.where(left_out | (at > end), 0, at)


def _with_answers(events: dict[str, np.ndarray], seats: dict[str, np.ndarray], created_map_at: np.ndarray):
    """The events, and the inquiries of committee members whom the MAP knows."""
    answering = (seats["answers_at"] > 0) & (created_map_at[seats["person"]] > 0)
    person, at = seats["person"][answering], seats["answers_at"][answering]
    added = {"person": person, "moment": at, "synced_at": at, "cycle": np.ones_like(person)}
    added |= {"stage": np.zeros_like(person), "deal": np.full_like(person, -1), "is_undone": np.zeros_like(person)}
    return {name: np.concatenate([values, added[name]]) for name, values in events.items()}


def _undone_by_the_end(events: dict[str, np.ndarray]) -> np.ndarray:
    """The slips that were undone, exit and return: what was not undone by the end stands."""
    slipped = events["is_undone"].astype(bool)
    is_exit = events["stage"] == STAGES.index("disqualified")
    followed = np.append(slipped[1:] & (events["person"][1:] == events["person"][:-1]), False)[: len(slipped)]
    return slipped & (~is_exit | followed)


def _lay_out(con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, np.ndarray], block: int) -> None:
    """One table from arrays; arrays of objects are text, and numbers of people, deals and firms become the block's."""
    bases = {"person": BLOCK, "deal": BLOCK, "firm": BLOCK // 5, "n": 100 * BLOCK}
    based = {
        key: np.where(values >= 0, values + block * bases[key], values) if key in bases else values
        for key, values in columns.items()
    }
    con.register(
        "arrays", pa.table({key: pa.array(v, pa.string() if v.dtype == object else None) for key, v in based.items()})
    )
    con.execute(f"create table {name} as select * from arrays")
    con.unregister("arrays")


def _name(con: duckdb.DuckDBPyConnection, name: str, coded: str, column: str, words: tuple[str, ...]) -> None:
    """A view of a table with the word for each code beside it."""
    listed = ", ".join(f"'{word}'" for word in words)
    con.execute(f"create view {name} as select *, [{listed}][{column} + 1] as {column}_name from {coded}")
