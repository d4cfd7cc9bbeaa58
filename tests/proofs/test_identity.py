"""Who is one person: over pairs of records each rule is right in 999 of 1000, and together they find 99 of 100."""

import pytest

from tests.flow.identities import MODELS, agreeing, judge

PAIRS = ("salesforce-marketo", "salesforce-hubspot", "hubspot")
SEEDS = (1, 2, 3)
PEOPLE = 2000
BLURRED = {"shared_mailbox": 0.1, "mistyped_email": 0.01, "private_email": 0.01}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("faults", ["none", "sample", "blurred"])
def test_each_rule_is_right_and_together_they_find_who_is_one_person(line, company, tmp_path, pair, seed, faults):
    blurred = {fault: rate for fault, rate in BLURRED.items() if pair != "hubspot" or fault == "shared_mailbox"}
    world = company(PEOPLE, seed, {"none": {}, "sample": None, "blurred": blurred}[faults], pair)
    merging = "{shared_mailboxes: [info], review_from: 0.9, merge_from: 0.95}"
    built = line(world / "sources.yml", agreeing(tmp_path / "signed", pair, merging))
    built.build(*MODELS)
    found = judge(built.warehouse, world)
    print(pair, seed, faults, found.by_rule, f"precision {found.precision:.5f} recall {found.recall:.5f}")
    assert found.unknown_to_the_truth == 0
    assert found.true >= PEOPLE / 50
    for rule in found.by_rule:
        assert found.precision_of(rule) >= 0.999, rule
    assert found.precision >= 0.999
    assert found.strangers_in_a_person == 1
    assert found.recall >= 0.99
    if pair != "hubspot" and faults == "blurred":
        assert found.by_rule["probable"][0] >= 5
