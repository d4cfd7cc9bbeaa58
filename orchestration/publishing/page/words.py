"""How numbers, dates and links are written for people. Pure functions; escaping is the template's work."""

import re
from datetime import UTC, date, datetime
from math import sqrt
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
Z_95 = 1.959963984540054
A_DECIMAL_FROM = 1000


def count(number: float | None) -> str:
    """1234 → 1,234; null → a dash."""
    return DASH if number is None else f"{number:,.0f}"


def percent(rate: float | None, out_of: float | None = None) -> str:
    """0.6585 → 66 %; with a decimal only where so many were counted that it means something."""
    if rate is None:
        return DASH
    return f"{100 * rate:,.{1 if (out_of or 0) >= A_DECIMAL_FROM else 0}f}{SPACE}%"


def money(amount: float, currency: str | None) -> str:
    """1234567, EUR → EUR 1.23 m; below a million in full."""
    text = f"{amount / 1e6:,.2f}{SPACE}m" if abs(amount) >= 1e6 else f"{amount:,.0f}"
    return f"{currency}{SPACE}{text}" if currency else text


def exact(amount: float, currency: str | None) -> str:
    """1234.5, EUR → EUR 1,234.50: where the last cent matters."""
    return f"{currency}{SPACE}{amount:,.2f}" if currency else f"{amount:,.2f}"


def signed(change: float, decimals: int = 0) -> str:
    """8 → +8, -1 with a true minus; no change is ±0."""
    sign = "±" if not change else "+" if change > 0 else MINUS
    return f"{sign}{abs(change):,.{decimals}f}"


def month(first_day: date | None) -> str:
    """2025-02-01 → February 2025."""
    return DASH if first_day is None else f"{first_day:%B %Y}"


def short_month(first_day: date) -> str:
    """2025-02-01 → Feb 2025."""
    return f"{first_day:%b %Y}"


def short_day(day: date) -> str:
    """2025-02-03 → 3 Feb."""
    return f"{day.day} {day:%b}"


def local(moment: datetime, zone: str) -> datetime:
    """A published time, which is UTC, on the clocks of the agreement's zone."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def day(moment: datetime | None, zone: str = "UTC") -> str:
    """3 March 2025."""
    return DASH if moment is None else date_in_full(local(moment, zone))


def date_in_full(day: date) -> str:
    """2025-03-03 → 3 March 2025."""
    return f"{day.day} {day:%B %Y}"


def instant(moment: datetime | None, zone: str = "UTC") -> str:
    """3 March 2025, 05:00 UTC."""
    return DASH if moment is None else f"{day(moment, zone)}, {local(moment, zone):%H:%M}{SPACE}{zone}"


def minute(moment: datetime | None, zone: str) -> str:
    """3 March 2025, 05:00: where the zone is said once for all."""
    return DASH if moment is None else f"{day(moment, zone)}, {local(moment, zone):%H:%M}"


def breakable(name: str | None) -> Markup:
    """A technical name that a narrow column may break after its dots and underscores."""
    return Markup(re.sub(r"([._])(?=\w)", r"\1<wbr>", str(escape(name or DASH))))


def plain(name: str | None) -> str:
    """A name from the tables as words: `missing_record` → missing record."""
    return (name or "").replace("_", " ")


def several(number: float | None, noun: str) -> str:
    """1, 'person' → 1 person; 2 → 2 people."""
    plural = {"person": "people", "opportunity": "opportunities", "open mismatch": "open mismatches"}.get(
        noun, f"{noun}s"
    )
    return f"{count(number)} {noun if number == 1 else plural}"


def hours(number: float | None) -> str:
    """0.29 → 17 min, 8.26 → 8.3 h, 266.6 → 267 h; null → a dash."""
    if number is None:
        return DASH
    if round(number * 60) < 60:
        return f"{number * 60:.0f}{SPACE}min"
    return f"{number:,.{1 if number < 9.95 else 0}f}{SPACE}h"


def length(text: str | None) -> str:
    """The first length of time in a definition's text, else words that promise none."""
    found = re.search(r"\d+(\.\d+)? ?(second|minute|hour|day|week|month)s?", text or "")
    return found.group().replace(" ", SPACE) if found else "the agreed window"


def wilson(part: float, whole: float) -> tuple[float, float]:
    """The 95 % interval of part ÷ whole, by Wilson; `whole` must not be 0."""
    rate, z2 = part / whole, Z_95**2
    middle = rate + z2 / (2 * whole)
    half = Z_95 * sqrt(rate * (1 - rate) / whole + z2 / (4 * whole**2))
    return (middle - half) / (1 + z2 / whole), (middle + half) / (1 + z2 / whole)


def link(address: str | None) -> str | None:
    """An address that may be followed: http or https, nothing that runs."""
    return address if re.match(r"https?://[^\s]+$", address or "", re.IGNORECASE) else None


FILTERS = {
    "count": count,
    "percent": percent,
    "month": month,
    "short_month": short_month,
    "short_day": short_day,
    "date": date_in_full,
    "day": day,
    "instant": instant,
    "minute": minute,
    "breakable": breakable,
    "plain": plain,
    "several": several,
    "hours": hours,
    "link": link,
}
