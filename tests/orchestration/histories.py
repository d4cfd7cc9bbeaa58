"""Random histories of one data dir: builds, tests and audits that pass, fail, or never happen; publications and
rollbacks that end, are refused, or are killed at any moment. A model says what may be published, a reader what is seen.
"""

import hashlib
import multiprocessing
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from ingest.settings import Settings
from ingest.warehouse import connect
from orchestration.publishing import evidence, kept
from tests.orchestration import gate_actors
from tests.orchestration.gate_actors import JUDGED, MARTS, READS, REPORTS, Seen, look
from tests.orchestration.gate_model import Model
from tests.orchestration.warehouses import make_warehouse

BEGINNING = datetime(2025, 3, 1, 8)
STEPS = [
    step
    for name in READS
    for step in ([("build", name), ("test", name), ("audit", name)] if name in MARTS else [("build", name)])
]
WELL = {"build": "success", "test": "pass", "audit": "passed"}
WAYS = {
    "build": ["begun", "error", "skipped"],
    "test": ["fail"],
    "audit": ["warned", "failed", "could_not_run"],
}
LEFT_OUT = "left out"
TABLES = [*MARTS, *REPORTS]
ROWS = {
    "people": "select 'p' || i as person_id from range(3) t(i)",
    "stage_mismatches": "select '{build}-0' as mismatch_id, * exclude (mismatch_id, build) from empty",
    "funnel_by_month": "select date '2025-02-01' as month, 'mql' as stage, i as reached from range(3) t(i)",
    "conversion_rates": "select i / 10 as rate from range(3) t(i)",
}


class Actors:
    """Processes that are forked from one which has imported everything; one of them reads all the time."""

    def __init__(self):
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload([gate_actors.__name__])
        self.asked, asked = self.context.Pipe()
        self.reader = self.context.Process(target=gate_actors.read_on, args=[asked], daemon=True)
        self.reader.start()
        self.seconds = 0.2  # that an undisturbed action took last

    def seen(self) -> Counter:
        """What the reader has seen since it was last asked."""
        self.asked.send(None)
        return self.asked.recv()

    def act(self, what: Callable, *words, until: Callable[[float], bool] | None = None) -> str:
        """`done`, what was refused, or `killed` where `until` came true before."""
        said, saying = self.context.Pipe(duplex=False)
        process, began = self.context.Process(target=what, args=[*words, saying]), time.monotonic()
        process.start()
        saying.close()
        while until and process.is_alive():
            if until(time.monotonic()):
                process.kill()
            time.sleep(0.0005)
        process.join()
        if not until:
            self.seconds = time.monotonic() - began
        try:
            return said.recv()
        except EOFError:
            return "killed"


@contextmanager
def actors() -> Iterator[Actors]:
    """Actors whose reader ends with them."""
    made = Actors()
    try:
        yield made
    finally:
        made.reader.kill()
        made.reader.join()


