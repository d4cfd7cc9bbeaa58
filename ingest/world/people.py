"""Who the people are: kind, persona, source, company, how the systems know them. Drawn before anything happens to them.

What happens to them is in journeys.py; what the systems write down is in records.py and each system's module.
"""

import numpy as np

from ingest.world import company
from ingest.world.clock import DAY, HOUR, MINUTE, MONDAY, awake, rested, stream

# how a person comes to be known: by answering marketing, from a bought list, by sales, on a buying committee
INBOUND, LIST, SALES, COMMITTEE = range(4)
KINDS = ("inbound", "list", "sales", "committee")
KIND_SHARES = (0.80, 0.08, 0.04, 0.08)

# how the person's records in the two systems can be known to be one
LINKED, BY_EMAIL, BY_EXTERNAL_ID = range(3)
MATCH_SHARES = (0.92, 0.06, 0.02)


def draw(count: int, seed: int, start: int, end: int) -> dict[str, np.ndarray]:
    """One array per attribute, people in the order in which they are first seen; times in epoch seconds."""
    rng = stream(seed, "people")
    sources = (*company.SOURCES, "")
    shares = (*company.SOURCE_SHARES, 1 - sum(company.SOURCE_SHARES))
    people = {
        "person": np.arange(count),
        "kind": rng.choice(len(KINDS), count, p=KIND_SHARES),
        "persona": rng.choice(len(company.PERSONAS), count, p=company.PERSONA_SHARES),
        "source": rng.choice(len(sources), count, p=shares),
        "matched_by": rng.choice(3, count, p=MATCH_SHARES),
        "firm": (max(3, count // 6) * rng.random(count) ** 1.3).astype(np.int64),
        "first_at": np.sort(start + ((end - start) * rng.random(count) ** 0.9).astype(np.int64)),
    }
    for name, size in (("first_name", 25), ("last_name", 25), ("title", 4), ("country", 7), ("sdr", 6), ("ae", 6)):
        people[name] = rng.integers(0, size, count)
    for name in ("style_draw", "map_draw", "score_draw", "duplicate_draw", "own_draw", "free_draw"):
        people[name] = rng.random(count)
    people["persona_factor"] = np.array(company.PERSONA_QUALITY)[people["persona"]]
    people["source_factor"] = np.array(company.SOURCE_QUALITY)[people["source"]]
    people["interest_factor"] = np.exp(0.3 * rng.standard_normal(count))  # shows in visits and clicks
    people["quality"] = people["persona_factor"] * people["source_factor"] * people["interest_factor"]
    people["is_excluded"] = (people["own_draw"] < 0.008) & (people["kind"] == INBOUND)
    people["first_at"] = _first_seen(people, stream(seed, "first seen"), start, end)
    return people


def _first_seen(people: dict[str, np.ndarray], rng: np.random.Generator, start: int, end: int) -> np.ndarray:
    """By day; a bought list is imported on a Tuesday every four weeks, within ten minutes."""
    first = np.clip(rested(rng, awake(people["first_at"]), end), start, end - MINUTE)
    tuesday = ((start - MONDAY) // (7 * DAY) + 1) * 7 * DAY + MONDAY + DAY + 9 * HOUR
    batch = tuesday + np.maximum(0, (first - tuesday) // (28 * DAY)) * 28 * DAY
    imported = np.clip(batch + rng.integers(0, 10 * MINUTE, len(first)), start, end - DAY)
    return np.where(people["kind"] == LIST, imported, first)
