"""The glossary that BI users read, generated from the agreement: every term in one sentence, with its owner."""

from collections.abc import Iterator

from ingest.agreement.glossary import WORDS
from ingest.agreement.references import pair
from ingest.agreement.scalars import SECONDS
from ingest.agreement.shape import Agreement, Handoff, Identity, Persona, Report

STARTS = {"handed_over": "the hand-over", "assigned": "assignment to a person"}
STOPS = {"touch": "the first qualified touch", "accepted": "acceptance", "rejected": "rejection"}


def terms(agreement: Agreement) -> Iterator[tuple[str, str, str | None, str | None]]:
    """(term, kind, meaning, owner) of everything that has a name in one version."""
    for one in agreement.stages:
        yield one.name, "stage", one.meaning, one.owner
    for name, one in agreement.exits.items():
        yield name, "exit", one.meaning, one.owner
    owners = {one.name: one.owner for one in agreement.stages}
    for key, seconds in agreement.windows.items():
        before, after = pair(agreement, key)
        text = f"A conversion from {before} to {after} counts within {duration(seconds)}; that long after a month's end"
        text += " its cohort is mature."
        yield key, "window", text, owners[after]
    for one in agreement.handoffs:
        yield one.name, "handoff", _handoff(one, agreement.timezone), owners[one.to]
    for one in agreement.reports:
        yield one.name, "report", _report(one), one.owner
    for one in agreement.personas:
        yield one.name, "persona", one.meaning or _persona(one), None
    for one in agreement.sync:
        text = f"Younger disagreements than {duration(one.within)} are in flight: counted, not listed."
        yield "-".join(one.between), "sync", text, None
    if undo := agreement.cycles.undo_within:
        yield "undo_within", "cycle", f"An exit undone within {duration(undo)} never happened.", None
    if idle := agreement.cycles.idle_ends:
        yield "idle_ends", "cycle", f"A cycle ends after {duration(idle)} in which nothing happened.", None
    yield "shared mailbox", "identity", _shared_mailbox(agreement.identity), None
    yield "probable", "identity", _probable(agreement.identity), None
    yield agreement.timezone, "timezone", "The zone in which months and days begin.", None
    for team, one in (("marketing", agreement.signed.marketing), ("sales", agreement.signed.sales)):
        yield team, "signature", f"{one.role}, {one.on:%-d %B %Y}", team
    for kind, words in WORDS.items():
        for word, meaning in words.items():
            yield word, kind, meaning, None


def duration(seconds: int) -> str:
    """Seconds in the largest unit that divides them: 14 days, 1 hour."""
    unit, size = next(one for one in reversed(SECONDS.items()) if seconds % one[1] == 0 and one[0] != "week")
    return f"{seconds // size} {unit}{'' if seconds == size else 's'}"


def business_time(seconds: int) -> str:
    """Seconds of business time, of which a day has fewer than 24 hours: 48 hours, 90 minutes."""
    unit, size = next((unit, SECONDS[unit]) for unit in ("hour", "minute", "second") if seconds % SECONDS[unit] == 0)
    return f"{seconds // size} {unit}{'' if seconds == size else 's'}"


def _handoff(one: Handoff, zone: str) -> str:
    stops = [STOPS[stop] for stop in one.stops_on]
    until = stops[0] if len(stops) == 1 else f"the earliest of {', '.join(stops)}"
    if one.calendar is None:
        within = duration(one.within)
    else:
        days, (start, end) = ", ".join(one.calendar.days), one.calendar.hours
        within = f"{business_time(one.within)}, counted {days} {start} to {end} ({one.calendar.timezone or zone})"
        if holidays := len(set(one.calendar.holidays)):
            within += f" but for {holidays} holiday{'' if holidays == 1 else 's'}"
    return f"From {one.from_} to {one.to}: from {STARTS[one.starts_on]} to {until} within {within}."


def _shared_mailbox(one: Identity) -> str:
    names = f"an address that more than {one.names_in_a_mailbox} names use: it joins only records of one name."
    roles = ", ".join(one.shared_mailboxes[:3])
    return (f"An address of a role ({roles}, …) that two names use, or " if roles else "") + names


def _probable(one: Identity) -> str:
    text = "Records of two systems that no exact rule joins and that are one person with a probability of"
    merged = f"from {one.merge_from:g} on they are" if one.merge_from else "likeness alone joins nobody"
    return f"{text} {one.review_from:g} or more are to be reviewed; {merged}."


def _report(one: Report) -> str:
    tables = f"Publishes {', '.join(one.tables)}"
    if one.holds_over is None:
        return f"{tables}; never held."
    limits = f"{one.holds_over.relative * 100:g} % and {one.holds_over.absolute:g}"
    return f"{tables}; held when disputed people move a number by more than {limits}, both."


def _persona(one: Persona) -> str:
    fields = {"title": one.title_like, "industry": one.industry, "company": one.company_like, "country": one.country}
    return "; ".join(f"{field} like {' or '.join(patterns)}" for field, patterns in fields.items() if patterns)
