"""One YAML file as a tree of texts with line numbers. Knows nothing of agreements.

Every scalar stays the text that was written, so that `on:` is not true, `1001` not a number and `0123` not 83: the
model decides what a key's value is. Keys that are written twice, which YAML readers take the last of, are a problem.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ingest.agreement.problems import Problem

NULLS = ("", "~", "null", "Null", "NULL")
MOST_NODES = 100_000  # an alias may repeat its anchor's content: a small file can unfold into more than memory holds

Path_ = tuple[str | int, ...]


@dataclass
class Document:
    """A file's content, the line of every path in it, and what was wrong with it as YAML."""

    file: str
    tree: object = None
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path_) -> int | None:
        """The line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def key(self, path: Path_) -> str:
        """A path as people say it: an item of a list by its name where it has one, else by its number from 1."""
        words, here = "", self.tree
        for step in path:
            inside = isinstance(here, dict) or (isinstance(here, list) and isinstance(step, int) and step < len(here))
            here = (here.get(step) if isinstance(here, dict) else here[step]) if inside else None
            if isinstance(step, int):
                name = here.get("name") if isinstance(here, dict) else None
                words += f"[{name}]" if isinstance(name, str) else f"[{step + 1}]"
            else:
                words += f".{step}" if words else str(step)
        return words

    def problem(self, path: Path_, text: str) -> Problem:
        """A problem at a path of this file."""
        return Problem(self.file, self.line(path), self.key(path), text)


def parse(path: Path) -> Document:
    """Read one YAML file; what is wrong with it is in `problems`, never raised."""
    document = Document(path.name)
    try:
        node = yaml.compose(path.read_bytes(), Loader=yaml.SafeLoader)
    except OSError as error:
        document.problems.append(Problem(path.name, None, "", f"cannot be read: {error.strerror}"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
        document.problems.append(Problem(path.name, mark and mark.line + 1, "", f"is not valid YAML: {what}"))
    except (RecursionError, ValueError) as error:  # PyYAML's own limits: nesting, and impossible escapes
        document.problems.append(Problem(path.name, None, "", f"is not valid YAML: {type(error).__name__}: {error}"))
    else:
        _Builder(document).build(node)
    return document


class _Builder:
    """Turns composed nodes into dicts, lists and texts, and notes lines and duplicates on the way."""

    def __init__(self, document: Document):
        self.document = document
        self.nodes = 0

    def build(self, node) -> None:
        if node is None:
            self._problem(None, "is empty")
            return
        try:
            self.document.tree = self._value(node, (), ())
        except (OverflowError, RecursionError):
            self._problem(node, "unfolds into more than an agreement can hold: write its aliases out")

    def _problem(self, node, text: str) -> None:
        line = node.start_mark.line + 1 if node else None
        self.document.problems.append(Problem(self.document.file, line, "", text))

    def _value(self, node, path: Path_, around: tuple[int, ...]):
        self.nodes += 1
        if self.nodes > MOST_NODES or id(node) in around:
            raise OverflowError
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        around = (*around, id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, around)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, number), around) for number, item in enumerate(node.value)]
        return None if node.style is None and node.value in NULLS else node.value

    def _mapping(self, node, path: Path_, around: tuple[int, ...]) -> dict:
        content = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(key_node, "a key is one text, not a list or a mapping: put it in quotes")
                continue
            key = key_node.value.strip()
            here = (*path, key)
            if key in content:
                first = self.document.lines[here]
                self._problem(key_node, f"{key!r} is written twice, first in line {first}: keep one of them")
                continue
            self.document.lines[here] = key_node.start_mark.line + 1
            content[key] = self._value(value_node, here, around)
        return content
