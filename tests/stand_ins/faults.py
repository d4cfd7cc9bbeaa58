"""What goes wrong on the way of an answer, whatever the vendor; a fault that is the vendor's own is asked for by name.

`Faulty` is the ASGI layer around a vendor's application: it notes every call and breaks the answers that were asked to
be broken. `503` (with `retry_after`), `429` (with `retry_after` as header text, or none), `cut` (half of the body that
was promised, then the connection ends), `cut_json` (a whole answer with half of its JSON), `reset` (its head, and
nothing more), `slow` (an answer after `seconds`), `html` (a proxy's page in place of JSON, status 200).
"""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stand_ins.calls import Call, Calls

ON_THE_WAY = ("503", "429", "cut", "cut_json", "reset", "slow", "html")


class Broken(Exception):
    """The connection ends here."""


@dataclass
class Fault:
    """One fault: its name, the paths it meets (a regular expression), how many calls pass before, how many it meets."""

    name: str
    path: str = "."
    after: int = 0
    times: int = 1
    options: dict[str, Any] = field(default_factory=dict)


class Faults:
    """The faults that are still to come."""

    def __init__(self):
        self.planned: list[Fault] = []
        self.met: list[tuple[str, str]] = []  # (fault, path), in order

    def add(self, name: str, path: str = ".", *, after: int = 0, times: int = 1, **options: Any) -> None:
        """Plan a fault. A vendor's own names stand in its package."""
        self.planned.append(Fault(name, path, after, times, options))

    def take(self, path: str, names: tuple[str, ...]) -> Fault | None:
        """The fault that this call meets, if it is one of these names; counts it."""
        for fault in self.planned:
            if fault.name in names and re.search(fault.path, path):
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.times > 0:
                    fault.times -= 1
                    self.met.append((fault.name, path))
                    return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.planned.clear()
        self.met.clear()


class Faulty:
    """A vendor's application whose answers go through what may happen on the way; paths of `/_` are left alone."""

    def __init__(self, application: ASGIApp, faults: Faults, calls: Calls):
        self.application, self.faults, self.calls = application, faults, calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["path"].startswith("/_"):
            return await self.application(scope, receive, send)
        fault = self.faults.take(scope["path"], ON_THE_WAY)
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            if fault is None:
                await self.application(scope, receive, noting)
            else:
                await self._broken(fault, scope, receive, noting)
        finally:
            query = scope["query_string"].decode()
            name = fault.name if fault else None
            self.calls.made.append(Call(scope["method"], scope["path"], query, status, name))

    async def _broken(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.name in ("503", "429"):
            after = fault.options.get("retry_after")
            headers = [(b"retry-after", str(after).encode())] if after is not None else []
            headers += [
                (name.encode(), str(value).encode()) for name, value in fault.options.get("headers", {}).items()
            ]
            return await _answer(send, int(fault.name), headers, fault.options.get("body", "").encode())
        if fault.name == "html":
            return await _answer(send, 200, [(b"content-type", b"text/html")], b"<html>proxy</html>")
        if fault.name == "slow":
            await asyncio.sleep(fault.options.get("seconds", 1))
            return await self.application(scope, receive, send)
        start, body = await _whole(self.application, scope, receive)
        half = body[: 0 if fault.name == "reset" else len(body) // 2]
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        if fault.name == "cut_json":
            return await _answer(send, start["status"], headers, half)
        await send(start | {"headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": half, "more_body": True})
        raise Broken(fault.name)


async def _whole(application: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await application(scope, receive, keep)
    return messages[0], b"".join(message.get("body", b"") for message in messages[1:])


async def _answer(send: Send, status: int, headers: list, body: bytes) -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
