"""What a check found, and how a value that means nothing yet is offered for pasting. Prints nothing."""

import json
import re
from dataclasses import dataclass, field
from itertools import groupby


@dataclass(frozen=True)
class Unmapped:
    """A value without a meaning in a version that was in force when it was set, and how many records have held it."""

    source: str
    value: str
    records: int
    versions: tuple[int, ...]
    is_in_newest: bool  # the newest version lacks it too; else only older ones do, which nobody edits


@dataclass
class Findings:
    """Sentences by weight; values that mean nothing yet."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    infos: list[str] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Nothing would stop a load, and every value means something."""
        return not self.errors and not self.unmapped

    def stub(self) -> str:
        """YAML to paste into the agreement, `???` for what to decide; empty when every value means something."""
        newest = [one for one in self.unmapped if one.is_in_newest]
        older = [one for one in self.unmapped if not one.is_in_newest]
        lines = ["stage_sources:"] if newest else []
        for source, found in groupby(newest, key=lambda one: one.source):
            lines += [f"  - name: {scalar(source)}", "    values:"]
            lines += [f"      {scalar(one.value)}: ???   # {_records(one)}" for one in found]
        lines += ["corrections:"] if older else []
        for one in older:
            versions = ", ".join(f"v{version}" for version in one.versions)
            means = f"{{source: {scalar(one.source)}, value: {scalar(one.value)}, means: ???}}"
            lines.append(f"  - {means}   # {_records(one)}, for {versions}")
        return "".join(f"{line}\n" for line in lines)


def scalar(text: str) -> str:
    """A text as YAML, plain where that is safe."""
    return text if re.fullmatch(r"[^\W\d][\w .()-]*(?<![ .-])", text) else json.dumps(text, ensure_ascii=False)


def _records(one: Unmapped) -> str:
    return f"{one.records} record{'' if one.records == 1 else 's'}"
