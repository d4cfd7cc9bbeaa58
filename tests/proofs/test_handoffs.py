"""Hand-overs: the line's verdict is the truth's wherever it is known, and both delays to the minute."""

import pytest

from tests.flow.handoffs import wrong
from tests.proofs.conftest import PAIRS


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("faults", ["none", "sample"])
def test_every_verdict_is_the_one_that_the_truth_gives(line, company, pair, seed, faults):
    world = company(2000, seed, {"none": {}, "sample": None}[faults], pair)
    built = line(world / "sources.yml", pair=pair)
    built.build("+handoffs", "+person_records")
    differ, compared = wrong(built, world)
    print(pair, seed, faults, dict(sorted(compared.items())), f"{len(differ)} differ")
    assert not differ
    assert compared["met"] > 150
    assert compared["breached"] > 150
