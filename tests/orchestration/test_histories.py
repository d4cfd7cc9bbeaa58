from tests.orchestration.histories import histories


def test_f2_no_history_of_failures_holds_kills_and_rollbacks_shows_a_reader_what_may_not_be_published(tmp_path):
    """F2: a few of the histories that `make proof` runs a thousand of."""
    told = histories(tmp_path, range(10))
    assert told["histories"] == 10
    assert min(told["publications done"], told["publications refused"], told["publications killed"], told["reads"]) > 0
