"""What makes it hard to say who is one person: none of it is in the sample, and none is a disagreement of its own.

A mailbox that half a firm uses; an address that was mistyped in the CRM, or that is somebody's private one in the MAP,
of people whom no id links either. A rate is a share of those who could have it, and nobody has another fault as well.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from ingest.world.clock import stream
from ingest.world.people import BY_EMAIL, LINKED
from ingest.world.sync import WORKFLOWS

PEOPLE_AT_A_MAILBOX = 5  # at least, so that it shows whatever the mailbox is called
MAILBOXES = ("info", "crew")  # one that says what it is, and one that does not


def plants(planter, seed: int) -> dict[str, Callable[[float], None]]:
    """Fault → what plants it at a rate; with one system alone nothing can fail to be matched with another's."""
    rng = stream(seed, "identity")
    found = {"shared_mailbox": partial(_shared_mailboxes, planter, rng)}
    if planter.engine is not WORKFLOWS:
        for fault in ("mistyped_email", "private_email"):
            found[fault] = partial(_without_link, planter, rng, fault)
    return found


def _mark(planter, people: np.ndarray, mark: str, value) -> None:
    planter.taken[people] = True
    if len(people):
        planter.marks.add(person=people, mark=mark, moment=np.zeros(len(people), dtype=np.int64), value=value)


def _shared_mailboxes(planter, rng: np.random.Generator, rate: float) -> None:
    """Everybody of a firm writes from one mailbox, in both systems."""
    free = np.flatnonzero(~planter.taken)
    firms, of_firm, sizes = np.unique(planter.drawn["firm"][free], return_inverse=True, return_counts=True)
    order = rng.permutation(np.flatnonzero(sizes >= PEOPLE_AT_A_MAILBOX))
    chosen = order[: max(1, int(np.searchsorted(np.cumsum(sizes[order]), rate * len(free))))]
    people = free[np.isin(of_firm, chosen)]
    names = np.array(MAILBOXES, dtype=object)[firms[of_firm[np.isin(of_firm, chosen)]] % len(MAILBOXES)]
    _mark(planter, people, "shared_mailbox", names)


def _without_link(planter, rng: np.random.Generator, fault: str, rate: float) -> None:
    """The two systems know different addresses of somebody, and neither has an id of the other."""
    drawn = planter.drawn
    could = np.flatnonzero(~planter.taken & (drawn["matched_by"] == LINKED) & (drawn["created_map_at"] > 0))
    people = np.sort(rng.permutation(could)[: max(1, round(rate * len(could)))])
    drawn["matched_by"][people] = BY_EMAIL
    _mark(planter, people, fault, "")
