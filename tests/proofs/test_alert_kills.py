"""How often an alert is lost or shown twice when the sender is killed with -9 at moments drawn by chance: figures."""

import pytest

from tests.orchestration.receivers import Chat, Mailbox
from tests.orchestration.senders import Sender, account, killed_by_chance


@pytest.mark.parametrize("seed", [1, 2])
def test_of_hundreds_of_kills_none_loses_an_alert_and_none_shows_one_twice(seed, tmp_path, capsys):
    """F20."""
    chat, mailbox = Chat(), Mailbox()
    sender = Sender(tmp_path, (chat, mailbox))
    try:
        killed_by_chance(sender, chat, mailbox, kills=100, seed=seed)
    finally:
        if sender.process.poll() is None:
            sender.kill()
    for receiver in (chat, mailbox):
        found = account(receiver, sender.wrong)
        with capsys.disabled():
            print(f"\n{type(receiver).__name__}, seed {seed}: {sender.kills} kills, {found}")
        assert not found["lost"] and not found["shown twice"] and not found["same key, other text"]
        assert found["said"] > 100
