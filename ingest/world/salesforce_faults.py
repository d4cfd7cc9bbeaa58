"""What goes wrong wherever leads are linked to a MAP: they are deleted, merged, converted behind its back.

Marks that the systems' writers heed: `deleted_in_crm`, `linked_to_loser`, `stale_link`. Numbers are the pitfalls of
domain.md. What one MAP adds stands in marketo_faults.py and hubspot_faults.py.
"""

from typing import ClassVar

import numpy as np

from ingest.world.clock import DAY
from ingest.world.faults import CRM_SIDE, MAP_SIDE, MQL, NEVER, OPPORTUNITY, RECYCLED, SAL, SQL, Planter
from ingest.world.people import INBOUND, LINKED, LIST


class SalesforcePlanter(Planter):
    """Plants what every pair can have, and what becomes of the link between a lead and its twin."""

    LINKS: ClassVar[dict[str, float]] = {"deleted_record": 0.01, "merged_record": 0.01, "conversion_gap": 0.03}
    RATES: ClassVar[dict[str, float]] = Planter.RATES | LINKS

    def plants(self) -> dict:
        """Fault → the method that plants it."""
        return super().plants() | {
            "deleted_record": self._deleted_records,
            "merged_record": self._merged_records,
            "conversion_gap": self._conversion_gaps,
        }

    def _is_led(self) -> np.ndarray:
        """Events of people who came in as leads."""
        return np.isin(self.kind, (INBOUND, LIST))

    def _is_linked(self) -> np.ndarray:
        """Events of leads whose record in the MAP points at their record in Salesforce."""
        return self._is_led() & (self.drawn["matched_by"][self.events["person"]] == LINKED)

    def _first_deals(self) -> np.ndarray:
        """Leads converted into their first deal, which nothing followed; the stage before it is known to both."""
        first = (self.events["stage"] == OPPORTUNITY) & (self.events["cycle"] == 1) & (self.before == SQL)
        return first & self._is_led() & self.is_last & self._old()

    def _deleted_records(self, rate: float) -> None:
        """12: somebody deleted the lead; its twin in the MAP lives on."""
        base = np.isin(self.events["stage"], (MQL, SAL, SQL)) & self.is_last & self._is_linked()
        has_deal = np.isin(self.events["person"], self.deals["person"])  # a contact, which would live on
        rows = self._pick(base, base & ~has_deal & self._old(3 * DAY), rate)
        at = self._after(rows)
        self._mark(rows, "deleted_in_crm", at)
        self._told(rows, "deleted_record", "deleted_in_crm", CRM_SIDE, at, NEVER, held=-1)

    def _merged_base(self) -> np.ndarray:
        return np.isin(self.events["stage"], (SAL, SQL, RECYCLED)) & self.is_last & self._is_linked()

    def _merged_records(self, rate: float) -> None:
        """9: the MAP stays linked to the lead that lost a merge."""
        base = self._merged_base()
        worked = (self.events["stage"] == SAL) & (self.before == MQL) & (self.events["cycle"] == 1)
        rows = self._pick(base, base & worked & self._old(DAY), rate)
        self.events["is_copied"][rows] = False
        self._mark(rows, "linked_to_loser", self.events["moment"][rows])
        self._told(rows, "merged_record", "linked_to_loser", MAP_SIDE, self.events["moment"][rows], NEVER)

    def _conversion_gaps(self, rate: float) -> None:
        """8: the lead was converted; the MAP goes on holding the lead, and what it said before."""
        base = self._first_deals() & self._is_linked()
        rows = self._pick(base, base, rate)
        self.events["is_copied"][rows] = False
        self._mark(rows, "stale_link", self.events["moment"][rows])
        self._told(rows, "conversion_gap", "stale_link", MAP_SIDE, self.events["moment"][rows], NEVER)
