"""The sender is killed with -9, by those whom it tells or by chance, and begins again: none lost, none shown twice."""

import pytest
from senders import Sender, account, killed_by_chance


@pytest.fixture
def sender(tmp_path):
    senders = []

    def start(*receivers):
        senders.append(Sender(tmp_path, receivers))
        return senders[0]

    yield start
    for one in senders:
        if one.process and one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("kind", ["chat", "mailbox"])
def test_a_sender_killed_by_the_one_it_tells_before_or_after_the_answer_loses_nothing(
    kind, moment, sender, request, capsys
):
    """F20: the receiver has the message; whether the sender knew it or not, it is shown once."""
    receiver = request.getfixturevalue(kind)
    line = sender(receiver)
    for number in range(2):
        setattr(receiver, moment, lambda _: line.kills <= number and line.kill())  # noqa: B023
        line.say(f"a{number}")
        line.start()
        line.process.wait(30)
    setattr(receiver, moment, lambda number: None)
    line.finish()
    found = account(receiver, line.wrong)
    with capsys.disabled():
        print(f"\n{kind}, killed {moment} the answer: {line.kills} kills, {found}")
    assert line.kills == 2 and not found["lost"] and not found["shown twice"] and not found["same key, other text"]
    assert found["received"] > found["distinct"] or moment == "after"


def test_a_sender_killed_at_any_moment_loses_nothing_and_nothing_is_shown_twice(sender, chat, mailbox, capsys):
    """F20: at moments drawn by chance, over two receivers; `make proof` does it 200 times."""
    line = sender(chat, mailbox)
    killed_by_chance(line, chat, mailbox, kills=5, seed=5)
    for receiver in (chat, mailbox):
        found = account(receiver, line.wrong)
        with capsys.disabled():
            print(f"\n{type(receiver).__name__}, killed by chance: {line.kills} kills, {found}")
        assert not found["lost"] and not found["shown twice"] and not found["same key, other text"]
