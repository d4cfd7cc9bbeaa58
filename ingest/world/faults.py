"""What goes wrong between the two systems, planted at a rate, and the truth about each planted fault.

`conflict`: a change in the CRM that the sync lost, or one made by hand in the MAP. `missing_record`: an MQL whose lead
was never created, or late. `unmapped_value`: a value typed that no agreement knows. `in_flight`: a change so late that
it is still on its way at the end, which is no fault at all. A person carries one at most; a rate is a share of those
who could have it.
"""

import numpy as np

from ingest.world.clock import DAY, HOUR, MINUTE, SYNC_AT_MOST, stream
from ingest.world.journeys import Table
from ingest.world.people import LIST

DEFAULT_RATES = {"conflict": 0.04, "missing_record": 0.03, "unmapped_value": 0.04, "in_flight": 0.02}
HEALED_SHARE = 0.4  # of planted faults: those on a change that was followed by another, which heals them
INQUIRY, MQL, SAL, SQL, OPPORTUNITY = range(5)
NEVER = np.iinfo(np.int64).max
MAP_SIDE, CRM_SIDE = 0, 1


class Planter:
    """Changes `events`, sorted by person and time; collects `edits`, typed by hand, and the truth, `planted`."""

    def __init__(self, events, drawn, handovers, seed: int, end: int):
        self.events, self.end, self.rng = events, end, stream(seed, "faults")
        self.taken = drawn["is_excluded"].copy()
        self.is_listed = drawn["kind"][events["person"]] == LIST
        self.assigned_at = self._assigned(handovers)
        count = len(events["person"])
        events |= {"is_copied": np.ones(count, dtype=bool), "written": np.full(count, "", dtype=object)}
        self.is_last = np.append(events["person"][1:] != events["person"][:-1], True)[:count]
        self.planted = Table("person cause fault wrong parted_at healed_at", text="cause fault")
        self.edits = Table("person side moment value", text="value")

    def _assigned(self, handovers: dict[str, np.ndarray]) -> np.ndarray:
        """For each MQL when it was assigned to a person; 0 for the rest."""
        assigned = np.zeros(len(self.taken), dtype=np.int64)
        first = handovers["cycle"] == 1
        assigned[handovers["person"][first]] = handovers["assigned_at"][first]
        is_first_mql = (self.events["stage"] == MQL) & (self.events["cycle"] == 1)
        return np.where(is_first_mql, assigned[self.events["person"]], 0)

    def plant(self, rates: dict[str, float]) -> None:
        """Plant every fault at its rate."""
        unknown = set(rates) - set(DEFAULT_RATES)
        if unknown:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(DEFAULT_RATES)}")
        self._missing_records(rates.get("missing_record", 0))
        self._unmapped_values(rates.get("unmapped_value", 0))
        self._conflicts(rates.get("conflict", 0))
        self._in_flight(rates.get("in_flight", 0))

    def _pick(self, base: np.ndarray, eligible: np.ndarray, share: float) -> np.ndarray:
        """As many of the eligible events as `share` of the base has, at least one, one a person, nobody twice."""
        wanted = max(1, round(share * base.sum())) if share > 0 else 0
        rows = np.flatnonzero(eligible & ~self.taken[self.events["person"]])
        rows = self.rng.permutation(rows)
        _, firsts = np.unique(self.events["person"][rows], return_index=True)
        rows = np.sort(rows[np.sort(firsts)][:wanted])
        self.taken[self.events["person"][rows]] = True
        return rows

    def _told(self, rows: np.ndarray, cause: str, fault: str, wrong: int, parted_at, healed_at) -> None:
        """Write down the truth; `healed_at` beyond the end means that it stands open."""
        person = self.events["person"][rows]
        self.planted.add(person=person, cause=cause, fault=fault, wrong=wrong, parted_at=parted_at, healed_at=healed_at)

    def _healed_by_the_next(self, rows: np.ndarray) -> np.ndarray:
        """When the person's next change has reached both systems; never, if there is none."""
        following = np.minimum(rows + 1, len(self.is_last) - 1)
        before = np.maximum(rows - 1, 0)
        healed = self.events["synced_at"][following]
        # back to what the lagging side still holds: they agree at once, with nothing to copy
        is_back = self.events["stage"][following] == self.events["stage"][before]
        is_back &= self.events["stage"][following] > MQL  # the MAP's own change must still reach the CRM
        healed = np.where(is_back, self.events["moment"][following], healed)
        return np.where(self.is_last[rows], np.iinfo(np.int64).max, healed)

    def _both(self, base: np.ndarray, eligible: np.ndarray, rate: float) -> np.ndarray:
        """Picks that stand open and picks that the next change heals."""
        open_ones = self._pick(base, eligible & self.is_last, rate * (1 - HEALED_SHARE))
        return np.concatenate([open_ones, self._pick(base, eligible & ~self.is_last, rate * HEALED_SHARE)])

    def _edit(self, rows: np.ndarray, side: int, values: tuple[str, ...]) -> np.ndarray:
        """Type one of `values` into the person's stage field some time after its last change; when."""
        since = self.events["synced_at"][rows]
        room = np.minimum(self.end - 2 * HOUR - since, 60 * DAY)
        at = since + (room * (0.1 + 0.9 * self.rng.random(len(rows)))).astype(np.int64)
        value = np.array(values, dtype=object)[self.rng.integers(0, len(values), len(rows))]
        self.edits.add(person=self.events["person"][rows], side=side, moment=at, value=value)
        return at

    def _old(self, age: int = 2 * HOUR) -> np.ndarray:
        return self.events["moment"] <= self.end - age

    def _missing_records(self, rate: float) -> None:
        first_mql = (self.events["stage"] == MQL) & (self.events["cycle"] == 1)
        first_mql &= ~self.is_listed
        never = self._pick(first_mql, first_mql & self.is_last & self._old(), rate * (1 - HEALED_SHARE))
        self._told(never, "missing_record", "never_created", CRM_SIDE, self.events["moment"][never], NEVER)
        self.events["is_copied"][never] = False
        waited = self.assigned_at - self.events["moment"]
        late = self._pick(first_mql, first_mql & (waited > 2 * HOUR) & self._old(), rate * HEALED_SHARE)
        created = self.events["moment"][late] + (0.8 * waited[late]).astype(np.int64)
        self.events["synced_at"][late] = created
        self._told(late, "missing_record", "created_late", CRM_SIDE, self.events["moment"][late], created)

    def _unmapped_values(self, rate: float) -> None:
        stage = self.events["stage"]
        base = np.isin(stage, (MQL, SAL)) & self.is_last
        typed = self._both(base, (stage == SAL) & self._old(), rate)
        healed = self._healed_by_the_next(typed)
        self.events["written"][typed], self.events["is_copied"][typed] = "Wrking", False
        self._told(typed, "unmapped_value", "typed_instead", CRM_SIDE, self.events["moment"][typed], healed)
        later = self._pick(base, (stage == SAL) & self.is_last & self._old(3 * DAY), rate)
        self._told(later, "unmapped_value", "typed_over", CRM_SIDE, self._edit(later, CRM_SIDE, ("Attempting",)), NEVER)
        renamed = self._pick(base, (stage == MQL) & self.is_last & self._old(3 * DAY), rate)
        at = self._edit(renamed, MAP_SIDE, ("Mktg Qualified",))
        self._told(renamed, "unmapped_value", "typed_over", MAP_SIDE, at, NEVER)

    def _conflicts(self, rate: float) -> None:
        stage = self.events["stage"]
        base = (stage > MQL) & self.is_last
        lost = self._both(base, (stage > MQL) & (self._before() >= 0) & self._old(), rate)
        healed = self._healed_by_the_next(lost)
        self.events["is_copied"][lost] = False
        self._told(lost, "conflict", "sync_lost_it", MAP_SIDE, self.events["moment"][lost], healed)
        working = np.isin(stage, (SAL, SQL, OPPORTUNITY))
        edited = self._pick(base, working & self.is_last & self._old(3 * DAY), rate / 2)
        at = self._edit(edited, MAP_SIDE, ("Recycled", "Disqualified"))
        self._told(edited, "conflict", "edited_by_hand", MAP_SIDE, at, NEVER)

    def _before(self) -> np.ndarray:
        """The stage before each event; -1 for a person's first, of which a lost copy leaves nothing to compare."""
        is_first = np.insert(self.is_last[:-1], 0, True)[: len(self.is_last)]
        return np.where(is_first, -1, np.roll(self.events["stage"], 1))

    def _in_flight(self, rate: float) -> None:
        """A late worker accepts somebody in the last minutes before the end."""
        waiting = (self.events["stage"] == MQL) & self.is_last & self._old(DAY) & ~self._old(60 * DAY)
        rows = self._pick(waiting, waiting & (self.assigned_at > 0), rate)
        at = self.end - self.rng.integers(2 * MINUTE, 20 * MINUTE, len(rows))
        added = {name: values[rows].copy() for name, values in self.events.items()}
        added |= {"stage": np.full(len(rows), SAL), "moment": at, "synced_at": at + SYNC_AT_MOST - MINUTE}
        for name, values in self.events.items():
            self.events[name] = np.concatenate([values, added[name]])
