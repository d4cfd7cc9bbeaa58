"""Time in the world: epoch seconds in numpy arrays. When people work, how long things take. Knows no stage."""

import numpy as np

MINUTE, HOUR, DAY = 60, 3600, 86_400
OPENS, CLOSES = 7 * HOUR, 16 * HOUR + 30 * MINUTE  # UTC: about nine to half past five in Berlin
GAP = 45 * MINUTE  # between two changes of one person by people: longer than any sync takes
MONDAY = 4 * DAY  # 1970-01-05


def stream(seed: int, topic: str) -> np.random.Generator:
    """A random stream of its own for every topic, so that drawing more in one moves nothing in another."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *topic.encode()])))


def lasting(rng: np.random.Generator, count: int, median: float, sigma: float, at_most: float = 240 * DAY):
    """Log-normal durations in whole seconds."""
    return np.minimum(median * np.exp(sigma * rng.standard_normal(count)), at_most).astype(np.int64)


def awake(moments: np.ndarray) -> np.ndarray:
    """The same moments on the same days, most of them by day: what people do when nobody makes them."""
    day, second = moments // DAY, moments % DAY
    hours = np.array((0, 5, 7, 17, 21, 24)) * HOUR  # UTC
    return day * DAY + np.interp(second / DAY, (0, 0.03, 0.13, 0.78, 0.95, 1), hours).astype(np.int64)


def rested(rng: np.random.Generator, moments: np.ndarray, end: int) -> np.ndarray:
    """The same moments, most of those on a weekend moved two days on, where that is before the end."""
    is_weekend = (moments // DAY - MONDAY // DAY) % 7 >= 5
    moves = is_weekend & (rng.random(len(moments)) < 0.7) & (moments + 2 * DAY < end)
    return np.where(moves, moments + 2 * DAY, moments)


def working(rng: np.random.Generator, moments: np.ndarray, days: int = 1) -> np.ndarray:
    """The same moments, those outside of business hours moved into the next business day, never back.

    A weekend's moments fall on the first `days` of the week. Mornings are busier than afternoons.
    """
    day, second = moments // DAY, moments % DAY
    closed = (second < OPENS) | (second >= CLOSES)
    day = day + (second >= CLOSES)
    weekday = (day - MONDAY // DAY) % 7
    weekend = weekday >= 5
    day = day + np.where(weekend, 7 - weekday + rng.integers(0, days, len(moments)), 0)
    start = day * DAY + OPENS + ((CLOSES - OPENS) * rng.random(len(moments)) ** 1.5).astype(np.int64)
    return np.where(closed | weekend, start, moments)
