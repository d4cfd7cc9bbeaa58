"""What sources.yml may say: which systems are connected, and how their exports become exchange tables.

Validated whole, with the file of decisions that it may name: every fault at once, each with file, key, value and what
would be right. Reading the exports themselves
belongs in `ingest.systems`; where the file lies is `ingest.settings`' business.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ingest import overrides
from ingest.exchange import ALLOWED_VALUES, TABLES
from ingest.systems.kinds import KINDS
from ingest.systems.vendors.names import normalised

LINKED_KINDS = ("marketo", "hubspot")
EPOCHS = ("epoch_s", "epoch_ms")
ENDINGS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".json", ".parquet")
TABLES_WITH_FIELDS = ("people", "accounts", "opportunities")
DIRECTIVES = set("aAbBcdfgGHIjmMnpSuUVwWxXyYzZ%")
HOURS = ("%H", "%I", "%-H", "%-I", "%c", "%X")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file that people write: where, what stands there, what would be right."""

    file: str
    key: str
    value: Any
    right: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.value!r}: {self.right}"


class SourcesError(Exception):
    """Everything that is wrong in a sources.yml, at once."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def text_of(value: Any) -> str | None:
    """A YAML scalar as the text that an export would hold: `true`, not `True`; a date as ISO."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _format(value: str) -> str:
    if value in EPOCHS:
        return value
    letters = [part.removeprefix("-")[:1] for part in value.replace("%%", "").split("%")[1:]]
    if not letters or not set(letters) <= DIRECTIVES:
        raise ValueError(f"must be {', '.join(EPOCHS)} or strptime directives such as %Y-%m-%d %H:%M:%S")
    return value


def _timezone(value: str) -> str:
    if value not in available_timezones():
        near = get_close_matches(value, available_timezones(), n=1)
        raise ValueError(f"must be an IANA time zone{f', perhaps {near[0]}' if near else ', such as Europe/Berlin'}")
    return value


def _glob(value: str) -> str:
    if not value.lower().endswith((".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet")):
        raise ValueError("must end in .csv, .csv.gz, .jsonl, .jsonl.gz or .parquet")
    return value


def _below(value: Path) -> Path:
    if value.is_absolute() or ".." in value.parts or value.suffix != ".csv":
        raise ValueError("must be a .csv in the folder of sources.yml, or below it: with it, it is remembered")
    return value


Text = Annotated[str, BeforeValidator(text_of)]
Mapped = Annotated[str | None, BeforeValidator(text_of)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """Where one exchange column comes from: a source column or a constant, its time format, its translation."""

    column: Text | None = None
    value: Text | None = None
    format: Annotated[str, AfterValidator(_format)] | None = None
    map: dict[Text, Mapped] = {}

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"column": given}

    @model_validator(mode="after")
    def _one_origin(self) -> "Column":
        if (self.column is None) == (self.value is None):
            raise ValueError("needs a source column or {value: a constant}, one of the two")
        return self

    @property
    def is_date_only(self) -> bool:
        """Whether the format has no hours, so that only a date is known."""
        return self.format not in (None, *EPOCHS) and not any(hour in self.format for hour in HOURS)


class Observed(Column):
    """A field whose current value the agreement may read: the value, when it was set and by whom."""

    set_at: Column | None = None
    writer: Column | None = None


class Mapping(_Strict):
    """One set of files into one exchange table."""

    file: Annotated[str, AfterValidator(_glob)]
    nulls: list[Text] = [""]
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    columns: dict[str, Column]
    fields: dict[str, Observed] = {}


def _mappings(given: Any) -> Any:
    return given if isinstance(given, list) else [given]


class Api(_Strict):
    """How a vendor's API is asked: its version (Salesforce), whether for fields that nothing here declares too, and
    after how many days all ids are compared, so that what was deleted for good is found."""

    version: Annotated[Text, Field(pattern=r"^\d+\.\d$")] | None = None
    all_fields: bool = False
    sweep_every_days: Annotated[int, Field(ge=1)] = 7


