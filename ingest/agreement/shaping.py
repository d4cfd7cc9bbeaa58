"""From a document to a validated Agreement: pydantic's findings in our words, as many of them at once as can be had.

A part that is wrong is reported and then mended or left out, so that the references of everything else can still be
checked in the same pass. An agreement with a problem is never used, however well it was mended.
"""

import copy
import re
import types
import typing

from pydantic import BaseModel, ValidationError

from ingest.agreement.document import Document, Path_
from ingest.agreement.problems import nearest
from ingest.agreement.shape import Agreement

# What stands in for a wrong value of a required key while the rest is checked. No filler: its part cannot be checked.
FILLER = "…"
FILLERS = {
    "version": "1",
    "effective_from": "2000-01-01",
    "signed": {"marketing": {"role": FILLER, "on": "2000-01-01"}, "sales": {"role": FILLER, "on": "2000-01-01"}},
    "marketing": {"role": FILLER, "on": "2000-01-01"},
    "sales": {"role": FILLER, "on": "2000-01-01"},
    "role": FILLER,
    "on": "2000-01-01",
    "system": FILLER,
    "side": "crm",
    "within": "1 day",
    "between": [FILLER, 2 * FILLER],
    "starts_on": "assigned",
    "stops_on": ["touch"],
    "days": "mon-fri",
    "hours": "09:00-17:00",
    "relative": "0",
    "absolute": "0",
    "reports": [{"name": FILLER, "tables": [FILLER]}],
    "tables": [FILLER],
}


def shape(document: Document) -> Agreement | None:
    """The agreement in a document without its wrong parts, which become its problems; None if too little is right."""
    tree = copy.deepcopy(document.tree)
    for _ in range(3):  # a mended part may show a problem that its first one hid
        try:
            return Agreement.model_validate(tree)
        except ValidationError as error:
            found = [(_path(tree, one), one) for one in error.errors(include_url=False)]
            told = {(problem.key, problem.text) for problem in document.problems}
            for path, one in found:
                problem = document.problem(path, _words(path, one))
                if (problem.key, problem.text) not in told:
                    document.problems.append(problem)
            if not all([_mended(tree, path) for path, _ in found]):
                return None
    return None


def _path(tree, error) -> Path_:
    """Where in the file an error is: pydantic's location without the steps that only name its own types."""
    path, here = [], tree
    for step in error["loc"]:
        if (isinstance(here, dict) and step in here) or (isinstance(here, list) and isinstance(step, int)):
            path.append(step)
            here = here[step]
        elif error["type"] == "missing" and step == error["loc"][-1]:
            path.append(step)
    return tuple(path)


def _model(path: Path_) -> type[BaseModel] | None:
    """The model whose keys stand at a path, if it is one."""
    kind = _kind(path)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _kind(path: Path_):
    """The type that is declared for a path, None if none is."""
    kind = Agreement
    for step in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or name: field for name, field in kind.model_fields.items()}
            if step not in fields:
                return None
            kind = fields[step].annotation
        else:
            arguments = typing.get_args(kind)
            kind = arguments[-1] if arguments else None
        kind = _unwrapped(kind)
    return kind


def _unwrapped(kind):
    """A type without Annotated, Optional, and, of a union, the mapping that it may be."""
    while True:
        if typing.get_origin(kind) is typing.Annotated:
            kind = typing.get_args(kind)[0]
        elif typing.get_origin(kind) in (typing.Union, types.UnionType):
            kind = [one for one in typing.get_args(kind) if one is not type(None)][-1]
        else:
            return kind


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _words(path: Path_, error) -> str:
    """What is wrong and what would be right."""
    value, kind = error["input"], error["type"]
    if kind == "missing":
        return f"is required and missing: expected {_expected(path)}"
    if kind == "extra_forbidden":
        return "is no key of the agreement here: " + nearest(str(path[-1]), _keys(_model(path[:-1]) or Agreement))
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "literal_error":
        return f"{value!r} is not known here: " + nearest(str(value), re.findall(r"'(.+?)'", error["ctx"]["expected"]))
    if kind in ("too_short", "too_long"):
        limit = error["ctx"].get("min_length") or error["ctx"].get("max_length")
        return f"has {error['ctx']['actual_length']} items: expected {limit}{' or more' if limit == 1 else ''}"
    if kind == "list_type":
        return f"expected a list, each item on a line that starts with '-', not {_short(value)}"
    if kind == "union_tag_not_found":
        return f"expected a stage, an exit, `ignored`, or {{from: …, to: …}}, not {_short(value)}"
    model = _model(path)
    return f"expected keys with values{' (' + ', '.join(_keys(model)) + ')' if model else ''}, not {_short(value)}"


def _expected(path: Path_) -> str:
    """What a missing key should hold."""
    kind = _kind(path)
    if typing.get_origin(kind) is typing.Literal:
        return "one of " + ", ".join(typing.get_args(kind))
    if model := _model(path):
        return "keys with values: " + ", ".join(_keys(model))
    if typing.get_origin(kind) is list:
        return "a list"
    example = FILLERS.get(path[-1], FILLER)
    return f"something like {example!r}" if isinstance(example, str) and example != FILLER else "a text"


def _short(value) -> str:
    return "nothing" if value is None else repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "…"


def _mended(tree, path: Path_) -> bool:
    """Leave out or fill what stands at a path; False where nothing right can stand there."""
    while path:
        around = tree
        try:
            for step in path[:-1]:
                around = around[step]
        except (KeyError, IndexError, TypeError):  # mended further up already
            return True
        step, model = path[-1], _model(path[:-1])
        if isinstance(around, dict):
            fields = {field.alias or name: field for name, field in model.model_fields.items()} if model else {}
            if step not in fields or not fields[step].is_required():
                around.pop(step, None)
                return True
            if step in FILLERS:
                around[step] = copy.deepcopy(FILLERS[step])
                return True
        path = path[:-1]
    return False
