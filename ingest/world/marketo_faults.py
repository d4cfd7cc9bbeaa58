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
)
from ingest.world.salesforce_faults import SalesforcePlanter


class MarketoPlanter(SalesforcePlanter):
    """Plants what every pair with Salesforce can have, and what its sync with Marketo and its people add."""

    RATES: ClassVar[dict[str, float]] = SalesforcePlanter.RATES | {
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
            "duplicate_record": self._duplicate_records,
            "no_contact_role": self._without_role,
            "collision": self._collisions,
            "winner_created_later": self._winners_created_later,
            "converted_twice": self._converted_twice,
            "converted_by_marketo": self._converted_by_marketo,
            "back_dated_close": self._back_dated,
            "history_starts_late": self._history_starts_late,
        }

    def _merged_records(self, rate: float) -> None:
        """9 and 10: the link stays at the lead that lost a merge; or a merge sums two scores into a false MQL."""
        super()._merged_records(rate)
        base = self._merged_base()
        rows = self._pick(base, base & (self.events["stage"] == RECYCLED) & self._old(3 * DAY), rate)
        at = self._after(rows)
        self._mark(rows, "score_summed", at)
        self._edit(rows, MAP_SIDE, "MQL", at, writer="campaign")
        self._told(rows, "merged_record", "score_summed", MAP_SIDE, at, NEVER, held=MQL, due=RECYCLED)

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
