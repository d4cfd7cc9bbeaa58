"""Marketo as its documentation has it: activities by type and their attributes, retention, chains, links, members."""

import json
from collections import Counter

import pytest
from worlds import END, PEOPLE, SEED, opened, rows, value, written

from ingest import world


@pytest.fixture(scope="module")
def con():
    with opened(written(PEOPLE, SEED, None)) as con:
        yield con


# https://experienceleague.adobe.com, Activities: the type's number, name, primary attribute; which attributes are
# always there and which may be
TYPES = {
    1: ("Visit Webpage", "Webpage ID", {"Webpage URL"}, set()),
    2: ("Fill Out Form", "Webform ID", {"Webpage ID", "Form Fields"}, set()),
    7: ("Email Delivered", "Mailing ID", set(), set()),
    10: ("Open Email", "Mailing ID", set(), set()),
    11: ("Click Email", "Mailing ID", set(), set()),
    12: ("New Lead", None, {"Source Type"}, set()),
    13: ("Change Data Value", "Attribute Name", {"New Value", "Reason", "Source"}, {"Old Value"}),
    21: ("Convert Lead", None, {"SFDC Contact ID"}, set()),
    22: ("Change Score", "Score Name", {"Change Value", "New Value", "Reason"}, {"Old Value"}),
    32: ("Merge Leads", "Lead ID", {"Merge IDs", "Master Updated", "Merged in Sales", "Merge Source"}, set()),
    34: ("Add to Opportunity", "Opty ID", {"Role", "Is Primary"}, set()),
    36: ("Update Opportunity", "Opty ID", {"Data Value Changes"}, set()),
    37: ("Delete Lead", "Lead ID", {"Campaign"}, set()),
    46: ("Interesting Moment", "Type", {"Description", "Source"}, set()),
    101: ("Change Revenue Stage", "Model ID", {"New Stage", "New Stage ID", "Reason"}, {"Old Stage", "Old Stage ID"}),
    104: ("Change Status in Progression", "Program ID", {"Program ID", "New Status", "Old Status", "Success"}, set()),
}


def test_the_types_are_the_vendor_s(con):
    listed = dict(rows(con, "select id, (name, primaryAttributeName) from marketo.activity_types"))
    assert {number: listed[number] for number in TYPES} == {n: (name, key) for n, (name, key, *_) in TYPES.items()}


@pytest.mark.parametrize("number", TYPES)
def test_every_activity_has_the_attributes_of_its_type_as_json(con, number):
    _, key, always, sometimes = TYPES[number]
    found = rows(
        con,
        f"select attributes, primaryAttributeValue from marketo.activities where activityTypeId = {number} limit 20000",
    )
    assert found or number == 37
    for attributes, primary in found:
        keys = set(json.loads(attributes))
        assert always <= keys <= always | sometimes
        assert (primary is not None) or key in (None, "Lead ID")


def test_no_other_types_are_written(con):
    assert {row[0] for row in rows(con, "select distinct activityTypeId from marketo.activities")} <= set(TYPES)


def test_ids_are_unique_and_campaigns_are_known(con):
    for object, key in (("leads", "id"), ("activities", "marketoGUID"), ("programs", "id"), ("campaigns", "id")):
        assert value(con, f"select count(*) - count(distinct {key}) from marketo.{object}") == 0
    twice = "select count(*) - count(distinct (programId, leadId)) from marketo.program_members"
    assert value(con, twice) == 0
    unknown = (
        "select count(campaignId) from marketo.activities where campaignId not in (select id from marketo.campaigns)"
    )
    assert value(con, unknown) == 0
    assert value(con, "select count(campaignId) from marketo.activities") > 1000


def test_a_lead_of_an_activity_is_there_or_was_deleted(con):
    lost = rows(
        con,
        """select activityTypeId, count(*) from marketo.activities
        where leadId not in (select id from marketo.leads) group by 1""",
    )
    assert {number for number, _ in lost} <= {37}
    deleted = (
        "select count(*) from marketo.activities where activityTypeId = 37 and leadId in (select id from marketo.leads)"
    )
    assert value(con, deleted) == 0


def test_who_lost_a_merge_is_no_lead_any_more_and_was_merged_once(con):
    losers = [
        loser
        for (merged,) in rows(con, "select attributes from marketo.activities where activityTypeId = 32")
        for loser in json.loads(json.loads(merged)["Merge IDs"])
    ]
    assert len(losers) > 50
    assert max(Counter(losers).values()) == 1
    assert value(con, f"select count(*) from marketo.leads where id in {tuple(losers)}") == 0


