"""What goes wrong only where HubSpot is: beside Salesforce, or alone; numbers are the pitfalls of domain.md.

Each fault is planted so that the cause that lifecycle.md finds first is the one it is told by: a lost exit is
`forward_only` only if a forward-only writer wrote last, a lost copy `not_synced` only before a conversion. Marks that
hubspot.py and hubspot_sync.py heed: `outside_list` (value: until when), `company_set_by_hand`, `deleted_deal_stage`;
`no_role` and `duplicate_lead` are heeded by salesforce.py too.
"""

from typing import ClassVar

import numpy as np

from ingest.world.clock import DAY, GAP, HOUR
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
from ingest.world.people import INBOUND, LIST
from ingest.world.salesforce_faults import SalesforcePlanter

RANKS = np.array((1, 2, 3, 4, 5, 6, 0, 0, 0))  # of stages as HubSpot orders them: exits stand below the path
LABEL = "Marketing Qualified Lead"  # where the internal name belongs
DELETED_STAGE, DELETED_DEAL_STAGE = "1043550019", "1043560077"  # numbers that no stage has any more


class HubspotPlanter(SalesforcePlanter):
    """Plants what every pair can have, and what HubSpot's own rules and its sync with Salesforce add."""

    RATES: ClassVar[dict[str, float]] = SalesforcePlanter.RATES | {
        "forward_only": 0.03,
        "account_push": 0.03,
        "no_contact_role": 0.03,
        "duplicate_record": 0.02,
        "label_for_name": 0.02,
    }
    BY_SYNC = (SAL, SQL, OPPORTUNITY, WON)  # what a forward-only writer sets

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stage, person = self.events["stage"], self.events["person"]
        self.has_deal = np.zeros(len(self.taken), dtype=bool)
        self.has_deal[self.deals["person"]] = True
        self.is_lead = np.isin(self.kind, (INBOUND, LIST)) & ~self.has_deal[person]  # never converted
        self.is_forward = (self.before < 0) | (RANKS[stage] > RANKS[self.before])

    def plants(self) -> dict:
        """Fault → the method that plants it."""
        return super().plants() | {
            "forward_only": self._forward_only,
            "account_push": self._pushes,
            "no_contact_role": self._without_role,
            "duplicate_record": self._duplicate_records,
            "label_for_name": self._labels_for_names,
        }

    def _previous(self, column: str, rows: np.ndarray) -> np.ndarray:
        return self.events[column][np.maximum(rows - 1, 0)]

    def _not_synced(self, rate: float) -> None:
        """5: the contact fell out of the inclusion list, so what sales did with the lead never arrived."""
        could = np.isin(self.events["stage"], (SAL, SQL)) & (self.before >= 0) & self.is_forward & self.is_lead
        could &= self._old() & (self.events["is_undone"] == 0)
        rows = self._both(could & self.is_last, could, rate)
        self.events["is_copied"][rows] = False
        following = np.minimum(rows + 1, len(self.is_last) - 1)
        until = np.where(self.is_last[rows], NEVER, self.events["moment"][following])
        self._keep_out(rows, until)
        told = ("not_synced", "outside_list", MAP_SIDE, self.events["moment"][rows])
        self._told(rows, *told, self._healed_by_the_next(rows))

    def _keep_out(self, rows: np.ndarray, until: np.ndarray) -> None:
        self._mark(rows, "outside_list", self.events["moment"][rows], until.astype(str).astype(object))

    def _forward_only(self, rate: float) -> None:
        """1 and 28: nothing clears the stage, so a step back or an exit never arrives after what the sync wrote."""
        every = np.arange(len(self.is_last))
        by_sync = np.isin(self.before, self.BY_SYNC) & np.roll(self.is_forward, 1) & self._previous("is_copied", every)
        could = by_sync & ~self.is_forward & (self.events["stage"] > MQL) & self._old()
        could &= (self.events["is_undone"] == 0) & (self._previous("is_undone", every) == 0)
        rows = self._both(could & self.is_last, could, rate)
        self.events["is_copied"][rows] = False
        told = ("forward_only", "not_cleared", MAP_SIDE, self.events["moment"][rows])
        self._told(rows, *told, self._healed_by_the_next(rows))

    def _pushable(self) -> np.ndarray:
        """Leads in the hands of sales whom HubSpot has put under a company."""
        rows = np.isin(self.events["stage"], (MQL, SAL, SQL)) & self.is_last & self.is_lead & self._old(5 * DAY)
        return rows & (self.drawn["free_draw"][self.events["person"]] >= 0.06)

    def _pushes(self, rate: float) -> None:
        """2: a company's stage is pushed to a contact who has no deal: a colleague's, or one set by hand."""
        firm, won = self.drawn["firm"], self.events["stage"] == WON
        won_at = np.full(firm.max() + 1, NEVER)
        np.minimum.at(won_at, firm[self.events["person"][won]], self.events["synced_at"][won])
        could = self._pushable()
        rows = self._pick(could, could & (won_at[firm[self.events["person"]]] < self.end - 3 * DAY), rate / 2)
        at = np.maximum(self._after(rows), won_at[firm[self.events["person"][rows]]] + HOUR)
        self._push(rows, "colleague_won", at)
        self._pushes_by_hand(rate / 2)

    def _pushes_by_hand(self, rate: float) -> None:
        """2: somebody made a company a customer that never had a deal."""
        firm = self.drawn["firm"]
        has_deal = np.zeros(firm.max() + 1, dtype=bool)
        has_deal[firm[self.deals["person"]]] = True
        could = self._pushable()
        rows = self._pick(could, could & ~has_deal[firm[self.events["person"]]], rate)
        at = self._after(rows)
        self._mark(rows, "company_set_by_hand", at - 20, "customer")
        self._push(rows, "company_set_by_hand", at)

    def _push(self, rows: np.ndarray, fault: str, at: np.ndarray) -> None:
        self._edit(rows, MAP_SIDE, "customer", at, writer="COMPANIES")
        self._told(rows, "account_push", fault, MAP_SIDE, at, NEVER, held=WON)

    def _without_role(self, rate: float) -> None:
        """3: the deal was opened without its contact, so the sync moved nobody; marketing set the stage by hand."""
        first = (self.events["stage"] == OPPORTUNITY) & (self.events["cycle"] == 1) & (self.before == SQL)
        first &= np.isin(self.kind, (INBOUND, LIST)) & self.is_last & self._old()
        rows = self._pick(first, first, rate)
        self.events["is_copied"][rows] = False
        self._mark(rows, "no_role", self.events["moment"][rows])
        self._edit(rows, MAP_SIDE, "Opportunity", self.events["synced_at"][rows])
        self._told(rows, "no_contact_role", "no_role", CRM_SIDE, self.events["synced_at"][rows], NEVER)

    def _duplicate_records(self, rate: float) -> None:
        """6: a second lead has the address; HubSpot follows whichever changed last, Salesforce touched the other."""
        every = np.arange(len(self.is_last))
        since = self._previous("synced_at", every) + GAP
        room = self.events["moment"] - GAP - since
        could = (self.events["stage"] == SQL) & (self.before == SAL) & self.is_last & self.is_lead & self._old()
        rows = self._pick(could, could & (room > HOUR), rate)
        at = since[rows] + (room[rows] * self.rng.random(len(rows))).astype(np.int64)
        self._mark(rows, "duplicate_lead", at, "Nurture")
        told = ("duplicate_record", "last_change_wins", CRM_SIDE, self.events["synced_at"][rows], NEVER)
        self._told(rows, *told, held=RECYCLED)

    def _labels_for_names(self, rate: float) -> None:
        """30: an integration wrote a stage's label, an import the number of a stage that was deleted."""
        stage = self.events["stage"]
        could = np.isin(stage, (MQL, SAL)) & self.is_last & self.is_lead & self._old(3 * DAY)
        for code, fault, value, writer in (
            (MQL, "label_for_name", LABEL, "API"),
            (SAL, "deleted_stage", DELETED_STAGE, "IMPORT"),
        ):
            rows = self._pick(could, could & (stage == code), rate / 2)
            at = self._after(rows)
            self._edit(rows, MAP_SIDE, value, at, writer)
            self._told(rows, "unmapped_value", fault, MAP_SIDE, at, NEVER, held=-1)


