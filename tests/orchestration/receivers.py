"""Those who are told, on this machine: a chat that takes JSON and a mail server, both of which know a repeated key.

`before` and `after` are called with the number of the message (from 1) before and after it is answered: what they do,
fail, wait or kill the sender, is up to the test.
"""

import email
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller


@dataclass
class Told:
    """One message as it came: the key that a repetition has as well, and what people see."""

    key: str
    title: str
    body: str
    sign: str = ""


@dataclass
class Receiver:
    """What came, all of it; `shown` is what people see, for a receiver shows a key once.

    What came at a moment at which the receiver refuses is refused, whatever becomes of its status before it answers.
    """

    status: int = 200
    came: list[Told] = field(default_factory=list)
    tried: int = 0
    limit: int = 1_000_000  # characters that it takes
    before: Callable[[int], None] = lambda number: None
    after: Callable[[int], None] = lambda number: None
    url: str = ""

    @property
    def shown(self) -> list[tuple[str, str]]:
        return [(told.title, told.body) for told in {told.key: told for told in reversed(self.came)}.values()][::-1]

    @property
    def titles(self) -> list[str]:
        return [title for title, _ in self.shown]


class Chat(Receiver):
    """Takes apprise's json://."""

    def __init__(self):
        super().__init__()
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                chat.tried += 1
                number, status = chat.tried, 413 if len(said["message"]) > chat.limit else chat.status
                if status == 200:
                    chat.came.append(
                        Told(self.headers["Idempotency-Key"], said["title"], said["message"], said.get("type", ""))
                    )
                chat.before(number)
                self.send_response(chat.status if status == 200 else status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                self.wfile.flush()
                chat.after(number)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"json://127.0.0.1:{self.server.server_port}/hook"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Mailbox(Receiver):
    """Takes apprise's mailto://."""

    def __init__(self):
        super().__init__()
        mailbox = self

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address in mailbox.unknown:
                    return "550 nobody here of that name"
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                mail = email.message_from_bytes(envelope.content, policy=default)
                mailbox.tried += 1
                number, status = mailbox.tried, mailbox.status
                if status == 200:
                    body = mail.get_body(("plain", "html")).get_content().replace("\r\n", "\n").strip()
                    mailbox.came.append(Told(mail["Message-ID"], mail["Subject"], body))
                    mailbox.mails.append(mail)
                mailbox.before(number)
                threading.Timer(0.01, mailbox.after, [number]).start()
                answer = mailbox.status if status == 200 else status
                return "250 OK" if answer == 200 else f"{answer} not now"

        self.mails, self.unknown = [], set()
        self.controller = Controller(Handler(), hostname="127.0.0.1", port=_free_port())
        self.controller.start()
        self.url = f"mailto://127.0.0.1:{self.controller.port}/?from=onefunnel@acme.example&to=revops@acme.example"

    def close(self):
        self.controller.stop()


def hang(seconds: float) -> Callable[[int], None]:
    """A receiver that takes a message and does not answer for so long."""
    return lambda number: time.sleep(seconds)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
