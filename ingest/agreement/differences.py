"""What one agreement says otherwise than another, key by key. Signatures, number and date are no difference."""

import json
from typing import NamedTuple

from ingest.agreement.shape import Agreement

BESIDE = {"version", "effective_from", "signed"}


class Difference(NamedTuple):
    """One key with what stands there in either; null where it does not stand."""

    key: str
    before: str | None
    after: str | None


def differences(before: Agreement, after: Agreement) -> list[Difference]:
    """Every key that differs, in the order of the file; an item of a list by its name where it has one."""
    one, other = (agreement.model_dump(mode="json", by_alias=True, exclude=BESIDE) for agreement in (before, after))
    return list(_between("", one, other))


def _between(key: str, before, after):
    if before == after:
        return
    one, other = _named(before), _named(after)
    if one is None or other is None:
        yield Difference(key, _text(before), _text(after))
        return
    for name in dict.fromkeys([*one, *other]):
        yield from _between(_below(key, name, before), one.get(name), other.get(name))
    if list(one) != list(other) and set(one) == set(other) and isinstance(before, list):
        yield Difference(f"{key}, order", ", ".join(one), ", ".join(other))


def _named(value) -> dict | None:
    """A mapping, or a list of things with a name, as name → value; null for anything else."""
    if isinstance(value, dict) and value:
        return value
    if isinstance(value, list) and value and all(isinstance(item, dict) and "name" in item for item in value):
        return {item["name"]: item for item in value}
    return None


def _below(key: str, name: str, around) -> str:
    if isinstance(around, list):
        return f"{key}[{name}]"
    return f"{key}.{name}" if key else name


def _text(value) -> str | None:
    """As short as it can be said, without what was not written."""
    if value is None or value == [] or value == {}:
        return None
    return value if isinstance(value, str) else json.dumps(_written(value), ensure_ascii=False)


def _written(value):
    if isinstance(value, dict):
        return {name: _written(item) for name, item in value.items() if item not in (None, [], {})}
    return [_written(item) for item in value] if isinstance(value, list) else value