def test_a_merge_in_salesforce_is_one_in_marketo_within_the_sync_s_time(con):
    late = """
        select count(*) filter (a.marketoGUID is null), count(*)
        from salesforce.Lead as loser join truth.people as p on p.crm_lead_id = loser.MasterRecordId
        join marketo.leads as m on m.sfdcLeadId = loser.MasterRecordId
        left join marketo.activities as a on a.leadId = m.id and activityTypeId = 32
            and (attributes ->> 'Merged in Sales') = 'true'
            and a.activityDate between loser.LastModifiedDate and loser.LastModifiedDate + interval 30 minute
    """
    missing, merges = rows(con, late)[0]
    assert missing == 0
    assert merges > 5


@pytest.fixture(scope="module")
def long_world(tmp_path_factory):
    """Three years of a few people, so that every type outlives its retention."""
    out = tmp_path_factory.mktemp("long")
    world.write(out, people=2500, seed=3, pair="salesforce-marketo", faults={}, months=36)
    with opened(out) as con:
        yield con


# domain.md 15, and 25 months for the rest
@pytest.mark.parametrize(
    ("numbers", "days"), [((37,), 14), ((1, 7, 13, 22, 36), 90), ((2, 10, 11, 12, 21, 32, 34, 46, 101, 104), 761)]
)
def test_activities_are_kept_for_as_long_as_marketo_keeps_them(long_world, numbers, days):
    oldest = dict(
        rows(
            long_world,
            f"""select activityTypeId, max(epoch(timestamp '{END}') - epoch(activityDate)) / 86400
            from marketo.activities where activityTypeId in {(*numbers, 0)} group by 1""",
        )
    )
    assert set(oldest) == set(numbers)
    assert max(oldest.values()) <= days
    if 37 not in numbers:
        assert min(oldest.values()) > days * 0.8


def test_the_chain_of_revenue_stages_ends_at_the_lead_s_own(con):
    chain = """
        select
            leadId, attributes ->> 'New Stage ID' as new, attributes ->> 'Old Stage ID' as old, activityDate,
            lag(attributes ->> 'New Stage ID') over w as before, row_number() over back as n_back
        from marketo.activities where activityTypeId = 101
        window
            w as (partition by leadId order by activityDate, marketoGUID::bigint),
            back as (partition by leadId order by activityDate desc, marketoGUID::bigint desc)
    """
    assert value(con, f"select count(*) from ({chain})") > 5000
    assert value(con, f"select count(*) from ({chain}) where old is distinct from before or old = new") == 0
    ends = f"""select count(*) from marketo.leads left join (select * from ({chain}) where n_back = 1) on leadId = id
        where new is distinct from leadRevenueStageId"""
    assert value(con, ends) == 0
    named = "select attributes ->> 'New Stage ID', attributes ->> 'New Stage' from marketo.activities"
    names = rows(con, f"{named} where activityTypeId = 101")
    known = {(number, name) for number, name in names if number != "199"}
    assert len(known) == len({number for number, _ in known}) == 9


@pytest.mark.parametrize("score", ["Lead Score", "Behavior Score"])
def test_the_chain_of_scores_ends_at_the_lead_s_own(con, score):
    chain = f"""
        select
            leadId, (attributes ->> 'New Value')::int as new, (attributes ->> 'Old Value')::int as old,
            (attributes ->> 'Change Value') as change, lag((attributes ->> 'New Value')::int) over w as before,
            row_number() over w as n, row_number() over back as n_back
        from marketo.activities where activityTypeId = 22 and primaryAttributeValue = '{score}'
        window
            w as (partition by leadId order by activityDate, marketoGUID::bigint),
            back as (partition by leadId order by activityDate desc, marketoGUID::bigint desc)
    """
    assert value(con, f"select count(*) from ({chain})") > 500
    assert value(con, f"select count(*) from ({chain}) where n > 1 and old is distinct from before") == 0
    assert value(con, f"select count(*) from ({chain}) where change::int <> new - coalesce(old, 0)") == 0
    assert value(con, f"select count(*) from ({chain}) where not regexp_matches(change, '^[+-][0-9]+$')") == 0
    if score == "Lead Score":
        ends = f"""select count(*), count(*) filter (new <> leadScore) from marketo.leads
            join (select * from ({chain}) where n_back = 1) on leadId = id"""
        count, wrong = rows(con, ends)[0]
        assert count > 500
        assert wrong == 0


