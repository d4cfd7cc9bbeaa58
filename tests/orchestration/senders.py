"""A process that tells what is wrong until it is killed with -9, and the account of what became of it."""

import json
import os
import random
import signal
import subprocess
import sys
import time

SENDER = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from orchestration.alerts import outbox, delivery, targets, words
from orchestration.alerts.channels import Channel
from orchestration.alerts.findings import Finding
from apprise.plugins.email.base import NotifyEmail

NotifyEmail.request_rate_per_sec = 0
words.LISTED = 1_000_000  # so that each of many in one message is accounted for
delivery.FIRST_WAIT = delivery.LONGEST_WAIT = delivery.timedelta(milliseconds=200)
folder = Path(sys.argv[1])
known = targets.read(folder / "alerts.yml")
[Channel(target) for target in known]
print("ready", flush=True)
while True:
    wrong = json.loads((folder / "wrong.json").read_text())
    found = [Finding(key, "failed", "error", None, f"{key} failed", f"{key} is well") for key in wrong]
    outbox.take(folder / "data", outbox.Look("sensor", datetime.now(UTC), found), known)
    delivery.deliver(folder / "data", known, lambda sentence: None)
    if len(sys.argv) > 2:
        break
"""


class Sender:
    """A process that looks and delivers, again and again, whenever it is not dead."""

    def __init__(self, folder, receivers):
        self.folder, self.kills, self.process = folder, 0, None
        lines = [f"- {{url: '{receiver.url}', digest_at: null}}\n" for receiver in receivers]
        (folder / "alerts.yml").write_text("".join(lines))
        self.wrong = []

    def say(self, *keys):
        """What is wrong from now on."""
        self.wrong += keys
        (self.folder / "new.json").write_text(json.dumps(self.wrong))
        (self.folder / "new.json").rename(self.folder / "wrong.json")

    def start(self, *words):
        self.process = subprocess.Popen(
            [sys.executable, "-c", SENDER, str(self.folder), *words], stdout=subprocess.PIPE, text=True
        )
        self.process.stdout.readline()

    def kill(self):
        self.kills += 1
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def finish(self):
        """Let it run to the end of one undisturbed look, and of another."""
        for _ in range(2):
            time.sleep(0.25)
            self.start("once")
            assert self.process.wait(60) == 0


def account(receiver, said):
    """Sent, received, distinct, lost, shown twice; of failures that are told one by one."""
    shown = [line for title, body in receiver.shown for line in (title, *body.splitlines()) if line.endswith("failed")]
    told = [line.removeprefix("Error: ") for line in shown]
    return {
        "said": len(said),
        "received": len(receiver.came),
        "distinct": len(receiver.shown),
        "lost": sorted({f"{key} failed" for key in said} - set(told)),
        "shown twice": sorted({line for line in told if told.count(line) > 1}),
        "same key, other text": len({(one.key, one.title, one.body) for one in receiver.came}) - len(receiver.shown),
    }


def killed_by_chance(sender: Sender, chat, mailbox, *, kills: int, seed: int) -> None:
    """Kill it so many times at moments drawn by chance, while ever more goes wrong and the chat fails now and then."""
    rolls = random.Random(seed)
    for receiver in (chat, mailbox):
        receiver.before = lambda number: time.sleep(rolls.random() * 0.05)
    sender.say("first")
    for number in range(kills):
        sender.start()
        for part in range(rolls.randrange(1, 4)):
            sender.say(f"n{number}_{part}")
            chat.status = 500 if rolls.random() < 0.2 else 200
            time.sleep(rolls.random() * 0.15)
        sender.kill()
    chat.status = 200
    sender.finish()
