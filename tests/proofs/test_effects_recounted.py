"""On 50 random companies each effect is what counting the funnel anew under one side's word gives."""

import numpy as np
import pytest

from ingest import world
from tests.flow.swapping import effects_and_recount
from tests.proofs.conftest import PAIRS
from tests.proofs.test_effects import MODELS, differing

SEEDS = range(100, 150)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_effect_is_what_counting_the_funnel_anew_under_one_sides_word_gives(company, line, tmp_path, seed):
    rng = np.random.default_rng(seed)
    pair, people = PAIRS[seed % 3], int(rng.integers(80, 400))
    rates = {fault: float(np.exp(rng.uniform(np.log(0.01), np.log(0.2)))) for fault in world.rates(pair)}
    exports = company(people, seed, rates, pair)
    disputed = line(exports / "sources.yml", pair=pair)
    disputed.build(*MODELS)
    (tmp_path / "swapped").mkdir()
    told, counted = effects_and_recount(disputed.data, tmp_path / "swapped")
    people_disputed = disputed.rows("select count(*) from stage_mismatches")[0][0]
    print(f"{pair}, seed {seed}, {people} people, {people_disputed} disputed: {len(told)} effects, all equal")
    assert len(told) > 20
    assert differing(told, counted) == {}
