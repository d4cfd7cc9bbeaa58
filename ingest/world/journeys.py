"""What really happens to people: stages, exits, cycles, follow-ups and deals, as arrays. The truth; no system is asked.

Loops go over steps and cycles, never over people. Time only moves forward; the caller cuts off what lies after the end.
"""

import numpy as np

from ingest.world.clock import CLOSES, DAY, GAP, HOUR, MINUTE, lasting, stream, working
from ingest.world.people import INBOUND, LIST, SALES
from ingest.world.sync import Engine

STAGES = ("inquiry", "mql", "sal", "sql", "opportunity", "won", "recycled", "disqualified", "lost")
LAST_CYCLE = 3

# step: the chance of a person whose factors are all 1, and how strongly the factors move it
STEPS = {
    "inquiry-mql": (0.30, 0.6),
    "mql-sal": (0.70, 0.5),
    "sal-sql": (0.53, 0.6),
    "sql-opportunity": (0.60, 0.4),
    "opportunity-won": (0.25, 0.5),
}


class Table:
    """A growing table of equally long arrays of whole numbers; the columns named in `text` hold text."""

    def __init__(self, columns: str, text: str = ""):
        self.empty = {name: np.zeros(0, dtype=object if name in text.split() else np.int64) for name in columns.split()}
        self.chunks: list[dict[str, np.ndarray]] = []

    def add(self, **columns) -> None:
        """Append rows, every column given; a single value is repeated."""
        size = max(np.size(values) for values in columns.values() if np.ndim(values))
        self.chunks.append({name: np.broadcast_to(columns[name], size) for name in self.empty})

    def arrays(self) -> dict[str, np.ndarray]:
        """One array per column."""
        return {
            name: np.concatenate([none, *(chunk[name] for chunk in self.chunks)]) for name, none in self.empty.items()
        }


