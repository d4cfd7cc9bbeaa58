"""The keys of one version of the agreement, their types and what they mean; references.py checks what they refer to.

A persona is whom both teams want to reach. Its patterns are matched without regard to case; `%` stands for any text.
One of the patterns of every field that it names must match; a person is the first persona in the list that fits.

    personas:
      - {name: operations_lead, meaning: Runs a plant., title_like: ["%operations%"], industry: [steel], country: [DE]}
"""

import math
import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from ingest.agreement.problems import nearest

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
LONGEST = 100 * 366 * 86400
EXCLUDABLE = ("email_domain", "email_like", "lead_source", "title_like", "company_like", "country")


def _text(value):
    if not isinstance(value, str):
        raise ValueError("expected one text")
    value = value.strip()
    if not value:
        raise ValueError("must not be empty")
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ValueError("holds a character that no database can store")
    return value


def _texts(value):
    return [value] if isinstance(value, str) else value


def _date(value) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise ValueError
        parsed = date.fromisoformat(value)
    except (ValueError, TypeError):
        raise ValueError(f"{value!r} is not a date such as 2025-01-31") from None
    if not 1900 < parsed.year < 9999:
        raise ValueError(f"{value!r} lies outside of the years 1901 to 9998")
    return parsed


def _duration(value) -> int:
    found = re.fullmatch(r"(\d{1,12}) +(second|minute|hour|day|week)s?", _text(value), re.ASCII)
    if not found:
        raise ValueError(f"{value!r} is not a duration such as '30 minutes', '4 hours' or '365 days'")
    seconds = int(found[1]) * SECONDS[found[2]]
    if seconds > LONGEST:
        raise ValueError(f"{value!r} is longer than 100 years: leave the key out to switch it off")
    return seconds


def _some_duration(value) -> int:
    seconds = _duration(value)
    if not seconds:
        raise ValueError(f"{value!r} is no time at all: leave the key out to switch it off")
    return seconds


def _number(value) -> float:
    try:
        parsed = float(value)
    except (ValueError, TypeError):
        hint = (
            f", such as {float(value[:-1]) / 100:g}" if re.fullmatch(r"\d+(\.\d+)?\s*%", str(value), re.ASCII) else ""
        )
        raise ValueError(f"{value!r} is not a number{hint}") from None
    if not math.isfinite(parsed) or parsed < 0:
        raise ValueError(f"{value!r} is not a number of 0 or more")
    return parsed


def _whole_number(value) -> int:
    if not re.fullmatch(r"[1-9]\d{0,8}", str(value), re.ASCII):
        raise ValueError(f"{value!r} is not a whole number such as 1")
    return int(value)


def _flag(value) -> bool:
    known = {"true": True, "yes": True, "false": False, "no": False}
    if str(value).casefold() not in known:
        raise ValueError(f"{value!r} is neither true nor false")
    return known[str(value).casefold()]


def _timezone(value) -> str:
    if _text(value) not in (zones := available_timezones()):
        raise ValueError(f"{value!r} is not a time zone: " + (nearest(value, sorted(zones)) if len(value) < 50 else ""))
    return value


def _currency(value) -> str:
    if not re.fullmatch(r"[A-Z]{3}", _text(value)):
        raise ValueError(f"{value!r} is not a currency code such as EUR")
    return value


def _days(value) -> list[str]:
    """`mon-fri`, `mon,wed` or a list; a range may go round the week's end (`sun-thu`)."""
    days = []
    for word in [word.strip().lower() for item in _texts(value) for word in _text(item).split(",")]:
        first, _, last = word.partition("-")
        for day in (first, last or first):
            if day not in DAYS:
                raise ValueError(f"{word!r} are not days such as mon-fri: " + nearest(day, DAYS))
        start, length = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % 7
        days += [DAYS[(start + step) % 7] for step in range(length + 1)]
    if not days:
        raise ValueError("names no day: expected days such as mon-fri")
    return [day for day in DAYS if day in days]


def _hours(value) -> tuple[str, str]:
    clock = r"((?:[01]\d|2[0-3]):[0-5]\d)"
    found = re.fullmatch(rf"{clock} *- *({clock}|24:00)", _text(value), re.ASCII)
    if not found or found[1] >= found[2]:
        raise ValueError(f"{value!r} are not hours of one day such as '09:00-17:00'")
    return found[1], found[2]


