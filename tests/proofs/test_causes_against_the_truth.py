"""Every cause, in many companies at many rates: whoever was planted is told, by that cause, and nobody else."""

import io

import numpy as np
import pytest
from rich.console import Console

from ingest import world
from orchestration import truth
from orchestration.terminal import truth as shown
from orchestration.truth.scores import INSUFFICIENT
from tests.conftest import REPOSITORY
from tests.proofs.conftest import PAIRS

SEEDS = range(1, 21)
PEOPLE = 6_000
LEAST_RATE, GREATEST_RATE = 0.001, 0.2
OF_TWO_SYSTEMS = {"deleted_record", "merged_record", "conversion_gap", "duplicate_record", "missing_record"}
IMPOSSIBLE = {
    "salesforce-marketo": {"account_push", "forward_only"},  # Marketo holds nothing back, and knows no companies' stage
    "salesforce-hubspot": set(),
    "hubspot": OF_TWO_SYSTEMS,
}


def rates_of_its_own(pair: str, seed: int) -> dict[str, float]:
    """A rate for each fault, each as likely within 0.1 % to 1 % as within 1 % to 10 %."""
    drawn = np.random.default_rng(seed).uniform(np.log(LEAST_RATE), np.log(GREATEST_RATE), len(world.rates(pair)))
    return dict(zip(world.rates(pair), np.exp(drawn).tolist(), strict=True))


def table(scores: list[truth.Score]) -> str:
    console = Console(file=io.StringIO(), width=100)
    shown.show(console, scores)
    return console.file.getvalue()


@pytest.mark.parametrize("pair", PAIRS)
def test_each_cause_that_a_pair_can_have_is_told_precisely_and_completely_at_every_rate(pair, data_dir):
    scores = []
    for seed in SEEDS:
        scores += truth.seen_through(data_dir, pair, seed, PEOPLE, rates_of_its_own(pair, seed), keep=False)
    print(table(scores))
    truth.written(scores, REPOSITORY / "data" / "proof" / f"truth-{pair}.json")
    totals = {score.cause: score for score in truth.over_all_seeds(scores)}
    assert list(totals) == list(truth.CAUSES)  # none that the history could not tell
    assert {cause for cause, total in totals.items() if not total.planted} == IMPOSSIBLE[pair]
    assert truth.is_proven(scores)


@pytest.mark.parametrize("pair", PAIRS)
def test_in_companies_without_faults_nobody_disagrees(pair, data_dir):
    scores = []
    for seed in SEEDS:
        scores += truth.seen_through(data_dir, pair, seed, 2_000, {}, keep=False)
    told = sum(score.told for score in scores)
    print(f"{len(SEEDS)} companies of 2,000 people without faults: {told} told")
    assert told == 0


def test_where_the_history_begins_late_what_it_cannot_tell_is_said_to_be_so_and_the_rest_is_told(data_dir):
    faults = {"not_synced": 0.1, "conflict": 0.05, "unmapped_value": 0.05, "duplicate_record": 0.1}
    scores = []
    for seed in (4, 5, 6):
        rates = faults | {"history_starts_late": 0.3 * (seed - 3)}
        scores += truth.seen_through(data_dir, "salesforce-marketo", seed, 3_000, rates, keep=False)
    print(table(scores))
    totals = {score.cause: score for score in truth.over_all_seeds(scores)}
    assert totals[INSUFFICIENT].planted >= 10
    assert totals["not_synced"].planted >= 10
    assert truth.is_proven(scores)
