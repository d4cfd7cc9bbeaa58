"""What is planted in a company with HubSpot is there, for the reason it is told by, and nothing else is."""

import pytest
from hubspot_worlds import OPINION, opened, rows, value

from ingest import world

PAIRS = {"salesforce-hubspot": "21:30", "hubspot": "21:45"}  # what parted later is in flight, as agreed
FAULTS = {
    "salesforce-hubspot": {
        "deleted_record": {"deleted_in_crm"},
        "merged_record": {"linked_to_loser"},
        "conversion_gap": {"stale_link"},
        "forward_only": {"not_cleared"},
        "account_push": {"colleague_won", "company_set_by_hand"},
        "no_contact_role": {"no_role"},
        "not_synced": {"outside_list"},
        "duplicate_record": {"last_change_wins"},
        "unmapped_value": {"label_for_name", "deleted_stage", "typed_instead", "typed_over"},
        "missing_record": {"never_created", "created_late", "never_sent"},
        "conflict": {"edited_by_hand"},
    },
    "hubspot": {
        "forward_only": {"not_cleared"},
        "account_push": {"company_set_by_hand"},
        "no_contact_role": {"no_role"},
        "not_synced": {"outside_list"},
        "unmapped_value": {"label_for_name", "deleted_stage", "typed_instead", "typed_over", "deleted_deal_stage"},
        "conflict": {"edited_by_hand"},
    },
}


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_faults_nobody_disagrees(tmp_path, pair, seed):
    world.write(tmp_path, people=3000, seed=seed, pair=pair, faults={})
    with opened(tmp_path, pair) as con:
        assert rows(con, f"select * from ({OPINION}) where parted_at <= '2026-03-31 {PAIRS[pair]}:00'") == []
        assert value(con, "select count(*) from truth_faults") == 0
        assert value(con, "select count(*) from crm where value is not null") > 500


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_planted_mismatch_that_stands_open_is_there_with_its_cause_and_time_and_no_other(tmp_path, pair, seed):
    summary = world.write(tmp_path, people=5000, seed=seed, pair=pair)
    with opened(tmp_path, pair) as con:
        found = f"select person_id, cause, parted_at from ({OPINION}) where parted_at <= '2026-03-31 {PAIRS[pair]}:00'"
        planted = rows(con, "select person_id, cause, parted_at from truth_faults where is_open order by all")
        assert rows(con, f"{found} order by all") == planted
    assert set(summary.open_mismatches) == set(FAULTS[pair])
    assert len(planted) > 60


@pytest.fixture(scope="module", params=PAIRS)
def planted(request, tmp_path_factory):
    out = tmp_path_factory.mktemp("planted")
    world.write(out, people=8000, seed=7, pair=request.param)
    with opened(out, request.param) as con:
        yield request.param, con


def test_there_is_every_fault_that_the_pair_can_have(planted):
    pair, con = planted
    found = {}
    for cause, fault in rows(con, "select distinct cause, fault from truth_faults where cause is not null"):
        found.setdefault(cause, set()).add(fault)
    assert found == FAULTS[pair]


def test_nobody_carries_two_faults_and_some_are_healed_by_what_came_next(planted):
    _, con = planted
    assert value(con, "select count(*) - count(distinct person_id) from truth_faults") == 0
    for fault in ("not_cleared", "outside_list", "typed_instead"):
        healed = f"select count(*) from truth_faults where fault = '{fault}' and healed_at > parted_at and not is_open"
        assert value(con, healed) >= 2


SHOWN = """
    select {} from truth_faults join truth_people as people using (person_id)
    join contacts on contacts.id = people.map_record_id::varchar where fault = '{}' and is_open
"""


def test_pitfalls_1_and_28_the_stage_stands_where_the_sync_left_it(planted):
    _, con = planted
    last = "count(*), count(*) filter (stages[1].sourceType in ('SALESFORCE', 'DEALS') and stages[1].timestamp"
    count, stuck = rows(con, SHOWN.format(last + "::timestamp < parted_at)", "not_cleared"))[0]
    assert count == stuck > 5


def test_pitfall_2_a_pushed_stage_is_the_companys_and_came_after_it(planted):
    _, con = planted
    pushed = """
        select count(*), count(*) filter (
            stages[1].sourceType = 'COMPANIES' and stages[1].sourceId = associatedcompanyid
            and stages[1].value = companies.properties.lifecyclestage and stages[1].timestamp::timestamp = parted_at
            and companies."propertiesWithHistory".lifecyclestage[1].timestamp < stages[1].timestamp
        )
        from truth_faults join truth_people as people using (person_id)
        join contacts on contacts.id = people.map_record_id::varchar
        join hubspot_companies as companies on companies.id = associatedcompanyid
        where cause = 'account_push'
    """
    count, from_company = rows(con, pushed)[0]
    assert count == from_company > 8


