"""Who is told in these tests, and the clock by which they are."""

from datetime import UTC, datetime

import pytest
import time_machine
from receivers import Chat, Mailbox


@pytest.fixture
def chat():
    chat = Chat()
    yield chat
    chat.close()


@pytest.fixture
def mailbox(monkeypatch):
    monkeypatch.setattr("apprise.plugins.email.base.NotifyEmail.request_rate_per_sec", 0)  # apprise rests for 5.5 s
    mailbox = Mailbox()
    yield mailbox
    mailbox.close()


@pytest.fixture
def clock():
    """Stands at a Sunday's 12:00 UTC until a test moves it."""
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False) as clock:
        yield clock
