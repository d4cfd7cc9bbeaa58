"""What a suite is made of, as light data: who must mend what, how bad it is, what it means.

Nothing here imports Great Expectations: a suite can be listed without the seconds that its import takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# A moment without which nothing can be judged: an empty clock must stop the check, not let every row pass unchecked.
KNOWN_AT = "(select coalesce(max(known_at), error('int_clock has no known_at')) from intermediate.int_clock)"
DATA_AS_OF = "(select coalesce(max(data_as_of), error('int_clock has no data_as_of')) from intermediate.int_clock)"
END_OF_LOAD = f"{KNOWN_AT} + interval 1 day"  # a date without a time, or one in a zone ahead of UTC, may be a day on

Severity = Literal["error", "warn"]
OwnerTeam = Literal["data", "marketing_ops", "sales_ops"]


@dataclass(frozen=True)
class Expectation:
    """One question about a mart. `name` is a sentence that is true when it passes; `kind` a class of GX, or `rule`."""

    name: str
    severity: Severity
    owner_team: OwnerTeam
    meaning: str
    kind: str
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Suite:
    """The expectations of a mart. `id_columns` name a failing row; `may_be_empty` is SQL: is it right to have none?"""

    mart: str
    id_columns: tuple[str, ...]
    expectations: tuple[Expectation, ...]
    may_be_empty: str = "false"


def rule(
    name: str,
    holds: str,
    *,
    severity: Severity,
    owner_team: OwnerTeam,
    meaning: str,
    among: str = "true",
    rows: str = "{batch}",
    id_columns: tuple[str, ...] | None = None,
    detail: str = "null",
    mostly: float = 1.0,
) -> Expectation:
    """Expect the SQL condition `holds` of the `rows` `among` which it is asked; a row where it is null is not asked.

    `rows` is a relation, by default the mart (`{batch}`); `id_columns` name a row of it, by default the suite's, and
    the SQL text `detail` says what is wrong with it. No colon may stand in the SQL: SQLAlchemy would take it for a
    parameter.
    """
    arguments = {"holds": holds, "among": among, "rows": rows, "id_columns": id_columns, "detail": detail}
    return Expectation(name, severity, owner_team, meaning, "rule", arguments | {"mostly": mostly})


def standard(
    name: str, kind: str, *, severity: Severity, owner_team: OwnerTeam, meaning: str, **arguments: object
) -> Expectation:
    """Expect what the class `kind` of Great Expectations expects, given these arguments."""
    return Expectation(name, severity, owner_team, meaning, kind, arguments)


NO_EMAIL = "no_email_address_is_published"


def no_email_address_is_published() -> Expectation:
    """Expect no e-mail address anywhere in the mart's rows: the same promise, so the same question, for every mart."""
    return rule(
        NO_EMAIL,
        r"not (contains(words, '@') and regexp_matches(words, '[^\s@]+@[^\s@]+[.][^\s@]+'))",
        rows="(select *, concat_ws(' ', *columns(*)) as words from {batch})",
        severity="error",
        owner_team="data",
        meaning="What is published carries ids and hashes of people, never their e-mail addresses.",
    )
