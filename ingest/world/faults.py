"""What goes wrong between two systems, planted at a rate, and the truth about it: the faults that every pair can have.

A fault is named for its cause in lifecycle.md. It changes the truth's `events` (a copy that never came, a value typed
wrongly), adds `edits`, typed by hand, or leaves a `mark` that the systems' writers heed. What only one pair can have
stands in marketo_faults.py and hubspot_faults.py, what blurs who is who in identity_faults.py. A person carries one
fault at most; a rate is a share of those who could have it. `in_flight` is a change so late that it is still on its way
at the end, which is no fault at all.
"""

from typing import ClassVar

import numpy as np

from ingest.world import identity_faults
from ingest.world.clock import DAY, HOUR, MINUTE, stream
from ingest.world.journeys import STAGES, Table
from ingest.world.people import LIST, SALES
from ingest.world.sync import Engine

HEALED_SHARE = 0.4  # of planted faults: those on a change that was followed by another, which heals them
INQUIRY, MQL, SAL, SQL, OPPORTUNITY, WON, RECYCLED, DISQUALIFIED, LOST = range(len(STAGES))
NEVER = np.iinfo(np.int64).max
MAP_SIDE, CRM_SIDE = 0, 1
UNMAPPED_IN_MAP = "Mktg Qualified"


