"""One vendor's API over HTTP: an answer that can be used, or a ConnectorError.

What every vendor shares stands here: asking again with back-off, renewing a token once, counting calls and bytes, whole
bodies only. What an answer means is told by the vendor's `judge`.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
import orjson
import stamina

from ingest.systems.connectors.failures import ConnectorError, Trouble
from ingest.systems.connectors.waiting import LONGEST_SECONDS, clock_of, retry_after

log = logging.getLogger(__name__)
logging.getLogger("httpx").setLevel(logging.WARNING)  # which would write down every address with its query
ATTEMPTS = 7
TIMEOUT = httpx.Timeout(60, connect=20)
ID = re.compile(r"(?<=/)(?=[^/]*\d)[\w-]{12,}(?=/|$)")
UNWELL = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}


class Again(Exception):
    """Asking again may help: after so many seconds, or by the usual back-off."""

    def __init__(self, said: str, seconds: float | None = None, trouble: Trouble = Trouble.VENDOR):
        self.said, self.seconds, self.trouble = said, seconds, trouble
        super().__init__(said)


class Unauthorised(Exception):
    """The token was refused: a new one may help, once."""


class Access(Protocol):
    """Where the API is and who we are there: headers for a request, renewed on demand. Raises Again, ConnectorError."""

    url: str

    def headers(self) -> dict[str, str]:
        """What to send with every request; signs in where that has not happened yet."""

    def renew(self) -> None:
        """Forget the token and sign in anew."""


class Answer:
    """What was asked for: status, headers, the body as JSON; null where there is none, or one that is no JSON."""

    def __init__(self, response: httpx.Response, body: bytes):
        self.status, self.headers, self.body, self.json = response.status_code, response.headers, body, None
        self.is_whole = not body
        if body:
            try:
                self.json: Any = orjson.loads(body)
                self.is_whole = True
            except orjson.JSONDecodeError:
                pass


Judge = Callable[[Answer], None]  # raises Again, Unauthorised or ConnectorError; silent where the answer is good


@dataclass
class Traffic:
    """What was asked of a vendor: calls by method and path, bytes that came."""

    calls: Counter = field(default_factory=Counter)
    bytes: int = 0

    @property
    def total(self) -> int:
        """All calls."""
        return sum(self.calls.values())


class Api:
    """One vendor's API, at the address that its access names."""

    def __init__(self, access: Access, judge: Judge):
        self.access, self.judge, self.traffic = access, judge, Traffic()
        self.clock = datetime.now(UTC)  # the vendor's, as its last answer said
        self.client = httpx.Client(timeout=TIMEOUT, follow_redirects=False)

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()

    def ask(self, method: str, path: str, **request: Any) -> Answer:
        """One good answer; `request` as httpx's. Raises ConnectorError."""
        return self._tried(path, lambda: self._asked(method, path, **request))

    def get(self, path: str, **params: Any) -> Answer:
        """One good answer to a GET."""
        return self.ask("GET", path, params=params or None)

    def post(self, path: str, body: Any) -> Answer:
        """One good answer to a POST of JSON."""
        content = {"content-type": "application/json"}
        return self.ask("POST", path, content=orjson.dumps(body), headers=content)

    def fetch(self, path: str, file: Path, **request: Any) -> Answer:
        """A large body into a file, in pieces; the answer has no body of its own. Raises ConnectorError."""
        return self._tried(path, lambda: self._fetched(path, file, **request))

    def _tried(self, path: str, once: Callable[[], Answer]) -> Answer:
        may_renew, failure = True, None
        try:
            for attempt in stamina.retry_context(
                _pause, attempts=ATTEMPTS, timeout=LONGEST_SECONDS * 2, wait_initial=0.5, wait_max=60, wait_jitter=1
            ):
                with attempt:
                    try:
                        return once()
                    except Unauthorised as error:
                        if not may_renew:
                            raise ConnectorError(Trouble.CREDENTIALS, f"{error} (a new token too)") from None
                        may_renew = False
                        self.access.renew()
                        raise Again("the token was refused; a new one was got", 0) from None
        except Again as again:
            failure = ConnectorError(again.trouble, f"{path}: {again.said}, {ATTEMPTS} times")
        except httpx.TransportError as error:
            failure = ConnectorError(Trouble.NETWORK, f"{path}: {type(error).__name__}, {ATTEMPTS} times")
        raise failure from None

    def _asked(self, method: str, path: str, **request: Any) -> Answer:
        headers = request.pop("headers", {}) | self.access.headers()
        response = self.client.request(method, f"{self.access.url}{path}", headers=headers, **request)
        return self._judged(method, path, Answer(response, response.content))

    def _fetched(self, path: str, file: Path, **request: Any) -> Answer:
        headers = request.pop("headers", {}) | self.access.headers()
        with self.client.stream("GET", f"{self.access.url}{path}", headers=headers, **request) as response:
            if response.status_code not in (200, 206):
                return self._judged("GET", path, Answer(response, response.read()))
            with open(file, "wb") as written:
                for piece in response.iter_bytes(1 << 20):
                    written.write(piece)
                    self.traffic.bytes += len(piece)
            return self._judged("GET", path, Answer(response, b""))

    def _judged(self, method: str, path: str, answer: Answer) -> Answer:
        self.traffic.calls[f"{method} {ID.sub('…', path)}"] += 1
        self.traffic.bytes += len(answer.body)
        self.clock = clock_of(answer.headers) or self.clock
        log.debug("%s %s: %d, %d bytes", method, path, answer.status, len(answer.body))
        self.judge(answer)
        if answer.status in UNWELL:
            raise Again(f"status {answer.status}", retry_after(answer.headers, self.clock))
        if answer.status >= 400:
            raise ConnectorError(Trouble.VENDOR, f"{path}: status {answer.status}, which nothing is known about")
        if not answer.is_whole:
            raise Again(f"an answer of {len(answer.body)} bytes that is no JSON")
        return answer


def _pause(error: Exception) -> bool | float:
    """Whether to ask again, and after how many seconds if the vendor said so."""
    if isinstance(error, Again):
        return True if error.seconds is None else float(error.seconds)
    return isinstance(error, httpx.TransportError)
