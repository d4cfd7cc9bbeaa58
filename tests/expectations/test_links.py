"""A failing row says where to look at it: the addresses of its records, where its ids name any."""

import pytest

import expectations


def check(warehouse, mart, name):
    """The result of one expectation."""
    (result,) = [result for result in expectations.audit(warehouse, mart).checks if result.name == name]
    return result


@pytest.mark.parametrize(
    ("mart", "name", "change", "links"),
    [
        (
            "people",
            "nobody_runs_through_many_cycles",
            "update marts.people set \"cycle\" = 21 where person_id = 'p3'",
            {"p3": ["https://example.com/3"]},
        ),
        (
            "opportunities",
            "won_amounts_are_not_negative",
            "update marts.opportunities set amount = -1 where opportunity_id = 'o1'",
            {"o1": ["https://crm.example/deal/1"]},
        ),
        (
            "opportunity_people",
            "no_email_address_is_published",
            "update marts.opportunity_people set role = 'j@x.com' where opportunity_id = 'o1'",
            {"o1/p1": ["https://example.com/1", "https://crm.example/deal/1"]},
        ),
        (
            "accounts",
            "won_amounts_are_not_negative",
            "update marts.accounts set won_amount = -1 where account_id = 'a4'",
            {"a4": ["https://crm.example/account/4"]},
        ),
        (
            "stage_mismatches",
            "a_mismatch_shows_two_different_stages",
            "update marts.stage_mismatches set map_stage = crm_stage, crm_record_id = 'crm7'",
            {"x7": ["https://example.com/7"]},
        ),
        ("loads", "nothing_is_missing_of_what_a_source_says_it_has", "update marts.loads set rows_held = 1", {}),
    ],
)
def test_a_failing_row_names_the_addresses_of_its_records(warehouse, mart, name, change, links):
    result = check(warehouse(change), mart, name)
    assert result.outcome == "failed"
    assert result.links == links


@pytest.mark.parametrize("url", ["https://crm.example/j@x.com", "https://crm.example/j%40x.com", "javascript:alert(1)"])
def test_no_link_carries_an_email_address_or_anything_but_a_page(warehouse, url):
    change = "update marts.opportunities set amount = -1 where opportunity_id = 'o1'"
    result = check(
        warehouse(change, f"update marts.opportunities set record_url = '{url}'"),
        "opportunities",
        "won_amounts_are_not_negative",
    )
    assert (result.outcome, result.sample_ids, result.links) == ("failed", ("o1",), {})


def test_links_that_cannot_be_looked_up_change_no_verdict_and_are_told(warehouse):
    path = warehouse('update marts.people set "cycle" = 21', "drop table marts.person_records")
    result = check(path, "people", "nobody_runs_through_many_cycles")
    assert (result.outcome, result.failed_count, result.links) == ("failed", 200, {})
    assert "Links could not be looked up" in result.message