def _meaning_kind(value):
    return {str: "name", dict: "range", Range: "range"}.get(type(value))


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[list[Text], BeforeValidator(_texts)]
Day = Annotated[date, BeforeValidator(_date)]
Duration = Annotated[int, BeforeValidator(_duration)]  # seconds
SomeDuration = Annotated[int, BeforeValidator(_some_duration)]  # seconds, more than none
Number = Annotated[float, BeforeValidator(_number)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Currency = Annotated[str, BeforeValidator(_currency)]
TimeZone = Annotated[str, BeforeValidator(_timezone)]
Side = Literal["crm", "map"]
Unit = Literal["person", "opportunity"]


class Part(BaseModel):
    """A mapping of the agreement: a key that it does not know is an error, a key without a value is absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _absent(cls, data):
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class Signature(Part):
    """Who signed for a team, and when."""

    role: Text
    on: Day


class Signatures(Part):
    """Both have to sign."""

    marketing: Signature
    sales: Signature


class Stage(Part):
    """A stage; its rank is its position in the list."""

    name: Text
    owner: Text | None = None
    unit: Unit = "person"
    meaning: Text | None = None
    record_required_in: Annotated[list[Side], BeforeValidator(_texts)] = []
    authority: Texts | None = None


class Exit(Part):
    """A way out of the path; one that reopens may be followed by another cycle."""

    owner: Text | None = None
    unit: Unit = "person"
    meaning: Text | None = None
    reopens: Flag = False
    authority: Texts | None = None


class Range(Part):
    """A value that is compatible with each stage from one to another, and enters none."""

    from_: Text = Field(alias="from")
    to: Text


Meaning = Annotated[Annotated[Text, Tag("name")] | Annotated[Range, Tag("range")], Discriminator(_meaning_kind)]


class Condition(Part):
    """One way to fulfil a rule: a score that crosses a threshold, or an activity, of any or of named campaigns."""

    score_crosses: Number | None = None
    activity: Text | None = None
    campaign: Texts = []


class StageSource(Part):
    """Where stages are read from: a field with its values, or a rule that enters one stage."""

    name: Text
    system: Text
    side: Side
    field: Text | None = None
    people: Literal["origin", "primary", "all_roles"] | None = None
    reason_field: Text | None = None
    values: dict[Text, Meaning] = {}
    enters: Text | None = None
    any: list[Condition] = []
    speaks_until: Text | None = None
    forward_only_writers: Texts = []
    company_writers: Texts = []

    @property
    def kind(self) -> Literal["field", "opportunity", "rule"]:
        """What is read: a field of a person's record, an opportunity's stage, or a rule."""
        if self.field is None:
            return "rule"
        return "opportunity" if self.field.startswith("opportunity.") else "field"


class Sync(Part):
    """How long a change may take from one system to the other, either way."""

    between: Annotated[list[Text], Field(min_length=2, max_length=2)]
    within: Duration


class Cycles(Part):
    """When an exit never happened, and when silence ends a cycle."""

    undo_within: Duration = 0
    idle_ends: SomeDuration | None = None


class Calendar(Part):
    """Business hours; the zone is the agreement's where none is given."""

    days: Annotated[list[str], BeforeValidator(_days)]
    hours: Annotated[tuple[str, str], BeforeValidator(_hours)]
    timezone: TimeZone | None = None


class Handoff(Part):
    """A hand-over with a clock; without a calendar the clock never rests."""

    name: Text
    from_: Text = Field(alias="from")
    to: Text
    starts_on: Literal["handed_over", "assigned"]
    stops_on: Annotated[list[Literal["touch", "accepted", "rejected"]], BeforeValidator(_texts), Field(min_length=1)]
    within: SomeDuration
    calendar: Calendar | None = None


class Correction(Part):
    """What a value should always have meant, in every version that reads it."""

    source: Text
    value: Text
    means: Meaning


class Persona(Part):
    """Whom both teams want to reach (see above)."""

    name: Text
    meaning: Text | None = None
    title_like: Texts = []
    industry: Texts = []
    company_like: Texts = []
    country: Texts = []


class Limits(Part):
    """A report is held when an effect passes both."""

    relative: Number
    absolute: Number


class Report(Part):
    """Tables that are held or published together; without limits never held."""

    name: Text
    owner: Text | None = None
    tables: Annotated[list[Text], BeforeValidator(_texts), Field(min_length=1)]
    holds_over: Limits | None = None


class Agreement(Part):
    """One signed version."""

    version: Annotated[int, BeforeValidator(_whole_number)]
    effective_from: Day
    signed: Signatures
    timezone: TimeZone = "UTC"
    currency: Currency | None = None
    rates: dict[Currency, Number] = {}
    exclude: list[dict[Literal[EXCLUDABLE], Texts]] = []
    stages: Annotated[list[Stage], Field(min_length=1)]
    exits: dict[Text, Exit] = {}
    stage_sources: Annotated[list[StageSource], Field(min_length=1)]
    sync: list[Sync] = []
    cycles: Cycles = Cycles()
    windows: dict[Text, SomeDuration] = {}
    handoffs: list[Handoff] = []
    rejection_reasons: dict[Text, Text] = {}
    teams: dict[Text, Texts] = {}
    corrections: list[Correction] = []
    personas: list[Persona] = []
    reports: Annotated[list[Report], Field(min_length=1)]

    @property
    def source_file(self) -> str:
        """The file that it stands in."""
        return f"v{self.version}.yml"

    @property
    def ranks(self) -> dict[str, int]:
        """Every stage's rank, from 1."""
        return {stage.name: rank for rank, stage in enumerate(self.stages, 1)}
