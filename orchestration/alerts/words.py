"""What a message says: in its first line what is wrong, how much, whose job; then why, where to look and what to do.

A text ends in a list (of ids, of alerts), so that a channel that takes less gets less of the list, and how many more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from orchestration.alerts.findings import Finding
from orchestration.alerts.heartbeat import words as at

WORST = 10  # ids that a message lists
LISTED = 20  # alerts that a message with many lists
LONGEST_LINE = 600
NAMED = 4  # teams in a title
SIGNS = {"error": "Error", "warn": "Warning"}


@dataclass(frozen=True)
class Text:
    """A title, what follows it, and a list of which only the first may be here: `total` is how many there are."""

    title: str
    head: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    total: int = 0

    def mapped(self, change: Callable[[str], str]) -> "Text":
        """The same with each line changed."""
        return replace(
            self, title=change(self.title), head=tuple(map(change, self.head)), items=tuple(map(change, self.items))
        )

    def fitted(self, title_room: int, body_room: int) -> tuple[str, str]:
        """Title and body of at most so many characters; a channel without titles (0) has it as its first line."""
        lines = [_short(line, LONGEST_LINE) for part in self.head if part for line in part.splitlines() if line.strip()]
        if title_room <= 0:
            lines, title = [self.title, *lines], ""
        else:
            title = _short(self.title, title_room)
            lines = [self.title, *lines] if title != self.title else lines
        body = _fitted_head(lines, body_room)
        return title, _with_list(body, self.items, self.total, body_room) if len(body) == len(lines) else _joined(body)


def opened(finding: Finding, moment: datetime, *, again: int = 0) -> Text:
    """A failure, from its first moment; `again` says how often it had come back before."""
    return Text(
        f"{_sign(finding)}{' again' if again else ''}: {headline(finding)}",
        _facts(finding, f"Since {at(moment)}." + (f" It had recovered {again} times of late." if again > 1 else "")),
        _items(finding),
        finding.failed or len(finding.ids),
    )


def worse(finding: Finding, before: str, moment: datetime) -> Text:
    """A failure that has become worse than people were told: it blocks now, or has doubled."""
    return Text(
        f"Worse: {headline(finding)}",
        _facts(finding, f"It was {before} when it was last told. Open since {at(moment)}."),
        _items(finding),
        finding.failed or len(finding.ids),
    )


def recovered(sentence: str, since: str, until: str) -> Text:
    """The end of a failure."""
    return Text(f"Recovered: {sentence}", (f"It was wrong from {at(since)} to {at(until)}.",))


@dataclass(frozen=True)
class Line:
    """One alert of many."""

    text: str
    is_error: bool
    team: str | None


def digest(lines: Sequence[Line], gaps: Sequence[str], page: str | None) -> Text:
    """What is still open, one message a day."""
    title = f"{_count(lines)} still open{_of_them(lines)}" if lines else "nobody looked for a while"
    return Text(f"OneFunnel today: {title}", (*gaps, _look(page)), *_listed(lines))


def welcome(lines: Sequence[Line], page: str | None) -> Text:
    """What a receiver that has just been added would have been told."""
    said = "This address is told from now on."
    return Text(f"OneFunnel: {_count(lines)} open{_of_them(lines)}", (said, _look(page)), *_listed(lines))


def many(lines: Sequence[Line], page: str | None) -> Text:
    """Several alerts in one message."""
    return Text(f"OneFunnel: {_count(lines)}{_of_them(lines)}", (_look(page),), *_listed(lines))


def with_more(text: Text, sentences: Sequence[str]) -> Text:
    """The same text with more to know before its list."""
    return replace(text, head=(*text.head, *sentences))


def halved(body: str) -> str:
    """The first half of the lines of a text, for a channel that takes less than it says."""
    lines = body.splitlines()
    return _joined([*lines[: len(lines) // 2], "…"]) if len(lines) > 2 else lines[0]


def headline(finding: Finding) -> str:
    """What is wrong, how much of how much, whose job."""
    amount = ""
    if finding.failed:
        amount = f", {finding.failed:,}" + (f" of {finding.checked:,}" if finding.checked else "")
    return f"{finding.title}{amount}{f' ({finding.team})' if finding.team else ''}"


def _sign(finding: Finding) -> str:
    return SIGNS[finding.severity]


def _facts(finding: Finding, since: str) -> tuple[str, ...]:
    return (
        finding.meaning,
        finding.detail,
        f"{f'Job of {finding.team}. ' if finding.team else ''}{since}",
        f"To do: {finding.todo}" if finding.todo else "",
        f"Look at: {finding.look}" if finding.look else "",
        "Among them:" if finding.ids else "",
    )


def _items(finding: Finding) -> tuple[str, ...]:
    return tuple(" ".join([key, *finding.links.get(key, ())]) for key in finding.ids[:WORST])


def _count(lines: Sequence[Line]) -> str:
    return f"{len(lines):,} {'alert' if len(lines) == 1 else 'alerts'}"


def _of_them(lines: Sequence[Line]) -> str:
    """How many are errors, and whose job they are."""
    errors, teams = sum(line.is_error for line in lines), sorted({line.team for line in lines if line.team})
    counted = f", {errors:,} {'error' if errors == 1 else 'errors'}" if errors else ""
    return f"{counted}{f' ({_joined_teams(teams)})' if teams else ''}"


def _joined_teams(teams: list[str]) -> str:
    return ", ".join(teams if len(teams) <= NAMED else [*teams[:NAMED], "…"])


def _look(page: str | None) -> str:
    return f"Look at: {page}" if page else ""


def _listed(lines: Sequence[Line]) -> tuple[tuple[str, ...], int]:
    return tuple(line.text for line in lines[:LISTED]), len(lines)


def _fitted_head(lines: list[str], room: int) -> list[str]:
    taken, used = [], 0
    for line in lines:
        if used + len(line) + 1 > room:
            if not taken:
                taken = [_short(line, room)]
            break
        taken.append(line)
        used += len(line) + 1
    return taken


def _with_list(head: list[str], items: Sequence[str], total: int, room: int) -> str:
    """The head with as many whole items as there is room for, and how many are left out."""
    for count in range(len(items), -1, -1):
        more = [f"… and {total - count:,} more"] if total > count else []
        body = _joined([*head, *items[:count], *more])
        if len(body) <= room:
            return body
    return _joined(head)


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines)


def _short(line: str, room: int) -> str:
    return line if len(line) <= room else f"{line[: max(room - 1, 0)]}…"