class System(_Strict):
    """One connected system. `path` is absolute once sources.yml is read.

    `tables` is for kind files; `files`, `fields`, `linked_to` and `api` are for a vendor's kind, which is asked by its
    API where no `path` names its exports.
    """

    name: Annotated[str, Field(min_length=1)]
    kind: Literal["files", "salesforce", "marketo", "hubspot"]
    role: Literal["crm", "map", "both"]
    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"
    record_urls: dict[str, str] = {}
    path: Path | None = None
    bad_rows_at_most: Annotated[float, Field(ge=0, le=1)] = 0.01
    tables: dict[str, Annotated[list[Mapping], BeforeValidator(_mappings)]] = {}
    files: dict[str, Text] = {}
    fields: dict[str, dict[str, Text]] = {}
    linked_to: str | None = None
    api: Api = Api()

    @property
    def known_fields(self) -> dict[str, dict[str, str]]:
        """Object → field that the agreement may read → the vendor's field: the kind's own, and what `fields` says."""
        own = KINDS[self.kind].fields if self.kind in KINDS else {}
        return {on: own.get(on, {}) | self.fields.get(on, {}) for on in own | self.fields}


class Sources(_Strict):
    """A whole sources.yml; its paths are absolute once it is read."""

    systems: list[System]
    publish_personal_data: bool = False
    identity_overrides: Annotated[Path, AfterValidator(_below)] | None = None

    def of_kind(self, kind: str) -> list[System]:
        """The connected systems of one kind, in the order of the file."""
        return [system for system in self.systems if system.kind == kind]

    def overrides(self) -> list[overrides.Override]:
        """What people have decided about who is one person."""
        names = [system.name for system in self.systems]
        return overrides.read(self.identity_overrides, names)[0] if self.identity_overrides else []

    def linked_to(self, system: System) -> str | None:
        """The system to which the Salesforce ids in a marketing system point: as said, else the only Salesforce."""
        if system.linked_to or system.kind not in LINKED_KINDS:
            return system.linked_to
        names = [other.name for other in self.of_kind("salesforce")]
        return names[0] if len(names) == 1 else None


