"""The sync engines between a CRM and a MAP: when a change that one of them made stands in the other as well.

Which change is copied at all, and who wins when both made one, is written down by each system (salesforce.py,
marketo.py, hubspot_sync.py); what an engine loses is planted in faults.
"""

from dataclasses import dataclass

import numpy as np

from ingest.world.clock import MINUTE


@dataclass(frozen=True)
class Engine:
    """A sync that polls every `period` seconds and works for `work` seconds; some changes wait in its backlog.

    Every copy arrives within `tolerance`, which is what the agreement allows.
    """

    period: int
    work: int
    backlog: int
    tolerance: int
    backlog_share: float = 0.15

    def copied_at(self, rng: np.random.Generator, moments: np.ndarray) -> np.ndarray:
        """When changes made at `moments` stand in the other system: in the next poll, or later if it is busy."""
        waits = (rng.random(len(moments)) < self.backlog_share) * rng.random(len(moments)) * self.backlog
        return (moments // self.period + 1) * self.period + rng.integers(5, self.work, len(moments)) + waits.astype(int)


# Marketo syncs, waits five minutes, syncs again; HubSpot asks Salesforce every 15; workflows take a minute or some
MARKETO = Engine(period=6 * MINUTE, work=MINUTE, backlog=15 * MINUTE, tolerance=30 * MINUTE)
HUBSPOT = Engine(period=15 * MINUTE, work=2 * MINUTE, backlog=8 * MINUTE, tolerance=30 * MINUTE)
WORKFLOWS = Engine(period=MINUTE, work=MINUTE, backlog=8 * MINUTE, tolerance=15 * MINUTE)
ENGINES = {"salesforce-marketo": MARKETO, "salesforce-hubspot": HUBSPOT, "hubspot": WORKFLOWS}
