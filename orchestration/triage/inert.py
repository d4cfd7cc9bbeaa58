"""What people typed, made harmless where it is shown: it is data, in a terminal and in a spreadsheet alike.

A cell is a formula to a spreadsheet by its first character; https://owasp.org/www-community/attacks/CSV_Injection
lists them: = + - @, tab, carriage return, line feed, and their full-width twins. The page adds that a separator inside
a cell may begin another cell, where the file is opened with another separator than it was written with; so what follows
one, or follows its quotes, counts as a beginning too. A number or a phone number calls no function and names no cell,
and stays as it is.
"""

import re
import unicodedata
from typing import Any

BEGINNING = re.compile(r"(^|[,;|\t\r\n])([ \u00a0\"]*)(?=[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20])")
NUMBER = re.compile(r"[+-][0-9 ().-]*[0-9][0-9 ().-]*")
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, directions of writing, what is no character


def is_formula(text: str | None) -> bool:
    """Whether a spreadsheet might compute something of a cell that holds this."""
    return bool(text) and not NUMBER.fullmatch(text) and bool(BEGINNING.search(text))


def for_spreadsheet(value: Any) -> str:
    """A cell for people to read: an apostrophe stands before whatever a spreadsheet would compute."""
    text = "" if value is None else str(value)
    return BEGINNING.sub(r"\1\2'", text) if is_formula(text) else text


def for_terminal(value: Any) -> str:
    """On one line, in characters that can be seen; not yet escaped for rich."""
    text = "" if value is None else str(value)
    return "".join(ascii(one)[1:-1] if unicodedata.category(one) in HIDDEN else one for one in text)
