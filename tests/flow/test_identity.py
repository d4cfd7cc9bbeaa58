"""Who is one person, held against a world that knows; the proof at full length is tests/proofs/test_identity.py."""

import pytest

from tests.flow.identities import MODELS, agreeing, judge

FAULTS = {"shared_mailbox": 0.15, "mistyped_email": 0.04, "private_email": 0.04}


@pytest.fixture(scope="module")
def blurred(company):
    return company(700, 11, FAULTS)


def test_a_mailbox_that_a_firm_shares_does_not_make_it_one_person(line, blurred):
    built = line(blurred / "sources.yml")
    built.build(*MODELS)
    found = judge(built.warehouse, blurred)
    assert found.unknown_to_the_truth == 0
    assert set(found.by_rule) >= {"conversion", "merge", "linked_id", "external_id", "email"}
    for rule in found.by_rule:
        assert found.precision_of(rule) >= 0.999, rule
    assert found.precision >= 0.999
    assert found.strangers_in_a_person == 1
    assert found.recall < 0.97
    assert found.recall_once_reviewed >= 0.99


def test_without_that_safeguard_the_firm_is_swallowed_and_from_merge_from_on_likeness_joins(line, blurred, tmp_path):
    """An agreement in which no mailbox is shared: the proof that the world asks the question at all."""
    said = "{shared_mailboxes: [], names_in_a_mailbox: 1000, merge_from: 0.99}"
    built = line(blurred / "sources.yml", agreeing(tmp_path / "open", "salesforce-marketo", said))
    built.build(*MODELS)
    found = judge(built.warehouse, blurred)
    assert found.precision_of("email") < 0.9
    assert found.strangers_in_a_person >= 5
    assert found.by_rule["probable"][0] >= 10
    assert found.precision_of("probable") == 1
