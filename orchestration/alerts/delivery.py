"""From the outbox to people, at least once: what is sent is written down with its key before, and ticked off after.

A message that was sent again after a kill is the same, key and all, so that its receiver can show it once. Each
receiver has a thread and a lock of its own: one that hangs or is down keeps its messages and holds up nobody else.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import stamina

from orchestration.alerts import sendings, store
from orchestration.alerts.channels import Channel, Refused
from orchestration.alerts.outbox import LOG
from orchestration.alerts.targets import Target
from orchestration.alerts.words import halved

LOG_ROOM = (250, 4000)  # characters of a title, of a body
LOOK_SECONDS = 20  # a sensor's tick ends after 60
TRIES, TRY_SECONDS = 3, 8  # within one look
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=30)  # between looks


@dataclass(frozen=True)
class Door:
    """How one receiver is reached: how much it takes, whether warnings wait, what may be in it, how to send."""

    id: str
    room: tuple[int, int]
    is_quiet: bool
    personal_data: bool
    send: Callable[[sendings.Sending], None]


def deliver(data: Path, targets: list[Target], log: Callable[[str], None]) -> None:
    """Send what waits to whoever is due, all receivers at once; returns in time whatever they do."""
    said: list[str] = []
    _through(
        data, Door(LOG, (250, 1000), False, False, lambda sending: log(f"{sending.title}\n{sending.body}".strip()))
    )
    threads = [threading.Thread(target=_serve, args=(data, target, said.append), daemon=True) for target in targets]
    for thread in threads:
        thread.start()
    end = time.monotonic() + LOOK_SECONDS
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    for sentence in list(said):
        log(sentence)


def _serve(data: Path, target: Target, say: Callable[[str], None]) -> None:
    """All that is due for one receiver, unless another thread or process is at it."""
    with store.held(data, target.id) as is_mine:
        if not is_mine or not sendings.is_due(data, target.id, LONGEST_WAIT):
            return
        moment = datetime.now(UTC)
        try:
            if not sendings.waits(data, target.id, is_quiet=target.is_quiet(moment)):
                return
            channel = Channel(target)
            door = Door(
                target.id,
                channel.room(),
                target.is_quiet(moment),
                target.personal_data,
                lambda sending: _try(channel, sending),
            )
            _through(data, door)
        except Refused as refusal:
            wait = sendings.refused(data, target.id, str(refusal), FIRST_WAIT, LONGEST_WAIT)
            say(f"Alerts for {target.name} wait: {refusal} Tried again in {_span(wait)}.")
        except Exception as error:
            wait = sendings.refused(data, target.id, f"{type(error).__name__}.", FIRST_WAIT, LONGEST_WAIT)
            say(f"Alerts for {target.name} wait: {type(error).__name__}. Tried again in {_span(wait)}.")


def _through(data: Path, door: Door) -> None:
    for _ in range(sendings.AT_ONCE + 1):
        sending = sendings.begin(data, door.id, door.room, is_quiet=door.is_quiet, personal_data=door.personal_data)
        if sending is None:
            return
        try:
            door.send(sending)
        except Refused:
            sendings.partly(data, sending)
            raise
        sendings.delivered(data, sending)


def _try(channel: Channel, sending: sendings.Sending) -> None:
    body = sending.body
    while True:
        try:
            return _try_body(channel, sending, body)
        except Refused as refusal:
            if not refusal.is_too_long or "\n" not in body:
                raise
            body = halved(body)  # it was not taken: the key stays


def _try_body(channel: Channel, sending: sendings.Sending, body: str) -> None:
    tries = stamina.retry_context(
        on=lambda error: isinstance(error, Refused) and not error.is_final,
        attempts=TRIES,
        timeout=TRY_SECONDS,
        wait_initial=0.5,
        wait_max=3,
    )
    for attempt in tries:
        with attempt:
            channel.send(sending.key, sending.sign, sending.title, body, sending.taken)


def _span(wait: timedelta) -> str:
    seconds = round(wait.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
