"""What goes wrong between Salesforce and Marketo only; numbers are the pitfalls of domain.md.

The last five are seen in the data and yet make no two systems disagree: they have no cause.
"""

from typing import ClassVar

import numpy as np

from ingest.world.clock import DAY
from ingest.world.faults import (
    CRM_SIDE,
    MAP_SIDE,
    MQL,
    NEVER,
    OPPORTUNITY,
    RECYCLED,
    SAL,
    SQL,
    WON,
    Planter,
)
from ingest.world.people import INBOUND, LINKED, LIST


class MarketoPlanter(Planter):
    """Plants what every pair can have, and what the sync of Salesforce with Marketo and its people add."""

    RATES: ClassVar[dict[str, float]] = Planter.RATES | {
        "deleted_record": 0.01,
        "merged_record": 0.01,
        "conversion_gap": 0.03,
        "duplicate_record": 0.02,
        "no_contact_role": 0.03,
        "collision": 0.01,
        "winner_created_later": 0.01,
        "converted_twice": 0.02,
        "converted_by_marketo": 0.02,
        "back_dated_close": 0.05,
    }

    def plants(self) -> dict:
        """Fault → method; the rate of `history_starts_late` is the share of the time before history was tracked."""
        return super().plants() | {
            "deleted_record": self._deleted_records,
            "merged_record": self._merged_records,
            "conversion_gap": self._conversion_gaps,
            "duplicate_record": self._duplicate_records,
            "no_contact_role": self._without_role,
            "collision": self._collisions,
            "winner_created_later": self._winners_created_later,
            "converted_twice": self._converted_twice,
            "converted_by_marketo": self._converted_by_marketo,
            "back_dated_close": self._back_dated,
            "history_starts_late": self._history_starts_late,
        }

    def _is_led(self) -> np.ndarray:
        """Events of people who came in as leads."""
        return np.isin(self.kind, (INBOUND, LIST))

    def _is_linked(self) -> np.ndarray:
        """Events of leads whose record in Marketo points at their record in Salesforce."""
        return self._is_led() & (self.drawn["matched_by"][self.events["person"]] == LINKED)

    def _first_deals(self) -> np.ndarray:
        """Leads converted into their first deal, which nothing followed; the stage before it is known to both."""
        first = (self.events["stage"] == OPPORTUNITY) & (self.events["cycle"] == 1) & (self.before == SQL)
        return first & self._is_led() & self.is_last & self._old()

    def _deleted_records(self, rate: float) -> None:
        """12: somebody deleted the lead; its twin in Marketo lives on."""
        base = np.isin(self.events["stage"], (MQL, SAL, SQL)) & self.is_last & self._is_linked()
        rows = self._pick(base, base & self._old(3 * DAY), rate)
        at = self._after(rows)
        self._mark(rows, "deleted_in_crm", at)
        self._told(rows, "deleted_record", "deleted_in_crm", CRM_SIDE, at, NEVER, held=-1)

    def _merged_records(self, rate: float) -> None:
        """9 and 10: Marketo stays linked to the lead that lost a merge; or a merge sums two scores into a false MQL."""
        stage, led = self.events["stage"], self._is_linked()
        base = np.isin(stage, (SAL, SQL, RECYCLED)) & self.is_last & led
        worked = (stage == SAL) & (self.before == MQL) & (self.events["cycle"] == 1)
        rows = self._pick(base, base & worked & self._old(DAY), rate)
        self.events["is_copied"][rows] = False
        self._mark(rows, "linked_to_loser", self.events["moment"][rows])
        self._told(rows, "merged_record", "linked_to_loser", MAP_SIDE, self.events["moment"][rows], NEVER)
        rows = self._pick(base, base & (stage == RECYCLED) & self._old(3 * DAY), rate)
        at = self._after(rows)
        self._mark(rows, "score_summed", at)
        self._edit(rows, MAP_SIDE, "MQL", at, writer="campaign")
        self._told(rows, "merged_record", "score_summed", MAP_SIDE, at, NEVER, held=MQL, due=RECYCLED)

    def _conversion_gaps(self, rate: float) -> None:
        """8: the lead was converted; Marketo goes on holding the lead, and what it said before."""
        base = self._first_deals() & self._is_linked()
        rows = self._pick(base, base, rate)
        self.events["is_copied"][rows] = False
        self._mark(rows, "stale_link", self.events["moment"][rows])
        self._told(rows, "conversion_gap", "stale_link", MAP_SIDE, self.events["moment"][rows], NEVER)

    def _duplicate_records(self, rate: float) -> None:
        """9: an import made a second lead of a person who is worked already, and it was touched last."""
        base = np.isin(self.events["stage"], (SAL, SQL)) & self.is_last & self._is_led()
        rows = self._pick(base, base & self._old(3 * DAY), rate)
        at = self._after(rows)
        self._mark(rows, "duplicate_lead", at, "Nurture")
        self._told(rows, "duplicate_record", "duplicate_lead", CRM_SIDE, at, NEVER, held=RECYCLED)

    def _without_role(self, rate: float) -> None:
        """3: the deal was opened on the account without a contact role; Marketo moved by a campaign on the account."""
        base = self._first_deals()
        rows = self._pick(base, base, rate)
        self._mark(rows, "no_role", self.events["moment"][rows])
        parted = self.events["synced_at"][rows]
        self._told(rows, "no_contact_role", "no_role", CRM_SIDE, parted, NEVER)

    def _collisions(self, rate: float) -> None:
        """8: both systems change a person between two polls: Marketo wins for leads, Salesforce for contacts."""
        stage = self.events["stage"]
        base = np.isin(stage, (SAL, OPPORTUNITY)) & self.is_last & self._old(DAY) & (self.before >= 0)
        room = self.events["synced_at"] - self.events["moment"] > 60
        lead = self._pick(base, base & room & (stage == SAL) & self._is_led(), rate)
        self.events["is_copied"][lead] = False
        self._edit(lead, MAP_SIDE, "Recycled", self._between(lead), writer="campaign")
        self._edit(lead, CRM_SIDE, "Nurture", self.events["synced_at"][lead], writer="sync")
        nobody = (-1, self.events["moment"][lead], self.events["synced_at"][lead])
        self._told(lead, "", "marketo_won", *nobody, held=RECYCLED)
        contact = self._pick(base, base & room & (stage == OPPORTUNITY), rate)
        self._edit(contact, MAP_SIDE, "Recycled", self._between(contact), writer="campaign")
        nobody = (-1, self.events["moment"][contact], self.events["synced_at"][contact])
        self._told(contact, "", "salesforce_won", *nobody, held=OPPORTUNITY)

    def _between(self, rows: np.ndarray) -> np.ndarray:
        """A moment between a change and its copy."""
        moment = self.events["moment"][rows]
        return (
            moment + 1 + ((self.events["synced_at"][rows] - moment - 2) * self.rng.random(len(rows))).astype(np.int64)
        )

    def _winners_created_later(self, rate: float) -> None:
        """11: the merge kept the younger record's creation; the person seems to begin after their first answer."""
        base = (self.events["stage"] == 0) & self.is_last & self._is_led() & self._old(40 * DAY)
        self._note(base, base, rate, "winner_created_later", self.events["moment"] + 10 * DAY)

    def _converted_twice(self, rate: float) -> None:
        """18: the lead was converted a second time; it points at the second contact, and the deal at the first."""
        base = self._first_deals()
        self._note(base, base, rate, "converted_twice", self.events["moment"] + 3600)

    def _converted_by_marketo(self, rate: float) -> None:
        """13: Marketo converted the lead, with a new account and an opportunity that nobody wanted."""
        base = self._first_deals()
        self._note(base, base, rate, "converted_by_marketo", self.events["moment"] - 60)

    def _back_dated(self, rate: float) -> None:
        """31: the close date of a won deal was set back, into an earlier month."""
        base = (self.events["stage"] == WON) & self.is_last & self._old(4 * DAY)
        self._note(base, base, rate, "back_dated_close", self.events["moment"] - 35 * DAY)

    def _note(self, base: np.ndarray, eligible: np.ndarray, rate: float, fault: str, moments: np.ndarray) -> None:
        """A fault that makes nobody disagree: a mark, and the truth that it was planted."""
        rows = self._pick(base, eligible, rate)
        self._mark(rows, fault, moments[rows])
        self._told(rows, "", fault, -1, moments[rows], moments[rows])

    def _history_starts_late(self, share: float) -> None:
        """21: Salesforce's field history was switched on late."""
        start = int(self.drawn["first_at"].min()) // DAY * DAY
        from_then_on = start + int(share * (self.end - start))
        self.marks.add(person=np.array([-1]), mark="history_starts", moment=from_then_on, value="")
