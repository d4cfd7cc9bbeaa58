"""What can go wrong and how it stands: the one thing that those who look hand to the outbox."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """How one thing that can go wrong stands now: `condition` is ok or says what is wrong; `recovered` ends it."""

    key: str
    condition: str
    severity: str
    team: str | None
    title: str  # what is wrong, in one line, without the count
    recovered: str
    meaning: str = ""  # what follows from it
    detail: str = ""  # what was seen
    todo: str = ""  # what to do
    look: str = ""  # where to look: an address or a path
    failed: int | None = None
    checked: int | None = None
    ids: tuple[str, ...] = ()
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.condition == "ok"