def read(file: Path) -> Sources:
    """Read and validate one sources.yml; raises SourcesError with all faults."""
    try:
        given = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=_UniqueKeys)
    except FileNotFoundError:
        right = "no such file: write one, or let ONEFUNNEL_SOURCES name it"
        raise SourcesError([Fault(str(file), "sources.yml", None, right)]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourcesError([Fault(str(file), "yaml", None, " ".join(str(error).split()))]) from None
    faults = [Fault(str(file), key, value, right) for key, value, right in _beyond_types(given)]
    try:
        sources = Sources.model_validate(given)
    except ValidationError as error:
        faults += [Fault(str(file), _key(e["loc"]), e["input"], _right(e)) for e in error.errors()]
    folder = file.absolute().parent
    if not faults and sources.identity_overrides:
        _, wrongs = overrides.read(folder / sources.identity_overrides, [system.name for system in sources.systems])
        faults = [Fault(str(file.parent / sources.identity_overrides), *wrong) for wrong in wrongs]
    if faults:
        raise SourcesError(faults)
    listed = sources.identity_overrides and folder / sources.identity_overrides
    return sources.model_copy(
        update={"systems": [_at(folder, system) for system in sources.systems], "identity_overrides": listed}
    )


def _at(folder: Path, system: System) -> System:
    return system.model_copy(update={"path": folder / system.path}) if system.path else system


def _beyond_types(given: Any):
    """What the types cannot say, from the untyped text, so that these faults appear beside pydantic's."""
    systems = given.get("systems") if isinstance(given, dict) else None
    seen = set()
    for number, system in enumerate(systems if isinstance(systems, list) else []):
        if not isinstance(system, dict):
            continue
        key = f"systems.{number}"
        if system.get("name") in seen:
            yield f"{key}.name", system.get("name"), "must be unique: two instances of one vendor have two names"
        seen.add(system.get("name"))
        if system.get("kind") == "files":
            for needed in ("path", "tables"):
                if not system.get(needed):
                    yield f"{key}.{needed}", system.get(needed), "is required for kind files"
            for foreign in ("files", "fields", "linked_to", "api"):
                if foreign in system:
                    yield f"{key}.{foreign}", system[foreign], "is for a vendor's kind; kind files has tables"
        elif system.get("kind") in KINDS:
            yield from _of_vendor(key, system, [other for other in systems if isinstance(other, dict)])
        tables = system.get("tables")
        for table, mappings in tables.items() if isinstance(tables, dict) else ():
            if table not in TABLES:
                yield f"{key}.tables.{table}", table, f"is no exchange table{nearest(table, TABLES)}"
                continue
            for at, mapping in enumerate(_mappings(mappings)):
                if isinstance(mapping, dict):
                    where = f"{key}.tables.{table}" + (f".{at}" if isinstance(mappings, list) else "")
                    yield from _of_mapping(where, table, mapping)


def _of_vendor(key: str, system: dict, systems: list[dict]):
    kind, name = KINDS[system["kind"]], system.get("name")
    if "tables" in system:
        yield f"{key}.tables", system["tables"], f"is for kind files; {kind.name} has files and fields"
    for given, pattern in _items(system, "files"):
        if normalised(str(given)) not in kind.feeds:
            yield (
                f"{key}.files.{given}",
                given,
                f"is no object of {kind.name}{nearest(normalised(str(given)), kind.feeds)}",
            )
        if isinstance(pattern, str) and not pattern.lower().endswith(ENDINGS):
            yield f"{key}.files.{given}", pattern, f"must end in one of {', '.join(ENDINGS)}"
    for on, fields in _items(system, "fields"):
        if on not in kind.objects:
            yield f"{key}.fields.{on}", on, f"has no fields that the agreement reads{nearest(on, kind.objects)}"
        for field, source in fields.items() if isinstance(fields, dict) else ():
            if not source:
                yield f"{key}.fields.{on}.{field}", source, f"must name a field of {kind.name}"
    linked = system.get("linked_to")
    others = [other.get("name") for other in systems if other.get("name") != name]
    if linked is not None and kind.name not in LINKED_KINDS:
        yield f"{key}.linked_to", linked, f"is for {' and '.join(LINKED_KINDS)}"
    elif linked is not None and linked not in others:
        yield f"{key}.linked_to", linked, f"is no other system{nearest(linked, map(str, others))}"
    elif kind.name in LINKED_KINDS and "linked_to" not in system:
        candidates = [str(other.get("name")) for other in systems if other.get("kind") == "salesforce"]
        if len(candidates) > 1:
            yield f"{key}.linked_to", None, f"must name one of {', '.join(candidates)}, or be null for none"


def _items(system: dict, key: str) -> list[tuple]:
    given = system.get(key)
    return list(given.items()) if isinstance(given, dict) else []


def _of_mapping(key: str, table: str, mapping: dict):
    shape, columns = TABLES[table], mapping.get("columns")
    columns = columns if isinstance(columns, dict) else {}
    for column, spec in columns.items():
        if column not in shape.columns:
            yield f"{key}.columns.{column}", column, f"is no column of {table}{nearest(column, shape.columns)}"
            continue
        spec = spec if isinstance(spec, dict) else {}
        if spec.get("format") and shape.columns[column] not in ("TIMESTAMP", "DATE"):
            yield f"{key}.columns.{column}.format", spec["format"], "a format is for times and dates only"
        allowed = ALLOWED_VALUES.get((table, column))
        if allowed and "value" in spec and not spec.get("map") and spec["value"] not in allowed:
            yield f"{key}.columns.{column}.value", spec["value"], f"must be one of {', '.join(allowed)}"
    for column in shape.required:
        if column not in columns:
            yield f"{key}.columns", None, f"{column} must be mapped: it must not be null in {table}"
    if mapping.get("fields") and table not in TABLES_WITH_FIELDS:
        yield f"{key}.fields", table, f"fields belong to {', '.join(TABLES_WITH_FIELDS)}; map field_values itself"


def nearest(word: str, words: Any) -> str:
    """The end of a sentence that names the nearest of some words, or all of them when none is near."""
    near = get_close_matches(str(word), list(words), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(words)}"


def _key(loc: tuple) -> str:
    return ".".join(str(part) for part in loc) or "sources.yml"


def _right(error: dict) -> str:
    if error["type"] == "missing":
        return f"{error['loc'][-1]} is required"
    if error["type"] == "extra_forbidden":
        return "is no key here: remove it or correct its name"
    return error["msg"].removeprefix("Value error, ")


class _UniqueKeys(yaml.SafeLoader):
    """YAML in which a key that stands twice is an error, not a silent loss of the first."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {name!r} stands twice", problem_mark=key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)
