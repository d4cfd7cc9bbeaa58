"""The values that a key of the agreement may hold, each from the text that was written, or what would be right."""

import math
import re
from datetime import date
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import BeforeValidator

from ingest.agreement.problems import nearest

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
LONGEST = 100 * 366 * 86400


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


def _share(value) -> float:
    parsed = _number(value)
    if not 0 < parsed <= 1:
        raise ValueError(f"{value!r} is not a probability above 0 and up to 1, such as 0.9")
    return parsed


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


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[list[Text], BeforeValidator(_texts)]
Day = Annotated[date, BeforeValidator(_date)]
Duration = Annotated[int, BeforeValidator(_duration)]  # seconds
SomeDuration = Annotated[int, BeforeValidator(_some_duration)]  # seconds, more than none
Number = Annotated[float, BeforeValidator(_number)]
Share = Annotated[float, BeforeValidator(_share)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Currency = Annotated[str, BeforeValidator(_currency)]
TimeZone = Annotated[str, BeforeValidator(_timezone)]
OneOrMore = BeforeValidator(_texts)  # one text for a list of one
Days = Annotated[list[str], BeforeValidator(_days)]
Hours = Annotated[tuple[str, str], BeforeValidator(_hours)]
WholeNumber = Annotated[int, BeforeValidator(_whole_number)]