class Planter:
    """Changes `events`, sorted by person and time; collects `edits`, `marks` and the truth, `planted`.

    `plants` is the method of each fault, by its name; RATES what the sample has of each.
    """

    RATES: ClassVar[dict[str, float]] = {
        "not_synced": 0.03,
        "conflict": 0.02,
        "missing_record": 0.03,
        "unmapped_value": 0.03,
        "in_flight": 0.02,
    }

    def __init__(self, events, drawn, deals, handovers, engine: Engine, seed: int, end: int):
        self.events, self.drawn, self.deals, self.engine, self.end = events, drawn, deals, engine, end
        self.seed, self.rng = seed, stream(seed, "faults")
        self.taken = drawn["is_excluded"].copy()
        self.kind = drawn["kind"][events["person"]]
        self.assigned_at = self._assigned(handovers)
        count = len(events["person"])
        events |= {"is_copied": np.ones(count, dtype=bool), "written": np.full(count, "", dtype=object)}
        self.is_last = np.append(events["person"][1:] != events["person"][:-1], True)[:count]
        self.before = np.where(np.insert(self.is_last[:-1], 0, True)[:count], -1, np.roll(events["stage"], 1))
        self.planted = Table(
            "person cause fault wrong held due parted_at healed_at", text="cause fault"
        )  # held, due: stages; the wrong side holds the one, and the other is due
        self.edits = Table("person side moment value writer", text="value writer")
        self.marks = Table("person mark moment value", text="mark value")

    def _assigned(self, handovers: dict[str, np.ndarray]) -> np.ndarray:
        """For each MQL when it was assigned to a person; 0 for the rest."""
        assigned = np.zeros(len(self.taken), dtype=np.int64)
        first = handovers["cycle"] == 1
        assigned[handovers["person"][first]] = handovers["assigned_at"][first]
        is_first_mql = (self.events["stage"] == MQL) & (self.events["cycle"] == 1)
        return np.where(is_first_mql, assigned[self.events["person"]], 0)

    def plants(self) -> dict:
        """Fault → the method that plants it, in the order in which they choose their people."""
        return {
            "missing_record": self._missing_records,
            "unmapped_value": self._unmapped_values,
            "not_synced": self._not_synced,
            "conflict": self._conflicts,
        }

    def plant(self, rates: dict[str, float] | None) -> None:
        """Plant every fault at its rate; None: the sample's."""
        rates = self.RATES if rates is None else rates
        known = self.plants() | {"in_flight": self._in_flight}  # it adds events, of which the rest is made before
        known |= identity_faults.plants(self, self.seed)
        if unknown := set(rates) - set(known):
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        for name, plant in known.items():
            if rates.get(name, 0) > 0:
                plant(rates[name])

    def _pick(self, base: np.ndarray, eligible: np.ndarray, share: float) -> np.ndarray:
        """As many of the eligible events as `share` of the base has, at least one, one a person, nobody twice."""
        wanted = max(1, round(share * base.sum()))
        rows = np.flatnonzero(eligible & ~self.taken[self.events["person"]])
        rows = self.rng.permutation(rows)
        _, firsts = np.unique(self.events["person"][rows], return_index=True)
        rows = np.sort(rows[np.sort(firsts)][:wanted])
        self.taken[self.events["person"][rows]] = True
        return rows

    def _told(self, rows, cause: str, fault: str, wrong: int, parted_at, healed_at, held=None, due=None) -> None:
        """Write down the truth; `healed_at` beyond the end: it stands open; no cause: both systems agree."""
        stages = {"held": self.before[rows] if held is None else held, "due": self.events["stage"][rows]}
        stages |= {} if due is None else {"due": due}
        person = self.events["person"][rows]
        told = {"cause": cause, "fault": fault, "wrong": wrong, "parted_at": parted_at, "healed_at": healed_at}
        if len(rows):
            self.planted.add(person=person, **stages, **told)

    def _mark(self, rows: np.ndarray, mark: str, moment, value: str = "") -> None:
        if len(rows):
            self.marks.add(person=self.events["person"][rows], mark=mark, moment=moment, value=value)

    def _healed_by_the_next(self, rows: np.ndarray) -> np.ndarray:
        """When the person's next change has reached both systems; never, if there is none."""
        following = np.minimum(rows + 1, len(self.is_last) - 1)
        healed = self.events["synced_at"][following]
        # back to what the lagging side still holds: they agree at once, with nothing to copy
        is_back = self.events["stage"][following] == self.before[rows]
        is_back &= self.events["stage"][following] > MQL  # the MAP's own change must still reach the CRM
        healed = np.where(is_back, self.events["moment"][following], healed)
        return np.where(self.is_last[rows], NEVER, healed)

    def _both(self, base: np.ndarray, eligible: np.ndarray, rate: float) -> np.ndarray:
        """Picks that stand open and picks that the next change heals."""
        open_ones = self._pick(base, eligible & self.is_last, rate * (1 - HEALED_SHARE))
        return np.concatenate([open_ones, self._pick(base, eligible & ~self.is_last, rate * HEALED_SHARE)])

    def _after(self, rows: np.ndarray, at_most: int = 60 * DAY) -> np.ndarray:
        """A moment for each, some time after its last change has reached both systems and before the end."""
        since = self.events["synced_at"][rows]
        room = np.minimum(self.end - 2 * HOUR - since, at_most)
        return since + (room * (0.1 + 0.9 * self.rng.random(len(rows)))).astype(np.int64)

    def _edit(self, rows: np.ndarray, side: int, value, moment, writer: str = "") -> None:
        """Somebody types a value into the person's stage field; no writer: whoever owns the person."""
        if len(rows):
            self.edits.add(person=self.events["person"][rows], side=side, moment=moment, value=value, writer=writer)

    def _old(self, age: int = 2 * HOUR) -> np.ndarray:
        return self.events["moment"] <= self.end - age

    def _missing_records(self, rate: float) -> None:
        """The lead of an MQL was never created, or late; the contact whom sales made never reached the MAP."""
        first_mql = (self.events["stage"] == MQL) & (self.events["cycle"] == 1) & (self.kind != LIST)
        never = self._pick(first_mql, first_mql & self.is_last & self._old(), rate * (1 - HEALED_SHARE))
        told = ("missing_record", "never_created", CRM_SIDE, self.events["moment"][never], NEVER)
        self._told(never, *told, held=-1)
        self.events["is_copied"][never] = False
        waited = self.assigned_at - self.events["moment"]
        late = self._pick(first_mql, first_mql & (waited > 2 * HOUR) & self._old(), rate * HEALED_SHARE)
        created = self.events["moment"][late] + (0.8 * waited[late]).astype(np.int64)
        self.events["synced_at"][late] = created
        self._told(late, "missing_record", "created_late", CRM_SIDE, self.events["moment"][late], created, held=-1)
        sold = (self.kind == SALES) & np.isin(self.events["stage"], (OPPORTUNITY, WON)) & self.is_last
        alone = self._pick(sold, sold & (self.before < 0) & (self.events["cycle"] == 1) & self._old(), rate)
        self.drawn["created_map_at"][self.events["person"][alone]] = 0
        self._told(alone, "missing_record", "never_sent", MAP_SIDE, self.events["moment"][alone], NEVER, held=-1)

    def _unmapped_values(self, rate: float) -> None:
        """A value that no agreement knows: typed instead of a stage, or over one, in either system (pitfall 30)."""
        stage = self.events["stage"]
        base = np.isin(stage, (MQL, SAL)) & self.is_last
        typed = self._both(base, (stage == SAL) & self._old() & (self.events["is_undone"] == 0), rate)
        healed = self._healed_by_the_next(typed)
        self.events["written"][typed], self.events["is_copied"][typed] = "Wrking", False
        self._told(typed, "unmapped_value", "typed_instead", CRM_SIDE, self.events["moment"][typed], healed)
        later = self._pick(base, (stage == SAL) & self.is_last & self._old(3 * DAY), rate)
        self._typed_over(later, CRM_SIDE, "Attempting")
        renamed = self._pick(base, (stage == MQL) & self.is_last & self._old(3 * DAY), rate)
        self._typed_over(renamed, MAP_SIDE, UNMAPPED_IN_MAP)

    def _typed_over(self, rows: np.ndarray, side: int, value: str) -> None:
        at = self._after(rows)
        self._edit(rows, side, value, at)
        self._told(rows, "unmapped_value", "typed_over", side, at, NEVER, held=-1)

    def _not_synced(self, rate: float) -> None:
        """A change in the CRM that the sync lost."""
        stage = self.events["stage"]
        could = (stage > MQL) & (self.before >= 0) & self._old()
        could &= ~((stage == OPPORTUNITY) & np.isin(self.before, (SAL, SQL)))  # a conversion: a fault of its own
        lost = self._both((stage > MQL) & self.is_last, could, rate)
        healed = self._healed_by_the_next(lost)
        self.events["is_copied"][lost] = False
        self._told(lost, "not_synced", "sync_lost_it", MAP_SIDE, self.events["moment"][lost], healed)

    def _conflicts(self, rate: float) -> None:
        """Somebody in marketing took a person out of the funnel whom sales goes on working."""
        stage = self.events["stage"]
        working = np.isin(stage, (SAL, SQL, OPPORTUNITY)) & (self.events["cycle"] == 1) & self.is_last
        rows = self._pick((stage > MQL) & self.is_last, working & self._old(3 * DAY), rate)
        out = self.rng.integers(0, 2, len(rows))
        at = self._after(rows)
        self._edit(rows, MAP_SIDE, np.array(["Recycled", "Disqualified"], dtype=object)[out], at)
        held = np.array([RECYCLED, DISQUALIFIED])[out]
        self._told(rows, "conflict", "edited_by_hand", MAP_SIDE, at, NEVER, held=held)

    def _in_flight(self, rate: float) -> None:
        """A late worker accepts somebody in the last minutes before the end (pitfalls 4 and 7: pure lag)."""
        waiting = (self.events["stage"] == MQL) & self.is_last & self._old(DAY) & ~self._old(60 * DAY)
        rows = self._pick(waiting, waiting & (self.assigned_at > 0), rate)
        at = self.end - self.rng.integers(2 * MINUTE, self.engine.tolerance // MINUTE * 40, len(rows))
        added = {name: values[rows].copy() for name, values in self.events.items()}
        arrives = at + self.engine.tolerance - MINUTE
        added |= {"stage": np.full(len(rows), SAL), "moment": at, "synced_at": arrives}
        for name, values in self.events.items():
            self.events[name] = np.concatenate([values, added[name]])