class AlonePlanter(HubspotPlanter):
    """Plants what can go wrong where HubSpot is the CRM too: one record a person, and deals of its own."""

    RATES: ClassVar[dict[str, float]] = {
        **{
            name: rate
            for name, rate in HubspotPlanter.RATES.items()
            if name not in ("missing_record", "duplicate_record", *SalesforcePlanter.LINKS)
        },
        "deleted_deal_stage": 0.05,
    }
    BY_SYNC = (OPPORTUNITY, WON)  # a deal moves its contact, forward only; workflows do the rest

    def plants(self) -> dict:
        """Fault → the method that plants it; nobody is missing in, or twice in, a system that stands alone."""
        plants = super().plants() | {"deleted_deal_stage": self._deleted_deal_stages}
        return {name: plants[name] for name in self.RATES if name in plants}

    def _keep_out(self, rows: np.ndarray, until: np.ndarray) -> None:
        """No list stands between a system and itself: a workflow was off."""

    def _pushes(self, rate: float) -> None:
        """2: here a colleague's deal is the account's, and a role in it what is missing; so by hand alone."""
        self._pushes_by_hand(rate)

    def _deleted_deal_stages(self, rate: float) -> None:
        """29: the deal's stage was deleted from its pipeline; the deal still names it by a number nobody knows."""
        could = (self.events["stage"] == OPPORTUNITY) & self.is_last & self._old(5 * DAY)
        rows = self._pick(could, could, rate)
        at = self._after(rows)
        self._mark(rows, "deleted_deal_stage", at, DELETED_DEAL_STAGE)
        self._told(rows, "unmapped_value", "deleted_deal_stage", CRM_SIDE, at, NEVER, held=-1)
