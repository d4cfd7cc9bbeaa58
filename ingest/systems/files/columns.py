"""From text to the exchange columns: null words, translations, types, times in a zone; or the reason why not.

Everything here is an SQL expression over a record's text; nothing is executed.
"""

from dataclasses import dataclass

from ingest.exchange import ALLOWED_VALUES, Table
from ingest.sources import EPOCHS, Column
from ingest.systems.files.sql import identifier, literal

BLANK = r"e' \t\r\n'"
EARLIEST, LATEST = "1970-01-02", "2100-01-01"  # the first of 1970 is a zero, not a date
KINDS = {
    "TIMESTAMP": "a time",
    "DATE": "a date",
    "DOUBLE": "a number",
    "DECIMAL(18, 2)": "an amount",
    "BIGINT": "a whole number",
    "BOOLEAN": "true or false",
}
NAIVE = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"


@dataclass(frozen=True)
class Projection:
    """How the records of a file become rows of one exchange table."""

    table: Table
    specs: dict[str, Column]
    places: dict[str, int]  # source column → its number in the temp table of records
    nulls: list[str]
    timezone: str

    def select(self, lines: str) -> str:
        """SELECT: record_number, the raw columns of the table (but where and when from), content_hash, problem."""
        text = ", ".join(f"{self._text(spec)} as {_t(name)}" for name, spec in self.specs.items())
        typed = ", ".join(self._typed(name, spec) for name, spec in self.specs.items())
        raw = payload_columns(self.table)
        known = {name for spec in self.specs for name in (spec, _on(spec))}
        values = ", ".join(
            identifier(name)
            if name in known and name in raw and self._has(name)
            else f"null::{kind} as {identifier(name)}"
            for name, kind in raw.items()
        )
        problems = "\n, ".join(problem for name, spec in self.specs.items() for problem in self._problems(name, spec))
        return (
            f"with texts as (select record_number, {text} from {lines}),\n"
            f"typed as (select *, {typed} from texts),\n"
            f"judged as (select record_number, {values}, coalesce({problems}) as problem from typed)\n"
            f"select *, {content_hash(raw)} as content_hash from judged"
        )

    def _has(self, name: str) -> bool:
        return name in self.specs or any(_on(spec) == name and self._is_instant(spec) for spec in self.specs)

    def _is_instant(self, name: str) -> bool:
        return self.table.columns[name] == "TIMESTAMP"

    def _text(self, spec: Column) -> str:
        if spec.value is not None:
            return literal(spec.value)
        text = f"c{self.places[spec.column]}"
        word, words = f"trim({text}, {BLANK})", dict.fromkeys(["", *(null.strip() for null in self.nulls)])
        pairs = [(key.strip(), value) for key, value in spec.map.items() if key.strip() not in words]
        cases = [(null, None) for null in words] + pairs
        whens = " ".join(f"when {literal(key)} then {literal(value)}" for key, value in cases)
        return f"case {word} {whens} else {text} end"

    def _typed(self, name: str, spec: Column) -> str:
        text, kind = f"trim({_t(name)}, {BLANK})", self.table.columns[name]
        if kind == "VARCHAR":
            return f"{_t(name)} as {identifier(name)}"
        if kind == "TIMESTAMP":
            day = f", {_day(text, spec)} as {identifier(_on(name))}"
            return f"{_instant(text, spec, self.timezone)} as {identifier(name)}{day}"
        if kind == "DATE":
            return f"{_date(text, spec, self.timezone)} as {identifier(name)}"
        if kind == "DOUBLE":
            return f"try_cast(if(isfinite(try_cast({text} as double)), {text}, null) as double) as {identifier(name)}"
        return f"try_cast({text} as {kind}) as {identifier(name)}"

    def _problems(self, name: str, spec: Column):
        text, value, kind = _t(name), identifier(name), self.table.columns[name]
        if name in self.table.required:
            yield self._problem(name, spec, f"{text} is null", "is required and empty")
        if kind == "VARCHAR":
            yield self._problem(name, spec, f"contains({text}, chr(0))", "holds a NUL character")
        else:
            wanted = f"is not {KINDS[kind]}" + (f" in the format {spec.format}" if spec.format else "")
            yield self._problem(name, spec, f"{text} is not null and {value} is null", wanted)
        if kind in ("TIMESTAMP", "DATE"):
            outside = f"{value} < {kind} '{EARLIEST}' or {value} >= {kind} '{LATEST}'"
            yield self._problem(name, spec, outside, f"is not between {EARLIEST} and {LATEST}")
        if allowed := ALLOWED_VALUES.get((self.table.name, name)):
            outside = f"{text} not in ({', '.join(map(literal, allowed))})"
            yield self._problem(name, spec, outside, f"is not one of {', '.join(allowed)}")

    def _problem(self, name: str, spec: Column, condition: str, reason: str) -> str:
        where = literal(spec.column if spec.column is not None else name)
        return (
            f"if({condition}, struct_pack(column_name := {where}, value := left({_t(name)}, 1000),"
            f" reason := {literal(f'{name} {reason}')}), null)"
        )