class Journeys:
    """Everybody's way: `events` (a stage entered), `deals`, `handovers` (assignment and first touch of one MQL).

    `chances`: each step that somebody could take, since when, and the probability by which it was drawn, in millionths.
    """

    def __init__(self, people: dict[str, np.ndarray], engine: Engine, seed: int):
        self.people, self.engine, self.rng = people, engine, stream(seed, "journeys")
        self.events = Table("person cycle stage moment synced_at deal is_undone")
        self.chances = Table("person cycle step moment chance is_taken")
        self.hours = stream(seed, "deal steps")
        self.deals = Table(
            "deal person cycle opened_at proposed_at negotiated_at closed_at outcome is_first amount is_usd is_straight"
        )
        self.handovers = Table("person cycle moment assigned_at touched_at reassigned_at speed is_demo")
        self.deal_count = 0
        self._walk()

    def _walk(self) -> None:
        leads, at, is_demo = self._become_mql()
        deals, opened = self._sales_made()
        is_first = np.ones(len(deals), dtype=bool)
        for cycle in range(1, LAST_CYCLE + 1):
            recycled, recycled_at, converted, converted_at = self._worked_by_sales(leads, at, cycle, is_demo)
            lost, lost_at = self._deal(
                np.concatenate([deals, converted]),
                np.concatenate([opened, converted_at]),
                cycle,
                np.concatenate([is_first, np.ones(len(converted), dtype=bool)]),
            )
            back = self.rng.random(len(recycled)) < 0.32
            leads, is_demo = recycled[back], np.zeros(back.sum(), dtype=bool)
            at = recycled_at[back] + 3 * DAY + lasting(self.rng, len(leads), 45 * DAY, 0.7)
            again = self.rng.random(len(lost)) < 0.15
            deals, is_first = lost[again], np.zeros(again.sum(), dtype=bool)
            opened = working(self.rng, lost_at[again] + 3 * DAY + lasting(self.rng, len(deals), 70 * DAY, 0.6))

    def _enter(self, who: np.ndarray, cycle: int, stage: str, at: np.ndarray, deal=-1, is_undone=False) -> np.ndarray:
        """Note that `who` entered `stage`; the moments at which the other system has it too."""
        synced = self.engine.copied_at(self.rng, at)
        if len(who):
            entered = {"person": who, "cycle": cycle, "stage": STAGES.index(stage), "moment": at, "synced_at": synced}
            self.events.add(**entered, deal=deal, is_undone=is_undone)
        return synced

    def _chance(self, who: np.ndarray, cycle: int, step: str, at: np.ndarray, speed=1.0, able=True) -> np.ndarray:
        """Who of `who` takes the step: its rate for a person of average quality, moved by quality and follow-up.

        At no speed nobody takes it. Whoever is not `able` goes another way, and no chance is noted.
        """
        rate, power = STEPS[step]
        able, speed = np.broadcast_to(able, len(who)), np.broadcast_to(speed, len(who))
        chance = np.clip(rate * self.people["quality"][who] ** power * speed, 0.02, 0.95) * (speed > 0)
        taken = (self.rng.random(len(who)) < chance) & able
        if able.any():
            millionths = np.round(chance * 1e6).astype(np.int64)
            noted = {"person": who, "moment": at, "chance": millionths, "is_taken": taken}
            noted = {name: values[able] for name, values in noted.items()}
            self.chances.add(**noted, cycle=cycle, step=list(STEPS).index(step))
        return taken

    def _become_mql(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Inquiries, and of them the marketing-qualified: person, time, by asking for a demo (else by score)."""
        kind, first = self.people["kind"], self.people["first_at"]
        who = np.flatnonzero((kind == INBOUND) | (kind == LIST))
        listed = kind[who] == LIST
        responds = ~listed | (self.rng.random(len(who)) < 0.35)
        at = first[who] + np.where(listed, HOUR + lasting(self.rng, len(who), 20 * DAY, 1.0), 0)
        who, at, listed = who[responds], at[responds], listed[responds]
        qualifies = self._chance(who, 1, "inquiry-mql", at)
        is_demo = qualifies & (self.rng.random(len(who)) < 0.3)
        at_once = is_demo & ~listed & (self.rng.random(len(who)) < 0.25)  # the first we see of them is the request
        self._enter(who[~at_once], 1, "inquiry", at[~at_once])
        wait = np.where(is_demo, lasting(self.rng, len(who), 2 * HOUR, 2.0), lasting(self.rng, len(who), 6 * DAY, 1.1))
        mql_at = np.where(at_once, at + 10, at + 2 * MINUTE + wait)
        return who[qualifies], mql_at[qualifies], is_demo[qualifies]

    def _sales_made(self) -> tuple[np.ndarray, np.ndarray]:
        """Deals on contacts that never were leads: person and opening."""
        who = np.flatnonzero(self.people["kind"] == SALES)
        self.people["first_at"][who] = working(self.rng, self.people["first_at"][who])
        return who, working(self.rng, self.people["first_at"][who] + GAP + lasting(self.rng, len(who), 2 * DAY, 1.0))

    def _worked_by_sales(self, who: np.ndarray, at: np.ndarray, cycle: int, is_demo: np.ndarray):
        """From hand-over to conversion or exit: (recycled, when, converted, when)."""
        handed = self._enter(who, cycle, "mql", at)
        assigned, touched, speed = self._follow_up(who, handed)
        if len(who):
            self.handovers.add(
                person=who,
                cycle=cycle,
                moment=at,
                assigned_at=assigned,
                touched_at=touched,
                reassigned_at=self._reassigned(assigned),
                speed=np.round(speed * 100).astype(np.int64),
                is_demo=is_demo,
            )
        accepted = self._chance(who, cycle, "mql-sal", at, speed)
        out, out_at = self._leave(who[~accepted], (handed + GAP)[~accepted], cycle, touched[~accepted] > 0, 0.45, 0.30)
        who, at = who[accepted], self._later(np.maximum(handed, touched)[accepted], 18 * HOUR, 1.0)
        luck = self.rng.random(len(who))
        skips_sal, straight = luck < 0.05, (luck >= 0.05) & (luck < 0.065)  # to sql, to a deal from sal
        self._enter(who[~skips_sal], cycle, "sal", at[~skips_sal])
        at = np.where(skips_sal, at, self._slips(who, at, cycle, ~skips_sal & ~straight))
        qualified = self._chance(who, cycle, "sal-sql", at, able=~skips_sal & ~straight) | skips_sal
        left, left_at = self._leave(who[~qualified & ~straight], at[~qualified & ~straight], cycle, True, 0.5, 0.28)
        out, out_at = np.concatenate([out, left]), np.concatenate([out_at, left_at])
        deal, deal_at = who[straight], self._later(at[straight], 6 * DAY, 0.8)
        sql_at = np.where(skips_sal, at, self._later(at, 6 * DAY, 0.9))
        who, at = who[qualified & ~straight], sql_at[qualified & ~straight]
        who, at, left, left_at = self._qualify(who, at, cycle)
        out, out_at = np.concatenate([out, left]), np.concatenate([out_at, left_at])
        converts = self._chance(who, cycle, "sql-opportunity", at)
        left, left_at = self._leave(who[~converts], at[~converts], cycle, True, 0.5, 0.2)
        out, out_at = np.concatenate([out, left]), np.concatenate([out_at, left_at])
        who, at = who[converts], self._later(at[converts], 8 * DAY, 0.8)
        return out, out_at, np.concatenate([deal, who]), np.concatenate([deal_at, at])

    def _slips(self, who: np.ndarray, at: np.ndarray, cycle: int, able: np.ndarray) -> np.ndarray:
        """A slip of the hand disqualifies a few, and is undone within hours; since when they stand in sal again."""
        slips = able & (self.rng.random(len(who)) < 0.015)
        slipped_at = self._later(at, 20 * HOUR, 0.8)
        latest = CLOSES - 3 * HOUR  # early enough to be undone on the same day
        next_day = working(self.rng, slipped_at // DAY * DAY + CLOSES)
        next_day = next_day // DAY * DAY + np.minimum(next_day % DAY, latest)
        slipped_at = np.where(slipped_at % DAY > latest, next_day, slipped_at)
        room = np.minimum(5 * HOUR, CLOSES - slipped_at % DAY - GAP)
        undone_at = slipped_at + GAP + (room * self.rng.random(len(who))).astype(np.int64)
        self._enter(who[slips], cycle, "disqualified", slipped_at[slips], is_undone=True)
        self._enter(who[slips], cycle, "sal", undone_at[slips], is_undone=True)
        return np.where(slips, undone_at, at)

    def _reassigned(self, assigned: np.ndarray) -> np.ndarray:
        """When another salesperson takes over; 0: never."""
        changes = (assigned > 0) & (self.rng.random(len(assigned)) < 0.08)
        return np.where(changes, self._later(assigned, 3 * DAY, 0.8), 0)

    def _later(self, at: np.ndarray, median: float, sigma: float, days: int = 3) -> np.ndarray:
        """A working moment after `at`, at least GAP away."""
        return working(self.rng, at + GAP + lasting(self.rng, len(at), median, sigma), days)

    def _follow_up(self, who: np.ndarray, handed: np.ndarray):
        """(assigned to a person or 0, first touched or 0, what the speed does to acceptance: 0 if never touched)."""
        in_queue = self.rng.random(len(who)) < 0.6
        assigned = np.where(in_queue, working(self.rng, handed + lasting(self.rng, len(who), HOUR, 1.0)), handed)
        touched = self._later(assigned, 4 * HOUR, 1.4, days=1)
        never = self.rng.random(len(who)) < 0.12
        hours = (touched - handed) / HOUR
        speed = np.where(never, 0, np.where(hours < 6, 1.25, np.where(hours < 30, 1.0, 0.75)))
        forgotten = never & in_queue & (self.rng.random(len(who)) < 0.5)
        return np.where(forgotten, 0, assigned), np.where(never, 0, touched), speed

    def _leave(self, who: np.ndarray, at: np.ndarray, cycle: int, is_worked, recycled: float, disqualified: float):
        """Some of `who` are recycled or disqualified, the rest stays where it is; (recycled, when)."""
        luck = self.rng.random(len(who))
        worked = np.broadcast_to(is_worked, len(who))
        away = luck < np.where(worked, recycled, 0.3)
        unfit = worked & (luck >= recycled) & (luck < recycled + disqualified)
        at = self._later(at + np.where(worked, 0, 20 * DAY), 9 * DAY, 0.8)
        self._enter(who[away], cycle, "recycled", at[away])
        self._enter(who[unfit], cycle, "disqualified", at[unfit])
        return who[away], at[away]

    def _qualify(self, who: np.ndarray, at: np.ndarray, cycle: int):
        """Into sql; a few fall back to sal, of whom half come up again: (still sql, since, recycled, when)."""
        self._enter(who, cycle, "sql", at)
        falls = self.rng.random(len(who)) < 0.05
        back_at = self._later(at, 4 * DAY, 0.6)
        self._enter(who[falls], cycle, "sal", back_at[falls])
        recovers = falls & (self.rng.random(len(who)) < 0.5)
        again_at = self._later(back_at, 5 * DAY, 0.6)
        self._enter(who[recovers], cycle, "sql", again_at[recovers])
        drops = falls & ~recovers
        out, out_at = self._leave(who[drops], back_at[drops], cycle, True, 0.6, 0.2)
        stays = ~drops
        return who[stays], np.where(recovers, again_at, at)[stays], out, out_at

    def _deal(self, who: np.ndarray, opened: np.ndarray, cycle: int, is_first: np.ndarray):
        """Deals opened at `opened`, won, lost or still open: (lost, when)."""
        if not len(who):
            return who, opened
        numbers = self.deal_count + np.arange(len(who))
        self.deal_count += len(who)
        self._enter(who, cycle, "opportunity", opened, numbers)
        won = self._chance(who, cycle, "opportunity-won", opened)
        lost = ~won & (self.rng.random(len(who)) < 0.82)
        closed = self._later(opened + DAY, 38 * DAY, 0.6)
        is_straight = self.rng.random(len(who)) < 0.4  # lost from the first step on
        proposed, negotiated = self._steps(opened, closed, ~is_straight | won)
        self.deals.add(
            deal=numbers,
            person=who,
            cycle=cycle,
            opened_at=opened,
            proposed_at=proposed,
            negotiated_at=negotiated,
            closed_at=closed,
            outcome=np.where(won, 1, np.where(lost, 2, 0)),
            is_first=is_first,
            amount=np.round(np.exp(9.4 + 0.8 * self.rng.standard_normal(len(who))), 2),
            is_usd=self.rng.random(len(who)) < 0.2,
            is_straight=is_straight,
        )
        self._enter(who[won], cycle, "won", closed[won], numbers[won])
        self._enter(who[lost], cycle, "lost", closed[lost], numbers[lost])
        return who[lost], closed[lost]

    def _steps(self, opened: np.ndarray, closed: np.ndarray, moves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """When a deal was proposed and negotiated, in business hours; 0: it never was."""
        length = closed - opened
        proposed = working(self.hours, opened + np.maximum(GAP, length * 3 // 10), days=5)
        negotiated = working(self.hours, np.maximum(opened + length * 6 // 10, proposed + GAP), days=5)
        proposes, negotiates = moves & (proposed < closed), moves & (negotiated < closed)
        return np.where(proposes, proposed, 0), np.where(negotiates, negotiated, 0)
