"""F2: a thousand random histories of the gate, each judged by a model, with a reader that polls throughout."""

import pytest

from tests.orchestration.histories import histories


@pytest.mark.parametrize("hundred", range(10))
def test_f2_no_history_of_failures_holds_kills_and_rollbacks_shows_a_reader_what_may_not_be_published(
    tmp_path, hundred
):
    told = histories(tmp_path, range(100 * hundred, 100 * hundred + 100))
    print(", ".join(f"{count:,} {what}" for what, count in sorted(told.items())) + ", 0 violations")
    assert told["histories"] == 100