def test_pitfall_3_the_deal_is_the_accounts_and_the_person_has_no_part_in_it(planted):
    pair, con = planted
    if pair == "hubspot":
        alone = "select from_id from hubspot_associations where from_object = 'contact' and to_object = 'deal'"
        count, parted = rows(con, SHOWN.format(f"count(*), count(*) filter (contacts.id not in ({alone}))", "no_role"))[
            0
        ]
        assert value(con, SHOWN.format("bool_and(hs_lead_status = 'QUALIFIED')", "no_role"))
    else:
        roles = "select ContactId from salesforce_OpportunityContactRole"
        without = f"count(*), count(*) filter (people.crm_contact_id not in ({roles}))"
        count, parted = rows(con, SHOWN.format(without, "no_role"))[0]
    assert count == parted > 1
    assert value(con, SHOWN.format("bool_and(stages[1].sourceType = 'CRM_UI')", "no_role"))


def test_pitfall_5_who_is_not_on_the_list_was_last_synced_before_the_change(planted):
    pair, con = planted
    if pair == "salesforce-hubspot":
        out = (
            "count(*), count(*) filter (salesforce_inclusion = 'No' and salesforcelastsynctime::timestamp < parted_at)"
        )
        count, kept_out = rows(con, SHOWN.format(out, "outside_list"))[0]
        assert count == kept_out > 1
        assert value(con, "select count(*) from contacts where salesforce_inclusion = 'No'") == count


def test_pitfall_6_two_leads_share_one_address_and_hubspot_followed_the_other_one(planted):
    pair, con = planted
    if pair == "salesforce-hubspot":
        twice = """
            select count(*) from truth_faults join truth_people as people using (person_id)
            join salesforce_Lead as one on one.Id = people.crm_lead_id
            join salesforce_Lead as two on lower(trim(two.Email)) = lower(trim(one.Email)) and two.Id <> one.Id
            where cause = 'duplicate_record' and not two.IsDeleted and one.Status = 'Qualified'
                and two.Status = 'Nurture' and two.LastModifiedDate > one.LastModifiedDate
        """
        found = value(con, twice)
        assert found == value(con, "select count(*) from truth_faults where cause = 'duplicate_record'") > 1
        flipped = SHOWN.format("bool_and(stages[2].value = '1043550022' and stages[3].value = '')", "last_change_wins")
        assert value(con, flipped)


def test_pitfalls_29_and_30_no_pipeline_and_no_stage_has_what_the_record_says(planted):
    pair, con = planted
    labels = SHOWN.format("bool_and(lifecyclestage = 'Marketing Qualified Lead')", "label_for_name")
    numbers = SHOWN.format("bool_and(lifecyclestage = '1043550019')", "deleted_stage")
    assert (value(con, labels), value(con, numbers)) == (True, True)
    if pair == "hubspot":
        unknown = """
            select count(*) from hubspot_deals where properties.dealstage not in
                (select stage.id from (select unnest(stages) as stage from hubspot_pipelines))
        """
        planted_deals = "select count(*) from truth_faults where fault = 'deleted_deal_stage'"
        assert value(con, unknown) == value(con, planted_deals) > 3


def test_pitfall_4_pure_lag_is_told_as_in_flight_and_never_as_a_fault(planted):
    _, con = planted
    lagging = "select count(*) from truth_in_flight join truth_faults using (person_id)"
    assert value(con, "select count(*) from truth_in_flight") >= 1
    assert value(con, lagging) == 0


@pytest.mark.parametrize(
    ("pair", "fault"),
    [("salesforce-hubspot", "account_push"), ("salesforce-hubspot", "forward_only"), ("hubspot", "deleted_deal_stage")],
)
def test_a_fault_is_planted_at_its_own_rate_alone(tmp_path, pair, fault):
    counts = []
    for rate in (0.02, 0.2):
        world.write(tmp_path / str(rate), people=6000, seed=9, pair=pair, faults={fault: rate})
        with opened(tmp_path / str(rate), pair) as con:
            counts.append(value(con, "select count(*) from truth_faults"))
            assert value(con, "select count(distinct cause) from truth_faults") == 1
    assert 6 < counts[1] / counts[0] < 14


def test_a_fault_that_the_pair_cannot_have_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no such fault: missing_record"):
        world.write(tmp_path, people=10, seed=1, pair="hubspot", faults={"missing_record": 0.1})


def test_the_truth_says_what_the_wrong_side_holds(planted):
    _, con = planted
    held = """
        select count(*), count(*) filter (list_contains(
            case wrong_side when 'map' then stands_for(lifecyclestage) else stands_for(crm.value) end, held_stage))
        from truth_faults join truth_people as people using (person_id)
        join contacts on contacts.id = people.map_record_id::varchar join crm using (person_id)
        where is_open and held_stage is not null and fault <> 'typed_instead'
    """
    count, so = rows(con, held)[0]
    assert count == so > 30
