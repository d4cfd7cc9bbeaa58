"""One spelling for the names that a vendor, its API and its extractor each spell in their own way."""

import re

WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
IN_CAPITALS = {word.lower(): word for word in ("ID", "IDs", "IP", "URL", "API", "GUID")}
SMALL = {"in", "of", "to", "from"}


def normalised(name: str) -> str:
    """`LastModifiedDate`, `lastModifiedDate`, `LAST_MODIFIED_DATE` → `last_modified_date`."""
    return WORDS.sub("_", name).lower()


def spelled(name: str) -> str:
    """The attribute of an activity as Marketo spells it: `merge_ids` → `Merge IDs`."""
    words = [IN_CAPITALS.get(word, word if word in SMALL else word.capitalize()) for word in name.split("_")]
    return " ".join(words)