def payload_columns(table: Table) -> dict[str, str]:
    """The raw columns that say something about the thing itself: neither system nor where and when it was read."""
    beside = {"system", "source_file", "record_number", "content_hash", "landed_at", "rows_held"}
    beside |= set() if "loaded_at" in table.columns else {"loaded_at"}
    return {name: kind for name, kind in table.raw_columns.items() if name not in beside}


def content_hash(names) -> str:
    """The md5 of a row's non-null columns, each with its name and length, so that no two rows share one text."""
    parts = ", ".join(
        f"{literal(name + '=')} || length({identifier(name)}::varchar) || ':' || {identifier(name)}::varchar"
        for name in names
    )
    return f"md5(concat({parts}))"


def _t(name: str) -> str:
    return identifier(f"text of {name}")


def _on(name: str) -> str:
    return name.removesuffix("_at") + "_on" if name.endswith("_at") else f"day of {name}"


def _is_day(text: str) -> str:
    return rf"regexp_full_match({text}, '\d{{4}}-\d{{2}}-\d{{2}}')"


def _local(moment: str, zone: str) -> str:
    """UTC, from a time that carries no zone."""
    return f"timezone('UTC', timezone({literal(zone)}, {moment}))"


def _instant(text: str, spec: Column, zone: str) -> str:
    """A UTC TIMESTAMP; of a date, its first instant in the zone."""
    if spec.format in EPOCHS:
        micros = 1_000_000 if spec.format == "epoch_s" else 1_000
        return f"try(make_timestamp((try_cast({text} as decimal(30, 6)) * {micros})::bigint))"
    if spec.format:
        moment = f"try_strptime({text}, {literal(spec.format)})"
        has_zone = "%z" in spec.format or "%Z" in spec.format
        return f"timezone('UTC', {moment})" if has_zone else _local(moment, zone)
    # DuckDB wants seconds before an offset: 10:00+02 becomes 10:00:00+02.
    full = rf"regexp_replace({text}, '^(.{{10}}[T ]\d{{2}}:\d{{2}})(Z|[+ -].*)$', '\1:00\2')"
    return (
        f"case when {_is_day(text)} then {_local(f'try_cast({text} as timestamp)', zone)}"
        f" when regexp_full_match({text}, '{NAIVE}') then {_local(f'try_cast({text} as timestamp)', zone)}"
        rf" when regexp_matches({text}, '^\d{{4}}-\d{{2}}-\d{{2}}[T ]')"
        f" then timezone('UTC', try_cast({full} as timestamptz)) end"
    )


def _day(text: str, spec: Column) -> str:
    """The DATE, where only a date was known."""
    if spec.is_date_only:
        return f"try_strptime({text}, {literal(spec.format)})::date"
    return "null::date" if spec.format else f"case when {_is_day(text)} then try_cast({text} as date) end"


def _date(text: str, spec: Column, zone: str) -> str:
    """The DATE on the system's calendar."""
    return f"timezone({literal(zone)}, timezone('UTC', {_instant(text, spec, zone)}))::date"
