"""Random histories of the queue, each judged by a plain model of its rules: one row at a time, no SQL."""

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from triages import decided, fingerprint, history, mismatch, opened

from orchestration.triage import queue

PEOPLE = ["ada", "bob", "cyd"]
RANKS = ["low", "medium", "high"]
CHANGEABLE = {
    "cause": ["not_synced", "conflict"],
    "crm_value": ["Working", "Nurture", None],
    "map_value": ["MQL", "SAL"],
    "severity": RANKS,
    "parted_at": [datetime(2025, 2, 1), datetime(2025, 2, 20)],
    "owner_team": ["sales_ops", "marketing_ops"],
}
JUDGED = ("cause", "crm_value", "map_value", "parted_at")
EVENTS = st.one_of(
    *(
        st.tuples(st.just("differs"), st.sampled_from(PEOPLE), st.just(name), st.sampled_from(values))
        for name, values in CHANGEABLE.items()
    ),
    st.tuples(st.just("meets"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("goes_over"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
)
ROW = ("state", "person", "reopened", "until", "resolved_at")


class Model:
    """The rules as sentences: rows by fingerprint, each a dict."""

    def __init__(self):
        self.rows: dict[str, dict] = {}

    def observe(self, moment, as_of, mismatches, people, moves):
        given = self._given(mismatches, people, moves)
        for one in mismatches:
            key = given.get(one["person_id"]) or fingerprint(one["person_id"])
            row = self.rows.setdefault(key, {"state": None, "reopened": 0, "until": None, "acknowledged": None})
            if reason := self._reopens(row, one, moment, as_of):
                row["reopened"] += reason == "again"
                row |= {"state": "new", "until": None, "acknowledged": None}
            row |= {"person": one["person_id"], "resolved_at": None, "seen": moment}
        named = {given.get(one["person_id"]) or fingerprint(one["person_id"]) for one in mismatches}
        for key, row in self.rows.items():
            if key not in named and row["state"] != "resolved":
                row |= {"state": "resolved", "resolved_at": moment, "until": None, "acknowledged": None}

    def decide(self, key, state, one, moment, until=None, mended=False):
        row = self.rows[key]
        if row["state"] == "resolved" or row["state"] == state == "new":
            return 0
        said = {"of": one, "mended_at": moment if mended else None} if state == "acknowledged" else None
        row |= {"state": state, "until": until, "acknowledged": said}
        return 1

    @staticmethod
    def _reopens(row, one, moment, as_of) -> str | None:
        if row["state"] is None:
            return "first"
        if row["state"] == "resolved":
            return "again"
        if row["state"] == "snoozed" and row["until"] <= moment:
            return "over"
        if row["state"] == "acknowledged":
            was, mended_at = row["acknowledged"]["of"], row["acknowledged"]["mended_at"]
            if any(was[name] != one[name] for name in JUDGED):
                return "again"
            if RANKS.index(one["severity"]) > RANKS.index(was["severity"]):
                return "again"
            if mended_at and mended_at < as_of:
                return "again"
        return None

    def _given(self, mismatches, people, moves) -> dict[str, str]:
        """Person → the row that goes on with him."""
        own = {fingerprint(one["person_id"]): one["person_id"] for one in mismatches}
        offered: dict[str, list] = {}
        for key, row in self.rows.items():
            heirs = [own[key]] if key in own else [row["person"]] if row["person"] in own.values() else []
            if not heirs and row["person"] not in people:
                heirs = [now for then, now in moves if then == row["person"] and now in own.values()]
            if heirs:
                offered.setdefault(min(heirs, key=fingerprint), []).append(key)

        def preferred(person, key):
            row = self.rows[key]
            return row["state"] == "resolved", -row["seen"].timestamp(), key != fingerprint(person), row["first"], key

        for row in self.rows.values():
            row.setdefault("first", datetime(2025, 2, 2))
        return {person: min(keys, key=lambda key: preferred(person, key)) for person, keys in offered.items()}


class Histories(RuleBasedStateMachine):
    """People whose systems part and meet, who are merged and taken apart, and somebody who decides about them."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.data, self.model = Path(self.folder.name), Model()
        self.moment = datetime(2025, 3, 1)
        self.open = {person: mismatch(person) for person in PEOPLE[:2]}
        self.holder = {person: person for person in PEOPLE}  # record of a person → whose it is now
        self.moves: list[tuple] = []
        self.shown: list[dict] = []
        self.told: dict[str, tuple] = {}
        self.heard: list[str] = []
        self.published: dict[str, dict] = {}

    def teardown(self):
        self.folder.cleanup()

    @rule(
        events=st.lists(EVENTS, min_size=1, max_size=3),
        decision=st.sampled_from(["none", "acknowledged", "acknowledged", "mended", "snoozed", "new"]),
        hours=st.sampled_from([0, 1, 24, 48]),
        lag=st.sampled_from([0, 1, 48]),
        fate=st.sampled_from(["published", "published", "not renamed", "not committed"]),
    )
    def a_run(self, events, decision, hours, lag, fate):
        """Somebody decides about what was published, things happen, time passes, and a run tells the queue."""
        for person in sorted(self.published) if decision != "none" else ():
            self._decides(person, decision, hours)
        for event, *words in events:
            getattr(self, event)(*words)
        self.moment += timedelta(hours=hours)
        if fate == "not committed":
            return self._fails()
        self._observe(self.moment - timedelta(hours=lag))
        if fate == "published":
            self.published = {person: dict(one) for person, one in self.open.items()}

    def differs(self, person, name, value):
        """The systems part over somebody, or differ in something else than before."""
        if person in self.holder.values():
            one = self.open.setdefault(person, mismatch(person))
            one |= {name: value}

    def meets(self, person):
        """The systems agree about somebody."""
        self.open.pop(person, None)

    def goes_over(self, record, to):
        """A merge where it was the person's last record, else a split; the person who is no more has no mismatch."""
        before = self.holder[record]
        if to == before:
            return
        self.holder[record] = to
        self.moves.append((before, to, "salesforce", record, self.moment + timedelta(seconds=len(self.moves))))
        if before not in self.holder.values() and before in self.open:
            self.open[to] = self.open.pop(before) | {"person_id": to}

    def _decides(self, person, word, hours):
        one, key = self.published[person], fingerprint(person)
        if self.model.rows.get(key, {}).get("person") != person:
            return  # `decided` goes by the fingerprint that is a person's own
        until = self.moment + timedelta(hours=hours + 1) if word == "snoozed" else None
        state, mended = ("acknowledged", True) if word == "mended" else (word, False)
        expected = self.model.decide(key, state, one, self.moment, until, mended)
        assert decided(self.data, self.moment, state, one, snoozed_until=until, is_mended=mended) == expected

    def _fails(self):
        with opened([*self.open.values()], self.moment, self._people(), self.moves) as connection:
            connection.execute("create table new.main.mismatch_incidents (there varchar)")
            with pytest.raises(duckdb.Error):
                queue.observe(connection, self.data, self.moment, personal_data=False)

    @invariant()
    def the_queue_is_as_the_model_has_it(self):
        found = {
            row["fingerprint"]: (
                row["state"],
                row["person_id"],
                row["reopened_count"],
                row["snoozed_until"],
                row["resolved_at"],
            )
            for row in self.shown
        }
        assert found == self.told

    @invariant()
    def every_mismatch_of_the_last_word_is_one_open_row(self):
        still = sorted(row["person_id"] for row in self.shown if row["state"] != "resolved")
        assert still == self.heard

    @invariant()
    def the_history_ends_with_the_state(self):
        for row in self.shown:
            assert history(self.data, row["fingerprint"])[-1][0] == self.model.rows[row["fingerprint"]]["state"]

    def _people(self) -> list[str]:
        return sorted(set(self.holder.values()))

    def _observe(self, as_of):
        mismatches, people = [*self.open.values()], self._people()
        pairs = [(then, self.holder[record]) for then, _, _, record, _ in self.moves if then != self.holder[record]]
        self.model.observe(self.moment, as_of, mismatches, people, pairs)
        with opened(mismatches, as_of, people, self.moves) as connection:
            queue.observe(connection, self.data, self.moment, personal_data=False)
            rows = connection.execute("from new.main.mismatch_incidents")
            names = [column[0] for column in rows.description]
            self.shown = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        self.told = {key: tuple(row[name] for name in ROW) for key, row in self.model.rows.items()}
        self.heard = sorted(self.open)


Histories.TestCase.settings = settings(
    max_examples=int(os.environ.get("HISTORIES", 20)), stateful_step_count=20, deadline=None
)
TestHistories = Histories.TestCase
