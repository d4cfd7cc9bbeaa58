"""A source column → its declared type, as SQL: the value, when it cannot be one, when it lies outside all time.

Nothing is executed here.
"""

from dataclasses import dataclass

from ingest.systems.files.columns import EARLIEST, KINDS, LATEST
from ingest.systems.files.sql import literal
from ingest.systems.vendors.declaring import Table

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")
DAY = r"^\d{4}-\d{2}-\d{2}([T ]|$)"
EPOCH_MS = r"-?\d{11,14}"  # fewer digits are seconds, or a day without its dashes


@dataclass(frozen=True)
class Cast:
    """SQL for one declared column: `given` is not null where the export says something."""

    value: str
    given: str
    bad: str | None = None  # the value cannot be of the type
    outside: str | None = None  # a time or date outside the range that we take for one
    wanted: str = ""


def cast(table: Table, column: str, expression: str, source: str) -> Cast:
    """How `expression`, of DuckDB type `source`, becomes the declared type of `column`."""
    declared = table.columns[column]
    if column in table.json:
        value = _object(expression, source)
        given = text(expression, source)
        return Cast(value, given, f"{given} is not null and {value} is null", None, "a JSON object")
    if declared == "VARCHAR":
        return Cast(text(expression, source), text(expression, source))
    if declared in ("TIMESTAMP", "DATE"):
        value, given = _moment(expression, source, declared)
        outside = f"({value} < {declared} '{EARLIEST}' or {value} >= {declared} '{LATEST}')"
        within = f"case when not {outside} then {value} end"
        return Cast(within, given, f"{given} is not null and {value} is null", outside, KINDS[declared])
    given = text(expression, source)
    if source == declared and declared != "DOUBLE":
        return Cast(expression, given)
    value = _number(given, declared)
    return Cast(value, given, f"{given} is not null and {value} is null", None, KINDS[declared])


def text(expression: str, source: str) -> str:
    """A value as the text that it would have in a CSV; nested ones as JSON; nothing for an empty one."""
    if source == "VARCHAR":
        return f"nullif({expression}, '')"
    if source.endswith("[]") or source.startswith(("STRUCT", "MAP", "JSON", "UNION")):
        return f"to_json({expression})::varchar"
    if source.startswith(FRACTIONS) and not source.startswith("DECIMAL"):  # a nullable id that pandas made a float
        whole = f"try_cast({expression} as hugeint)"
        return f"case when {whole} = {expression} then {whole}::varchar else {expression}::varchar end"
    return f"{expression}::varchar"


def _number(given: str, declared: str) -> str:
    trimmed = f"trim({given})"
    if declared == "BIGINT":
        whole = f"try_cast({trimmed} as bigint)"  # which rounds a fraction
        return f"case when {whole} = try_cast({trimmed} as double) then {whole} end"
    if declared == "BOOLEAN":
        return f"try_cast({trimmed} as boolean)"
    return f"case when isfinite(try_cast({trimmed} as double)) then try_cast({trimmed} as {declared}) end"


def _moment(expression: str, source: str, declared: str) -> tuple[str, str]:
    """The UTC moment or the date, and what is given; a time without a zone is UTC."""
    if source == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {expression})::{declared}", expression
    if source.startswith("TIMESTAMP") or source == "DATE":
        return f"{expression}::{declared}", expression
    if source.startswith((*NUMBERS, *FRACTIONS)):
        given = f"try_cast({expression} as bigint)::varchar"
    else:
        given = f"trim({text(expression, source)})"
    # DuckDB wants seconds before an offset: 10:00+02 becomes 10:00:00+02.
    full = rf"regexp_replace({given}, '^(.{{10}}[T ]\d{{2}}:\d{{2}})(Z|[+-].*)$', '\1:00\2')"
    moment = (
        f"case when regexp_full_match({given}, '{EPOCH_MS}') then epoch_ms(try_cast({given} as bigint))"
        f" when regexp_matches({given}, '{DAY}')"
        f" then timezone('UTC', try_cast({full} as timestamptz)) end"
    )
    if declared == "DATE":  # the calendar day that is written, whatever zone stands behind it
        written = f"case when regexp_matches({given}, '{DAY}') then try_cast({given}[:10] as date)"
        return f"{written} else ({moment})::date end", given
    return f"({moment})", given


def _object(expression: str, source: str) -> str:
    """JSON text of an object; a list of {name, value} becomes one."""
    given = text(expression, source)
    pairs = f"""from_json({given}, '[{{"name":"VARCHAR","value":"VARCHAR"}}]')"""
    listed = f"try(to_json(map_from_entries({pairs}))::varchar)"
    if source.endswith("[]"):
        return listed
    if source.startswith(("STRUCT", "MAP")):
        return given
    return (
        f"case when starts_with({given}, '[') then {listed}"
        f" when json_valid({given}) and starts_with(ltrim({given}), '{{') then {given} end"
    )


def json_of(named: dict[str, str]) -> str:
    """JSON text of an object from name → SQL text, without what is null; null when nothing is left."""
    if not named:
        return "null::varchar"
    pairs = ", ".join(f"{literal(name)}, {expression}" for name, expression in named.items())
    return f"nullif(json_merge_patch('{{}}', json_object({pairs}))::varchar, '{{}}')"