def test_nobody_does_anything_before_they_are_known_but_those_whose_record_is_the_younger_of_two(con):
    early = """select count(distinct leadId) from marketo.activities join marketo.leads on id = leadId
        where activityDate < createdAt and leadId not in (
            select map_record_id from truth.faults
            where fault = 'winner_created_later'
        )"""
    assert value(con, early) == 0
    assert value(con, "select count(*) from marketo.leads where updatedAt < createdAt") == 0
    assert value(con, f"select count(*) from marketo.leads where updatedAt > timestamp '{END}'") == 0
    assert value(con, f"select count(*) from marketo.activities where activityDate > timestamp '{END}'") == 0


def test_a_link_to_salesforce_points_at_a_row_there_and_says_of_which_kind(con):
    for column, object in (("sfdcLeadId", "Lead"), ("sfdcContactId", "Contact"), ("sfdcAccountId", "Account")):
        assert value(con, f"select count({column}) from marketo.leads") > 100
        lost = f"select count({column}) from marketo.leads where {column} not in (select Id from salesforce.{object})"
        assert value(con, lost) == 0
    kinds = rows(
        con,
        """select sfdcType, sfdcLeadId is not null or sfdcContactId is not null, sfdcContactId is not null,
            sfdcAccountId is not null, count(*) from marketo.leads group by all""",
    )
    assert {kind[:4] for kind in kinds} == {
        (None, False, False, False),
        ("Lead", True, False, False),
        ("Contact", True, True, True),
    }


def test_each_person_has_one_address_and_it_may_need_normalising(con):
    twice = """select count(*) - count(distinct lower(trim(email))) from marketo.leads
        where id not in (select id from marketo.leads where id > 600000000)"""
    assert value(con, twice) == 0
    for form in ("email <> trim(email)", "email = upper(email)", "email like '%+%'"):
        assert value(con, f"select count(*) from marketo.leads where {form}") > 20
    assert (
        value(con, "select count(*) from marketo.leads where not regexp_matches(lower(trim(email)), '\\.example$')")
        == 0
    )


def test_a_program_has_a_campaign_in_salesforce_and_members_who_answered_it(con):
    unknown = "select count(*) from marketo.programs where sfdcId not in (select Id from salesforce.Campaign)"
    assert value(con, unknown) == 0
    same = "marketo.programs as p join salesforce.Campaign as c on c.Id = p.sfdcId and c.Name = p.name"
    assert value(con, f"select count(*) from {same}") == value(con, "select count(*) from marketo.programs")
    lost = "select count(*) from marketo.program_members where leadId not in (select id from marketo.leads)"
    assert value(con, lost) == 0
    unanswered = """select count(*) from marketo.program_members as m join marketo.programs as p on p.id = programId
        where (m.leadId, p.name, membershipDate) not in (
            select (leadId, primaryAttributeValue, activityDate) from marketo.activities where activityTypeId = 2
        )"""
    assert value(con, unanswered) == 0


def test_whoever_qualifies_crossed_the_score_or_asked_for_a_demo_and_nobody_else_did():
    """The example agreement's rule: the score reaches 65, or the form Demo Request. Change Score is kept 90 days."""
    with opened(written(PEOPLE, SEED)) as con:
        ruled = """
            with signals as (
                select leadId, activityDate as seen from marketo.activities
                where activityTypeId = 22 and primaryAttributeValue = 'Lead Score'
                    and (attributes ->> 'New Value')::int >= 65
                    and coalesce((attributes ->> 'Old Value')::int, 0) < 65
                union all
                select leadId, activityDate from marketo.activities
                where activityTypeId = 2 and primaryAttributeValue = 'Demo Request'
            ),
            recent as (select * from signals where seen > timestamp '2026-01-01'),
            mqls as (
                select leadId, activityDate from marketo.activities
                where activityTypeId = 101 and (attributes ->> 'New Stage') = 'MQL'
                    and activityDate > timestamp '2026-01-01 00:00:10'
            )
            select
                (select count(*) from mqls), (select count(*) from recent),
                (select count(*) from mqls join recent using (leadId)
                    where epoch(activityDate) - epoch(seen) between 0 and 10)
        """
        mqls, signals, together = rows(con, ruled)[0]
    assert mqls > 100
    assert mqls == signals == together
