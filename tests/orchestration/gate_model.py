"""What may be published, thought out independently of the code: by numbers of builds, never by times or evidence.

Every build of a table has a number, which all its rows carry. A table is good when its last build ended well, read the
builds that its sources hold now, and, of a mart, was tested and audited in that very build.
"""

from dataclasses import dataclass, field

from tests.orchestration.gate_actors import KEEP, MARTS, NOTHING, READS, REPORTS, Seen

STATUS = {True: "held", False: "fresh", None: "could_not_run"}


@dataclass
class Model:
    """The warehouse, and what was published of it."""

    built: dict[str, int | None] = field(default_factory=dict)  # none: the last build did not end well
    read: dict[str, dict[str, int]] = field(default_factory=dict)  # the builds that a build has read
    tested: dict[str, int | None] = field(default_factory=dict)
    audited: dict[str, int | None] = field(default_factory=dict)
    is_held: bool | None = False
    published: dict[int, Seen] = field(default_factory=dict)
    replaced: dict[int, int | None] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    current: int | None = None

    def may_publish(self) -> bool:
        """Whether nothing at all speaks against what the warehouse holds."""
        return all(self._is_good(name) for name in READS)

    def _is_good(self, name: str) -> bool:
        number = self.built.get(name)
        proofs = [self.tested.get(name), self.audited.get(name)] if name in MARTS else []
        sources = {source: self.built.get(source) for source in READS[name]}
        return number is not None and all(proof == number for proof in proofs) and self.read[name] == sources

    def next(self) -> Seen:
        """What readers will see when it is published."""
        before = self.published.get(self.current)
        fresh = self.is_held is False
        reports = {name: self.built[name] if fresh else before and getattr(before, name) for name in REPORTS}
        mismatches = self.built["stage_mismatches"]
        number = 1 + max(self.kept, default=0)
        return Seen(number, self.built["people"], mismatches, mismatches, **reports, status=STATUS[self.is_held])

    def now(self) -> Seen | str:
        """What readers see."""
        return self.published.get(self.current, NOTHING)

    def published_anew(self, seen: Seen) -> None:
        """It was published."""
        self.published[seen.number] = seen
        self.replaced[seen.number] = self.current
        self.kept.add(seen.number)
        self.current = seen.number

    def pruned(self) -> None:
        """A publication ended undisturbed."""
        self.kept = set(sorted(self.kept)[-KEEP:])

    def goes_back_to(self, to: int | None) -> int | None:
        """Where a rollback leads; none where it must be refused."""
        wanted = self.replaced.get(self.current) if to is None else to
        return wanted if wanted in self.kept else None
