"""How long a vendor wants us to wait before we ask again."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 900  # nobody's load waits longer for one answer; a larger number is one of milliseconds


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by `Retry-After` (seconds, milliseconds, or a date) or `Retry-After-Ms`; none if nothing is said.

    `now`: the vendor's clock, against which a date is read. Source: RFC 9110, 10.2.3.
    """
    if (said := headers.get("retry-after-ms")) and said.strip().isdigit():
        return min(int(said) / 1000, LONGEST_SECONDS)
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"-?\d+(\.\d+)?", said):
        seconds = float(said)
    else:
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            return None
        seconds = (moment.astimezone(UTC) - now.astimezone(UTC)).total_seconds()
    if seconds > LONGEST_SECONDS:
        seconds /= 1000
    return min(max(seconds, 0.0), LONGEST_SECONDS)


def clock_of(headers: Mapping[str, str]) -> datetime | None:
    """The moment at which a server says that it answered, UTC."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return None
