"""What became of hand-overs by the world's own truth, judged by a business clock of its own.

Nothing here reads a model of the line: lifecycle.md's sentences again, row by row, for some hundred people.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from ingest.world import ENDS_AT

BERLIN, UTC = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
WITHIN = timedelta(hours=4)
DAYS_AROUND = 5
END = ENDS_AT.astimezone(UTC).replace(tzinfo=None)
NEVER = datetime.max


def business_hours(day: date) -> tuple[datetime, datetime] | None:
    """Nine to five in Berlin on weekdays, in UTC."""
    if day.weekday() >= 5:
        return None
    opens, closes = (datetime.combine(day, time(hour), BERLIN).astimezone(UTC) for hour in (9, 17))
    return opens.replace(tzinfo=None), closes.replace(tzinfo=None)


def local_day(moment: datetime) -> date:
    return moment.replace(tzinfo=UTC).astimezone(BERLIN).date()


def due(start: datetime, within: timedelta = WITHIN) -> datetime:
    """The moment at which so much business time has passed since `start`."""
    day = local_day(start)
    while True:
        if hours := business_hours(day):
            begins = max(start, hours[0])
            if begins + within <= hours[1]:
                return begins + within
            within -= max(hours[1] - begins, timedelta())
        day += timedelta(days=1)


def between(start: datetime, end: datetime) -> timedelta:
    """Business time between two moments."""
    passed, day = timedelta(), local_day(start)
    while day <= local_day(end):
        if hours := business_hours(day):
            passed += max(min(end, hours[1]) - max(start, hours[0]), timedelta())
        day += timedelta(days=1)
    return passed


def business_day(day: date) -> int:
    """Business days before a day, a weekend counted as its Friday."""
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(weekday, 4)


class Company:
    """A world's truth about hand-overs."""

    def __init__(self, world: Path):
        def rows(table: str, columns: str) -> list[tuple]:
            return duckdb.sql(f"select {columns} from '{world}/truth/{table}.parquet' order by all").fetchall()

        self.owners, self.touches, self.logged = defaultdict(list), defaultdict(list), defaultdict(set)
        for person, owned_from, owner, is_salesperson in rows(
            "owners", "person_id, owned_from, owner_id, is_salesperson"
        ):
            self.owners[person].append((owned_from, owner if is_salesperson else None))
        for person, owner, touched_at in rows("sales_touches", "person_id, owner_id, touched_at"):
            self.touches[person].append(touched_at)
            self.logged[owner].add(business_day(local_day(touched_at)))
        # before the first change of any owner nobody can tell whether owners' history was kept
        self.history_from = min((owned[1][0] for owned in self.owners.values() if len(owned) > 1), default=NEVER)
        self.handed_over = defaultdict(list)
        for person, *answered in rows("handovers", "person_id, handed_over_at, accepted_at, rejected_at"):
            self.handed_over[person].append(answered)

    def verdicts(self) -> dict[tuple, dict]:
        """(person, when handed over) → what lifecycle.md says of it."""
        found = {}
        for person, handed_over in self.handed_over.items():
            for number, (at, accepted_at, rejected_at) in enumerate(handed_over):
                until = handed_over[number + 1][0] if number + 1 < len(handed_over) else NEVER
                found[person, at] = self.judge(person, at, until, accepted_at, rejected_at)
        return found

    def judge(self, person, at, until, accepted_at, rejected_at) -> dict:
        """The verdict on one hand-over, and both delays in hours."""
        owned = self.owners[person]
        assigned_at = self.assigned(owned, at, min(until, rejected_at or NEVER))
        touched = self.touches[person]
        first_touch_at = next((moment for moment in touched[bisect_left(touched, at) :] if moment < until), None)
        stops = [moment for moment in (first_touch_at, accepted_at, rejected_at) if moment is not None]
        stopped_at = min(stops, default=None)
        due_at = due(assigned_at) if assigned_at else None
        if assigned_at is None:
            status = "met" if stopped_at and stopped_at != rejected_at else "unassigned"
        elif stopped_at and stopped_at <= due_at:
            status = "met"
        elif due_at > END:
            status = "waiting"
        else:
            owner = owned[bisect_right([since for since, _ in owned], due_at) - 1][1]
            is_silent = owner and not any(
                abs(day - business_day(local_day(due_at))) <= DAYS_AROUND for day in self.logged[owner]
            )
            status = "unknown" if is_silent else "breached"
        is_told = status == "met" or not owned or max(owned[0][0], at) >= self.history_from
        hours = timedelta(hours=1)
        return {
            "assigned_at": assigned_at,
            "due_at": due_at,
            "first_touch_at": first_touch_at,
            "accepted_at": accepted_at,
            "rejected_at": rejected_at,
            "status": status,
            "system_delay_hours": (assigned_at - at) / hours if assigned_at else None,
            "human_delay_hours": between(assigned_at, stopped_at) / hours if assigned_at and stopped_at else None,
            "is_told": is_told,
        }

    @staticmethod
    def assigned(owned: list[tuple], at: datetime, until: datetime) -> datetime | None:
        """From a hand-over on, the first moment at which a salesperson owns it."""
        for number, (since, owner) in enumerate(owned):
            ends = owned[number + 1][0] if number + 1 < len(owned) else NEVER
            if owner and ends > max(since, at) and max(since, at) < until:
                return max(since, at)
        return None


def told(line, world: Path) -> dict[tuple, dict]:
    """The same of the line, by the truth's person."""
    columns = [
        "assigned_at", "due_at", "first_touch_at", "accepted_at", "rejected_at", "status", "system_delay_hours",
        "human_delay_hours", "unknown_because",
    ]  # fmt: skip
    found = line.rows(f"""
        select distinct truth.person_id, handed_over_at, {", ".join(columns)}
        from handoffs
        inner join person_records using (person_id)
        inner join '{world}/truth/records.parquet' as truth using (system, record_id)
    """)
    return {(person, at): dict(zip(columns, told, strict=True)) for person, at, *told in found}


def untroubled(world: Path) -> set[tuple]:
    """Hand-overs of people whom no fault touched and that a system could show: (person, when)."""
    return set(
        duckdb.sql(f"""
            select person_id, entered_at from '{world}/truth/stages.parquet' as stages
            inner join '{world}/truth/people.parquet' as people using (person_id)
            where stage = 'mql' and is_recorded and not is_excluded and not is_deleted
                and person_id not in (select person_id from '{world}/truth/faults.parquet')
        """).fetchall()
    )


def wrong(line, world: Path) -> tuple[list, dict[str, int]]:
    """Where the line and the truth differ (delays by a minute), and how many verdicts of each kind were compared."""
    expected, found, differ, counts = Company(world).verdicts(), told(line, world), [], defaultdict(int)
    for key in sorted(untroubled(world)):
        truth, said = expected[key], found.get(key, {})
        if not truth.pop("is_told"):
            continue
        counts[truth["status"]] += 1
        differ += [
            (key, what, value, said.get(what)) for what, value in truth.items() if not same(value, said.get(what))
        ]
    return differ, dict(counts)


def same(truth, said) -> bool:
    return abs(truth - said) <= 1 / 60 if isinstance(truth, float) and said is not None else truth == said
