"""What must not be told: e-mail addresses and phone numbers unless a target has them switched on, secrets never.

Ids, dates and counts stay as they are: a number is taken for a phone's only if it is written as one.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

EMAIL = re.compile(r"[^\s@'\"<>(),;:]+@[^\s@'\"<>(),;:]+\.[^\s@'\"<>(),;:]*[^\s@'\"<>(),;:.]")
DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")  # fewer than seven are no phone number: most texts end here
REGIONS = (None, "US", "GB", "DE", "FR", "BR", "IN", "AU", "JP")  # None: numbers that begin with + and their country


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret that it holds crossed out."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


@lru_cache(maxsize=1000)
def without_personal_data(text: str) -> str:
    """The text with (e-mail) and (phone) where one was."""
    text = EMAIL.sub("(e-mail)", text)
    return _without_phones(text) if DIGITS.search(text) else text


def _without_phones(text: str) -> str:
    from phonenumbers import Leniency, PhoneNumberMatcher  # its tables are large: only where there may be a number

    for region in REGIONS:
        found = [
            match
            for match in PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE if not region else Leniency.VALID)
            if not match.raw_string.isdecimal()  # a bare number is an id or a count
        ]
        for match in reversed(found):
            text = f"{text[: match.start]}(phone){text[match.end :]}"
    return text
