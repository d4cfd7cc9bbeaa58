"""Buying committees: who else sits at the table of a deal. Contacts with a role of their own, never the primary one."""

import numpy as np

from ingest.world.clock import DAY, GAP, lasting, stream, working
from ingest.world.people import COMMITTEE


def seat(people: dict[str, np.ndarray], deals: dict[str, np.ndarray], seed: int, end: int) -> dict[str, np.ndarray]:
    """Give every committee member a deal of which they then share the company: `person, deal, at, answers_at`.

    Sets their `first_at` and `firm`. `answers_at` is when they answer marketing by themselves; 0: never.
    """
    rng = stream(seed, "committees")
    who = np.flatnonzero(people["kind"] == COMMITTEE)
    begun = np.flatnonzero(deals["opened_at"] < end - DAY)
    if not len(begun):
        people["first_at"][who] = np.minimum(people["first_at"][who], end - DAY)
        return {name: np.zeros(0, dtype=np.int64) for name in ("person", "deal", "moment", "answers_at")}
    deal = rng.choice(begun, len(who))
    opened = deals["opened_at"][deal]
    closed = np.minimum(deals["closed_at"][deal], end)
    at = opened + ((closed - opened) * rng.random(len(who)) ** 2).astype(np.int64)
    is_late = rng.random(len(who)) < 0.08  # added after the deal was won or lost
    at = np.where(is_late, closed + (20 * DAY * rng.random(len(who))).astype(np.int64), at)
    at = np.minimum(working(rng, at, 5), end - GAP)
    people["first_at"][who] = at
    people["firm"][who] = people["firm"][deals["person"][deal]]
    answers = np.where(rng.random(len(who)) < 0.5, at + GAP + lasting(rng, len(who), 15 * DAY, 1.0), 0)
    return {"person": who, "deal": deals["deal"][deal], "moment": at, "answers_at": answers}
