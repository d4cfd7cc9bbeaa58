"""From the outbox to people: to the log always, and by apprise to every target of alerts.yml; told first, marked after.

A target that is down keeps its messages until it is up again. Many at once are one message with a count.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime

from orchestration.alerts.outbox import Message, Outbox
from orchestration.alerts.targets import Target, TargetsError

LOG = "log"
AT_ONCE = 10  # more than these wait: one message with a count
LONGEST = 1500  # characters that every channel takes
EMAIL = re.compile(r"[^\s@'\"<>]+@[^\s@'\"<>]+\.[^\s@'\"<>]+")


def deliver(outbox: Outbox, targets: list[Target], log: Callable[[str], None], moment: datetime) -> None:
    """Tell every target what it was not told yet, oldest first; one that is down waits for the next time."""
    for message in outbox.pending(LOG):
        log("\n".join(text(message)).strip())
        outbox.delivered([message], LOG, moment)
    for target in targets:
        for batch in _batches(outbox.pending(target.url)):
            if problem := _send(target, *_words(batch)):
                log(f"Alerts wait: {problem}")
                break
            outbox.delivered(batch, target.url, moment)


def text(message: Message) -> tuple[str, str]:
    """Title and body, with no e-mail address in them."""
    sign = "Recovered" if message.kind == "recovered" else {"error": "Error", "warn": "Warning"}[message.severity]
    return EMAIL.sub("(e-mail)", f"{sign}: {message.title}"), EMAIL.sub("(e-mail)", message.detail)[:LONGEST]


def _batches(messages: list[Message]) -> list[list[Message]]:
    return [messages] if len(messages) > AT_ONCE else [[message] for message in messages]


def _words(batch: list[Message]) -> tuple[str, str]:
    if len(batch) == 1:
        return text(batch[0])
    titles = [text(message)[0] for message in batch]
    body = ""
    for number, title in enumerate(titles):
        if len(body) + len(title) > LONGEST - 40:
            return f"OneFunnel: {len(batch)} alerts", f"{body}… and {len(titles) - number} more"
        body += f"{title}\n"
    return f"OneFunnel: {len(batch)} alerts", body


def _send(target: Target, title: str, body: str) -> str | None:
    """Why it could not be sent; nothing when it was. No URL and no secret is ever part of the reason."""
    import apprise  # half a second, only where something is sent

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its own log would name the URL
    try:
        service = apprise.Apprise()
        if not service.add(target.address()):
            return f"alerts.yml: the {target.name} URL is not one that apprise knows."
        return None if service.notify(title=title, body=body or title) else f"{target.name} did not take the message."
    except TargetsError as error:
        return str(error)
    except Exception as error:
        return f"{target.name} failed with {type(error).__name__}."
