"""Touches: what people do on mails and pages, and what salespeople do with them. They move nobody: journeys.py has."""

import numpy as np

from ingest.world.clock import DAY, MINUTE, awake, lasting, rested, stream, working

DIGITAL = ("page_visit", "form_fill", "email_open", "email_click")
DIGITAL_SHARES = (0.32, 0.08, 0.45, 0.15)
TASKS = ("Call", "Email", "Meeting")
MEETING = 2
NO_PROGRAM = -1


def digital(people, events, handovers, programs: int, seed: int, end: int) -> dict[str, np.ndarray]:
    """Touches in the MAP, of those whom it knows: person, at, kind, program."""
    rng, created_at = stream(seed, "digital touches"), people["created_map_at"]
    last = created_at + lasting(rng, len(created_at), 15 * DAY, 1.0)
    np.maximum.at(last, events["person"], events["moment"] + 10 * DAY)
    last = np.minimum(last, end)
    has_moved = np.bincount(events["person"], minlength=len(created_at)) > 1
    counts = rng.poisson(np.clip(people["quality"] * np.where(has_moved, 26, 12), 2, 90)) * (created_at > 0)
    who = np.repeat(people["person"], counts)
    at = created_at[who] + ((last - created_at)[who] * rng.random(len(who)) ** 1.5).astype(np.int64)
    by_day = rested(stream(seed, "rest"), awake(at), end)
    at = np.where((by_day >= created_at[who]) & (by_day < end), by_day, at)
    kind = rng.choice(len(DIGITAL), len(who), p=DIGITAL_SHARES)
    program = np.where(kind == 0, NO_PROGRAM, rng.integers(1, programs, len(who)))
    first = events["stage"] == 0
    demo = handovers["is_demo"].astype(bool) & (handovers["moment"] <= end)
    answers = (
        (events["person"][first], events["moment"][first], rng.integers(1, programs, first.sum())),
        (handovers["person"][demo], handovers["moment"][demo], np.zeros(demo.sum(), dtype=np.int64)),
    )
    return {
        "person": np.concatenate([who, *(rows[0] for rows in answers)]),
        "moment": np.concatenate([at, *(rows[1] for rows in answers)]),
        "kind": np.concatenate([kind, *(np.full(len(rows[0]), 1) for rows in answers)]),
        "program": np.concatenate([program, *(rows[2] for rows in answers)]),
    }


def by_sales(events, handovers, deals, seed: int, end: int) -> dict[str, np.ndarray]:
    """Tasks of salespeople: person, at, type, deal (or -1), is_automated, is_done, is_inbound."""
    rng = stream(seed, "sales touches")
    next_at = np.append(events["moment"][1:], end)
    is_last = np.append(events["person"][1:] != events["person"][:-1], True)[: len(next_at)]
    until = np.where(is_last, events["moment"] + 14 * DAY, next_at[: len(is_last)])
    worked = np.isin(events["stage"], (2, 3))
    touched = handovers["touched_at"] > 0
    first = handovers["touched_at"][touched]
    handed = handovers["moment"] + 30 * MINUTE
    chunks = [
        _spread(rng, handovers["person"][touched], first, first, np.ones(touched.sum(), dtype=np.int64), -1),
        _spread(rng, events["person"][worked], events["moment"][worked], until[worked], 1.5, -1),
        _spread(rng, deals["person"], deals["opened_at"], deals["closed_at"], 4.0, deals["deal"]),
    ]
    mails = _spread(rng, handovers["person"][touched], handed[touched], handed[touched] + 3 * DAY, 0.8, -1)
    mails |= {"type": np.full(len(mails["moment"]), 1), "is_automated": np.full(len(mails["moment"]), True)}
    mails |= {"is_done": np.full(len(mails["moment"]), True), "is_inbound": np.full(len(mails["moment"]), False)}
    chunks[0]["is_done"][:], chunks[0]["is_inbound"][:] = True, False
    chunks[0]["type"][chunks[0]["type"] == MEETING] = 0  # nobody meets without a call or a mail before
    tasks = {name: np.concatenate([chunk[name] for chunk in (*chunks, mails)]) for name in mails}
    at = np.where(tasks["is_automated"], tasks["moment"], working(stream(seed, "sales hours"), tasks["moment"], 5))
    quarter = -(-at // (15 * MINUTE)) * 15 * MINUTE
    return tasks | {"moment": np.where(tasks["type"] == MEETING, quarter, at)}


def _spread(rng, person, begin, until, count, deal) -> dict[str, np.ndarray]:
    """`count` tasks each (a Poisson mean, or exact numbers), anywhere between `begin` and `until`."""
    counts = count if isinstance(count, np.ndarray) else rng.poisson(count, len(person))
    row = np.repeat(np.arange(len(person)), counts)
    size = len(row)
    return {
        "person": person[row],
        "moment": begin[row] + ((until - begin)[row] * rng.random(size)).astype(np.int64),
        "type": rng.choice(len(TASKS), size, p=(0.45, 0.4, 0.15)),
        "deal": np.broadcast_to(deal, len(person))[row],
        "is_automated": np.zeros(size, dtype=bool),
        "is_done": rng.random(size) < 0.96,
        "is_inbound": rng.random(size) < 0.12,
    }
