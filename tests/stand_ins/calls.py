"""Every request that a stand-in was asked, in order: what a test counts."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """One request and how it was answered."""

    method: str
    path: str
    query: str
    status: int
    fault: str | None = None

    def __str__(self) -> str:
        asked = f"{self.path}?{self.query}" if self.query else self.path
        return f"{self.method} {asked} → {self.fault or self.status}"


@dataclass
class Calls:
    """What was asked since the last `clear`."""

    made: list[Call] = field(default_factory=list)

    def to(self, part: str) -> list[Call]:
        """The calls whose path holds a part."""
        return [call for call in self.made if part in call.path]

    def clear(self) -> None:
        """Forget them."""
        self.made.clear()
