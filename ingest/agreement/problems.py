"""What is wrong with an agreement, in words that say what would be right. Finds nothing itself."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to put right: the file, its line where known, the key's path, what is wrong, what would be right."""

    file: str
    line: int | None
    key: str
    text: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.key}: {self.text}" if self.key else f"{place}: {self.text}"


class AgreementError(Exception):
    """The agreement cannot be used; `problems` lists everything that has to be put right."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__(
            "The agreement has to be put right:\n" + "\n".join(f"  {problem}" for problem in self.problems)
        )


def nearest(name: str, known: Iterable[str]) -> str:
    """What to write instead of `name`: the nearest known name, else the list of them."""
    known = [str(one) for one in known]
    by_folded = {one.casefold(): one for one in reversed(known)}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    if found:
        return f"did you mean {by_folded[found[0]]!r}?"
    return f"expected one of: {', '.join(known)}" if known else "there is none to name"