class History:
    """One data dir from its beginning; every action is judged when it ends."""

    def __init__(self, data: Path, template: Path, seed: int, acting: Actors, told: Counter):
        self.data, self.random, self.acting, self.told = data, random.Random(seed), acting, told
        self.model, self.clock, self.builds = Model(), BEGINNING, 0
        self.digests: dict[int, str] = {}
        self.twin: tuple = (None,) * len(TABLES)
        self.story: list[str] = [f"seed {seed}"]
        data.mkdir(parents=True)
        (data / "sources.yml").write_text("systems: []\n")
        self.file = data / "published" / "onefunnel.duckdb"
        shutil.copyfile(template, data / "warehouse.duckdb")
        acting.seen()
        acting.asked.send(self.file)

    def go(self, length: int) -> None:
        """That many actions, of which the first makes everything good."""
        self.run(faults=False)
        for _ in range(length - 1):
            weights = {self.run: 3, self.some: 3, self.publish: 2, self.roll_back: 2}
            (action,) = self.random.choices(list(weights), list(weights.values()))
            action()
            self.told["actions"] += 1
        self._bytes_are_those_of_then()
        self.told |= {"histories": self.told["histories"] + 1}

    # What happens in the warehouse.

    def run(self, faults: bool = True) -> None:
        """A whole run, in which a step may go wrong or be left out, and then the gate."""
        wrong = self.random.choice(list(STEPS)) if self._chance(0.5 * faults) else None
        how = wrong and self._badly(wrong[0])
        self.model.is_held = self.random.choices([False, True, None], [6, 3, 1])[0]
        with self._warehouse() as connection:
            for step in STEPS:
                kind, name = step
                ends = how if step == wrong else WELL[kind]
                if ends != LEFT_OUT:
                    getattr(self, kind)(connection, name, ends)
        self.publish()

    def some(self) -> None:
        """Something that people do by hand, or that is left behind by a kill."""
        kind, name = self.random.choice(STEPS)
        ends = WELL[kind] if self._chance(0.6) else self._badly(kind)
        if ends != LEFT_OUT:
            with self._warehouse() as connection:
                getattr(self, kind)(connection, name, ends)

    def _badly(self, kind: str) -> str:
        return LEFT_OUT if self._chance(0.5) else self.random.choice(WAYS[kind])

    def build(self, connection: duckdb.DuckDBPyConnection, name: str, ends: str) -> None:
        """A table with a number of its own; what reads it, and the audit of it, is old from now on."""
        self._tell(f"build {name}: {ends}")
        began, ended = (None, None) if ends == "skipped" else (self._later(), self._later())
        evidence.forget(connection, [name, *([f"test_{name}"] if name in MARTS else [])])
        if ends in ("success", "begun"):
            self.builds += 1
            self._write(connection, name)
        if ends != "begun":
            evidence.record_builds(connection, [evidence.Build(name, ends, began, ended)])
        self.model.built[name] = self.builds if ends == "success" else None
        self.model.read[name] = {source: self.model.built.get(source) for source in READS[name]}
        self.model.tested[name] = None

    def test(self, connection: duckdb.DuckDBPyConnection, mart: str, ends: str) -> None:
        """A data test of what the mart holds."""
        self._tell(f"test {mart}: {ends}")
        evidence.record_builds(connection, [evidence.Build(f"test_{mart}", ends, self._later(), self._later())])
        self.model.tested[mart] = self.model.built.get(mart) if ends == "pass" else None

    def audit(self, connection: duckdb.DuckDBPyConnection, mart: str, ends: str) -> None:
        """A suite's verdict on what the mart holds; a warning is a failure that does not block."""
        self._tell(f"audit {mart}: {ends}")
        is_good = ends in ("passed", "warned")
        verdict = evidence.Audit("plausible", "failed" if ends == "warned" else ends, not is_good)
        evidence.record_audits(connection, mart, mart, [evidence.Audit("few", "passed", False), verdict])
        self.model.audited[mart] = self.model.built.get(mart) if is_good else None

    def _warehouse(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.data / "warehouse.duckdb"))

    def _write(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        if name == JUDGED:
            connection.execute(f"update intermediate.{JUDGED} set is_held = ?", [self.model.is_held])
            return
        schema = "reports" if name in REPORTS else "marts"
        rows = ROWS[name].format(build=self.builds)
        connection.execute(f"create or replace table {schema}.{name} as select *, {self.builds} as build from ({rows})")

    # What readers are given.

    def publish(self) -> None:
        """Through the gate, or not; killed now and then."""
        may, before = self.model.may_publish(), self.model.now()
        then = self.model.next() if may else before
        moment = self._later().replace(tzinfo=UTC)
        ended = self.acting.act(gate_actors.publish, self.data, moment, until=self._kill())
        self._tell(f"publish: {ended}")
        self.told[f"publications {ended.split(':')[0]}"] += 1
        assert ended == "killed" or ended.startswith("done" if may else "refused"), self._said(ended)
        now = self._sees(before, then if ended == "done" else before, {before, then})
        if now != before:
            self.model.published_anew(now)
            self.digests[now.number] = self._digest()
        if ended == "done":
            self.model.pruned()
        self._keeps(ended)

    def roll_back(self) -> None:
        """To what was before, to a number, to one that there is not; killed now and then."""
        to = self.random.choice([None, None, *sorted(self.model.kept), 99])
        before, wanted = self.model.now(), self.model.goes_back_to(to)
        then = self.model.published[wanted] if wanted else before
        ended = self.acting.act(gate_actors.go_back, self.data, to, until=self._kill())
        self._tell(f"roll back to {to}: {ended}")
        self.told[f"rollbacks {ended.split(':')[0]}"] += 1
        assert ended == "killed" or ended.startswith("done" if wanted else "refused"), self._said(ended)
        now = self._sees(before, then if ended == "done" else before, {before, then})
        if isinstance(now, Seen):
            self.model.current = now.number
            assert self._digest() == self.digests[now.number], self._said("other bytes than then")
        self._keeps(ended)

    def _kill(self) -> Callable[[float], bool] | None:
        """When to kill: at a moment, or as soon as something is seen in the data dir; mostly never."""
        if self._chance(0.6):
            return None
        began, wait = time.monotonic(), self.random.uniform(0, 1.2 * self.acting.seconds)
        folder, publications = self.data / "published", self.data / "publications"
        stood, pointed, named = _inode(self.file), _inode(folder / "parquet"), set(publications.glob("*.duckdb"))
        return self.random.choice(
            [
                lambda now: now > began + wait,
                lambda now: now > began + wait,
                lambda now: (folder / "onefunnel.duckdb.new").exists(),
                lambda now: (folder / "parquet.new").exists(),
                lambda now: any(publications.glob("*.new")),
                lambda now: set(publications.glob("*.duckdb")) != named,
                lambda now: _inode(self.file) != stood,
                lambda now: _inode(folder / "parquet") != pointed,
            ]
        )

    # What must hold then.

    def _sees(self, before: Seen | str, expected: Seen | str, allowed: set) -> Seen | str:
        """What the file holds now: what it must, or after a kill what it may; the reader has seen nothing else."""
        now = look(self.file)
        killed = self.story[-1].endswith("killed")
        assert now in allowed if killed else now == expected, self._said(f"{now} and not {expected}")
        reads = self.acting.seen()
        self.told["reads"] += reads.total()
        self.told["kills before the swap" if now == before else "kills after the swap"] += killed
        assert set(reads) <= {before, now}, self._said(f"the reader saw {set(reads) - {before, now}}")
        twin, of_now = self._parquet(), tuple(getattr(now, table, None) for table in TABLES)
        allowed = {"done": {of_now}, "killed": {of_now, self.twin}}.get(self.story[-1].split(": ")[1], {self.twin})
        assert twin in allowed, self._said(f"Parquet: {twin}, not {allowed}")
        self.twin = twin
        return now

    def _keeps(self, ended: str) -> None:
        """All that is to be kept; but what is current may be missing until the next publication mends it."""
        found = {one.number for one in kept.publications(self.data)}
        missing = self.model.kept - found
        too_old = set(sorted(self.model.kept)[: -gate_actors.KEEP])
        may_be_missing = {"done": set(), "killed": too_old | {self.model.current}}.get(ended, {self.model.current})
        is_right = found <= self.model.kept and missing <= may_be_missing
        assert is_right, self._said(f"kept {found}, not {self.model.kept}")
        self.model.kept -= missing & too_old

    def _bytes_are_those_of_then(self) -> None:
        for one in kept.publications(self.data):
            assert hashlib.sha256(one.file.read_bytes()).hexdigest() == self.digests[one.number], self._said(str(one))

    def _parquet(self) -> tuple:
        """The builds of the tables that lie beside the file as Parquet."""
        folder = self.data / "published" / "parquet"
        if not folder.exists():
            return (None,) * len(TABLES)
        values = ", ".join(f"(select any_value(build) from '{folder}/{table}.parquet')" for table in TABLES)
        return duckdb.sql(f"select {values}").fetchone()

    def _digest(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def _later(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _tell(self, what: str) -> None:
        self.story.append(what)

    def _said(self, wrong: str) -> str:
        return "\n".join([*self.story, f"WRONG: {wrong}"])


def _inode(path: Path) -> int | None:
    try:
        return os.lstat(path).st_ino
    except FileNotFoundError:
        return None


def _template(place: Path) -> Path:
    """A warehouse in which nothing was built yet."""
    settings = Settings(data=place / "template")
    with duckdb.connect(str(make_warehouse(settings.warehouse))) as connection:
        connection.execute("create table empty as select *, 0 as build from marts.stage_mismatches")
    connect(settings).close()
    return settings.warehouse


def histories(place: Path, seeds: range, length: int = 8) -> Counter:
    """What happened in a history of each seed, counted; AssertionError tells the story of the first that is wrong."""
    told, template = Counter(), _template(place)
    with actors() as acting:
        for seed in seeds:
            data = place / f"history-{seed}"
            History(data, template, seed, acting, told).go(length)
            shutil.rmtree(data)
    return told
