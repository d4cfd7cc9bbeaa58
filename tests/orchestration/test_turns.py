import subprocess
import sys

import pytest

from orchestration.turns import TurnTaken, turn

HOLDER = """
import sys
from pathlib import Path
from orchestration.turns import turn

with turn(Path(sys.argv[1]), 0):
    print("mine", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "mine\n"
        yield process
        process.kill()


def test_f28_a_second_run_waits_then_says_who_holds_the_data_dir(tmp_path, holder):
    """F28."""
    told = []
    with pytest.raises(TurnTaken, match=f"process {holder.pid} .*ONEFUNNEL_DATA"), turn(tmp_path, 0.5, told.append):
        pass
    assert len(told) == 1 and f"Waiting for process {holder.pid}" in told[0]


def test_a_run_that_was_killed_holds_nothing(tmp_path, holder):
    """F2."""
    holder.kill()
    holder.wait()
    with turn(tmp_path, 0):
        pass


def test_a_second_run_starts_as_soon_as_the_first_has_ended(tmp_path, holder):
    with turn(tmp_path, 30, lambda text: holder.stdin.close()):
        pass
