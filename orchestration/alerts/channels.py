"""The only place that speaks apprise: how much a channel takes, sending with an idempotency key, why it was refused.

The key is what a receiver knows a repetition by: the header `Idempotency-Key` where a channel has headers, the
Message-ID of an e-mail, else a reference in the last line. apprise's own log names URLs, so nobody is given it.
"""

import logging
import re
from contextvars import ContextVar
from hashlib import sha256

from orchestration.alerts.targets import Target, TargetsError

MARKED_UP = 0.9  # of the room, where < and & become longer
MESSAGE_ID: ContextVar[str | None] = ContextVar("message_id", default=None)
SAID: ContextVar[list[str] | None] = ContextVar("said", default=None)  # what apprise logs while it sends


class Refused(Exception):
    """A message was not taken; the text says why without any secret.

    `is_final`: trying again at once is no use; `is_too_long`: unless with less of it.
    """

    def __init__(self, reason: str, *, is_final: bool = False, is_too_long: bool = False):
        super().__init__(reason)
        self.is_final, self.is_too_long = is_final, is_too_long


class Channel:
    """One receiver, ready to be sent to; raises Refused when its URL or its secrets are not right."""

    def __init__(self, target: Target):
        _hush()
        import apprise  # half a second, only where something is sent

        _let_mails_carry_their_key()
        # Its own threads and timeouts would leave a call that hangs to others: here each receiver has its own thread.
        asset = apprise.AppriseAsset(app_id="OneFunnel", async_mode=False, service_timeout=0, storage_mode="memory")
        try:
            self.plugin = apprise.Apprise.instantiate(target.address(), asset=asset)
        except TargetsError as error:
            raise Refused(str(error), is_final=True) from None
        if self.plugin is None:
            raise Refused("apprise knows no such URL.", is_final=True)
        self._is_plain = "text" in str(self.plugin.notify_format).lower()
        self._has_headers = "headers" in self.plugin.template_kwargs
        self._is_mail = isinstance(self.plugin, apprise.plugins.N_MGR["mailto"])

    def room(self) -> tuple[int, int]:
        """Characters that a title (0: there is none) and a body may have, the reference left out."""
        body = self.plugin.body_maxlen - len(self._reference("0" * 32))
        return max(self.plugin.title_maxlen, 0), body if self._is_plain else int(body * MARKED_UP)

    def send(self, key: str, sign: str, title: str, body: str, taken: set[str] | None = None) -> None:
        """Send once; returns when the receiver has taken it, raises Refused when it has not.

        A URL with several recipients is sent to one after the other; `taken` has those who have it already, and gets
        those who take it, so that one who refuses does not have the others told again.
        """
        if self._has_headers:
            self.plugin.headers["Idempotency-Key"] = key
        recipients, refusal = getattr(self.plugin, "targets", None), None
        if taken is None or not isinstance(recipients, list) or len(recipients) < 2:
            return self._send(key, sign, title, body)
        for recipient in recipients:
            if (name := sha256(repr(recipient).encode()).hexdigest()[:16]) in taken:
                continue
            self.plugin.targets = [recipient]
            try:
                self._send(key, sign, title, body)
                taken.add(name)
            except Refused as error:
                refusal = error
            finally:
                self.plugin.targets = recipients
        if refusal:
            raise refusal

    def _send(self, key: str, sign: str, title: str, body: str) -> None:
        import apprise

        sender, said = apprise.Apprise(services=self.plugin), []
        tokens = MESSAGE_ID.set(key), SAID.set(said)
        try:
            taken = sender.notify(
                title=title,
                body=body + self._reference(key),
                notify_type=apprise.NotifyType(sign),
                body_format=apprise.NotifyFormat.TEXT,
            )
        except Exception as error:
            raise Refused(f"apprise failed with {type(error).__name__}.") from None
        finally:
            MESSAGE_ID.reset(tokens[0])
            SAID.reset(tokens[1])
        if not taken:
            raise _refusal(" ".join(said))

    def _reference(self, key: str) -> str:
        return "" if self._has_headers or self._is_mail else f"\n(message {key[:8]})"


def _refusal(said: str) -> Refused:
    """What apprise's log says of a failure, in words that hold no address."""
    if code := re.search(r"error[=: ]+(\d{3})\b", said):
        is_final = code[1].startswith("4") and code[1] not in ("408", "425", "429")
        return Refused(f"it answered {code[1]}.", is_final=is_final, is_too_long=code[1] == "413")
    if re.search("was refused: (\\d{3})", said):
        return Refused("the mail server refused a recipient.", is_final=True)
    if re.search("connection error", said, re.IGNORECASE):
        return Refused("it could not be reached, or did not answer in time.")
    return Refused("it did not take the message.")


def _hush() -> None:
    """What would name an address goes to nobody: apprise's own log, and that of the library beneath while it sends."""
    apprise = logging.getLogger("apprise")
    apprise.setLevel(logging.WARNING)
    for name, is_shown in (("apprise", _overheard), ("urllib3.connectionpool", _is_of_others)):
        if is_shown not in (logger := logging.getLogger(name)).filters:
            logger.addFilter(is_shown)


def _overheard(record: logging.LogRecord) -> bool:
    if (said := SAID.get()) is not None:
        said.append(record.getMessage())
    return False


def _is_of_others(record: logging.LogRecord) -> bool:
    return MESSAGE_ID.get() is None


def _let_mails_carry_their_key() -> None:
    """apprise makes a new Message-ID for each try, and takes none from outside."""
    from apprise.plugins.email import base

    if getattr(base.make_msgid, "is_keyed", False):
        return
    random = base.make_msgid

    def make_msgid(idstring: str | None = None, domain: str | None = None) -> str:
        key = MESSAGE_ID.get()
        return f"<{key}@onefunnel>" if key else random(idstring, domain)

    make_msgid.is_keyed = True
    base.make_msgid = make_msgid
