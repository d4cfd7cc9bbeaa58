"""Salesforce's own data model holds: ids, references, conversions, merges, deletes, histories, roles, members."""

import pytest
from worlds import END, FREQUENT, PEOPLE, SEED, opened, rows, value, written


@pytest.fixture(scope="module")
def con():
    with opened(written(PEOPLE, SEED, None)) as con:
        yield con


@pytest.fixture(scope="module")
def many():
    """More people, for what is rare."""
    with opened(written(16_000, 23)) as con:
        yield con


# https://help.salesforce.com: the standard prefixes; all field histories share 017
PREFIXES = {
    "Lead": "00Q",
    "LeadHistory": "017",
    "Contact": "003",
    "ContactHistory": "017",
    "Account": "001",
    "Opportunity": "006",
    "OpportunityFieldHistory": "017",
    "OpportunityContactRole": "00K",
    "Campaign": "701",
    "CampaignMember": "00v",
    "Task": "00T",
    "Event": "00U",
    "User": "005",
    "Group": "00G",
}


def suffix(record_id: str) -> str:
    """What an id of 15 characters gets appended: for each five of them which are upper case, lowest bit first."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    fives = (record_id[0:5], record_id[5:10], record_id[10:15])
    return "".join(letters[sum(1 << n for n, c in enumerate(five) if "A" <= c <= "Z")] for five in fives)


def test_the_suffix_is_that_of_ids_seen_in_the_wild():
    for known in ("0015000001Fn4VLAAZ", "0015500000Xyy06AAB", "00Q1G00000nDnM5UAK", "0051G000005MreQQAS"):
        assert known[15:] == suffix(known)


@pytest.mark.parametrize("object", PREFIXES)
def test_ids_have_eighteen_characters_the_prefix_of_their_object_and_a_right_suffix(con, object):
    ids = [row[0] for row in rows(con, f'select Id from salesforce."{object}"')]
    assert len(ids) == len(set(ids)) > 0
    assert {record_id[:3] for record_id in ids} == {PREFIXES[object]}
    assert {len(record_id) for record_id in ids} == {18}
    assert [record_id for record_id in ids if record_id[15:] != suffix(record_id)] == []


def test_field_histories_share_a_prefix_and_no_id(con):
    histories = [f'select Id from salesforce."{name}"' for name in PREFIXES if PREFIXES[name] == "017"]
    count, ids = rows(con, f"select count(*), count(distinct Id) from ({' union all '.join(histories)})")[0]
    assert count == ids


REFERENCES = [
    ("Lead", "OwnerId", "User Group"),
    ("Lead", "CreatedById", "User"),
    ("Lead", "LastModifiedById", "User"),
    ("Lead", "ConvertedContactId", "Contact"),
    ("Lead", "ConvertedAccountId", "Account"),
    ("Lead", "ConvertedOpportunityId", "Opportunity"),
    ("Lead", "MasterRecordId", "Lead"),
    ("LeadHistory", "LeadId", "Lead"),
    ("LeadHistory", "CreatedById", "User"),
    ("Contact", "AccountId", "Account"),
    ("Contact", "OwnerId", "User"),
    ("Contact", "CreatedById", "User"),
    ("Contact", "MasterRecordId", "Contact"),
    ("ContactHistory", "ContactId", "Contact"),
    ("ContactHistory", "CreatedById", "User"),
    ("Account", "OwnerId", "User"),
    ("Account", "CreatedById", "User"),
    ("Opportunity", "AccountId", "Account"),
    ("Opportunity", "ContactId", "Contact"),
    ("Opportunity", "OwnerId", "User"),
    ("Opportunity", "LastModifiedById", "User"),
    ("OpportunityFieldHistory", "OpportunityId", "Opportunity"),
    ("OpportunityFieldHistory", "CreatedById", "User"),
    ("OpportunityContactRole", "OpportunityId", "Opportunity"),
    ("OpportunityContactRole", "ContactId", "Contact"),
    ("CampaignMember", "CampaignId", "Campaign"),
    ("CampaignMember", "LeadId", "Lead"),
    ("CampaignMember", "ContactId", "Contact"),
    ("CampaignMember", "LeadOrContactId", "Lead Contact"),
    ("Task", "WhoId", "Lead Contact"),
    ("Task", "WhatId", "Opportunity"),
    ("Task", "AccountId", "Account"),
    ("Task", "OwnerId", "User"),
    ("Event", "WhoId", "Lead Contact"),
    ("Event", "WhatId", "Opportunity"),
    ("Event", "OwnerId", "User"),
]


@pytest.mark.parametrize(("object", "column", "others"), REFERENCES)
def test_every_reference_points_at_a_row(con, object, column, others):
    known = " union all ".join(f'select Id from salesforce."{other}"' for other in others.split())
    assert value(con, f'select count({column}) from salesforce."{object}"') > 0
    assert value(con, f'select count(*) from salesforce."{object}" where {column} not in ({known})') == 0


def test_what_a_lead_or_a_deal_is_converted_into_belongs_together(con):
    converted = "from salesforce.Lead join salesforce.Contact as c on c.Id = ConvertedContactId where IsConverted"
    count = value(con, f"select count(*) {converted}")
    assert count > 200
    assert value(con, "select count(*) from salesforce.Lead where IsConverted <> (ConvertedDate is not null)") == 0
    assert value(con, "select count(*) from salesforce.Lead where IsConverted <> (ConvertedContactId is not null)") == 0
    assert value(con, "select count(*) from salesforce.Lead where IsConverted <> (ConvertedAccountId is not null)") == 0
    assert value(con, "select count(*) from salesforce.Lead where IsConverted and IsDeleted") == 0
    moved = (
        "(select ContactId from salesforce.ContactHistory where Field = 'Account' and OldValue = ConvertedAccountId)"
    )
    assert value(con, f"select count(*) {converted} and c.AccountId <> ConvertedAccountId and c.Id not in {moved}") == 0
    first = "arg_min(o.Id, o.CreatedDate)"
    wrong = f"""
        select count(*) from (
            select ConvertedOpportunityId, {first} as first_deal from salesforce.Lead
            join salesforce.Opportunity as o on o.ContactId = ConvertedContactId
            where ConvertedOpportunityId is not null group by all
        ) where first_deal <> ConvertedOpportunityId
    """
    assert value(con, wrong) == 0


def test_the_day_of_a_conversion_is_a_date_in_the_company_s_own_zone(many):
    """domain.md 19 and 32."""
    days = rows(
        many,
        """select ConvertedDate, h.CreatedDate at time zone 'UTC' at time zone 'Europe/Berlin', h.CreatedDate
        from salesforce.Lead as l join salesforce.LeadHistory as h on h.LeadId = l.Id and h.Field = 'leadConverted'
        qualify row_number() over (partition by l.Id order by h.CreatedDate desc) = 1""",
    )
    assert len(days) > 200
    assert [day for day, local, _ in days if local.date() != day] == []
    assert [day for day, _, universal in days if universal.date() != day] != []
    assert value(many, "select typeof(any_value(ConvertedDate)) from salesforce.Lead") == "DATE"


def test_an_answer_of_a_known_contact_is_a_lead_joined_to_them_whose_source_is_not_theirs(con):
    """domain.md 20: a conversion fills only what is empty in the contact."""
    joined = rows(
        con,
        """select l.LeadSource, c.LeadSource, c.CreatedDate < l.CreatedDate, ConvertedOpportunityId
        from salesforce.Lead l join salesforce.Contact c on c.Id = ConvertedContactId
        where Status = 'Existing Contact'""",
    )
    assert len(joined) >= 3
    assert {(older, deal) for _, _, older, deal in joined} == {(True, None)}
    assert any(lead != contact for lead, contact, *_ in joined)


@pytest.mark.parametrize("object", ["Lead", "Contact"])
def test_a_merge_loser_is_deleted_points_at_a_survivor_and_left_its_mark_there(con, object):
    losers = rows(
        con,
        f"""select
            l.IsDeleted, w.MasterRecordId, l.CreatedDate < l.LastModifiedDate,
            lower(trim(l.Email)) = lower(trim(w.Email)), h.Id is not null, w.LastModifiedDate >= l.LastModifiedDate,
        from salesforce.{object} as l join salesforce.{object} as w on w.Id = l.MasterRecordId
        left join salesforce.{object}History as h
            on h.{object}Id = w.Id and h.Field = '{object.lower()}Merged' and h.CreatedDate = l.LastModifiedDate""",
    )
    assert len(losers) >= 3
    assert set(losers) == {(True, None, True, True, True, True)}


def test_a_converted_lead_is_merged_no_more(many):
    late = """
        select count(*) from salesforce.LeadHistory as m join salesforce.LeadHistory as c using (LeadId)
        where m.Field = 'leadMerged' and c.Field = 'leadConverted' and m.CreatedDate >= c.CreatedDate
    """
    assert value(many, late) == 0


@pytest.mark.parametrize("world", [(PEOPLE, SEED, None), FREQUENT[0]])
def test_with_a_deleted_lead_goes_what_hung_on_it_and_nothing_happens_to_it_any_more(world):
    con = opened(written(*world))
    gone = "salesforce.Lead as l where l.IsDeleted and l.MasterRecordId is null"
    assert value(con, f"select count(*) from {gone}") > 10
    for child, column in (("Task", "WhoId"), ("Event", "WhoId"), ("CampaignMember", "LeadId")):
        left = f"""select count(*), count(*) filter (not c.IsDeleted or c.CreatedDate > l.LastModifiedDate)
            from salesforce.{child} as c join (select * from {gone}) as l on l.Id = c.{column}"""
        count, alive = rows(con, left)[0]
        assert alive == 0
        assert count > 0 or child == "Event"
    after = f"""select count(*) from salesforce.LeadHistory as h join (select * from {gone}) as l on l.Id = h.LeadId
        where h.CreatedDate > l.LastModifiedDate"""
    assert value(con, after) == 0


# object of the history, its key, its field in the history, the record's own column
CHAINS = [
    ("Lead", "Status", "Status", "DynamicEnum"),
    ("Lead", "Owner", "OwnerId", "EntityId"),
    ("Lead", "Rejection_Reason__c", "Rejection_Reason__c", "DynamicEnum"),
    ("Contact", "Owner", "OwnerId", "EntityId"),
    ("Contact", "Account", "AccountId", "EntityId"),
    ("Opportunity", "StageName", "StageName", "DynamicEnum"),
    ("Opportunity", "CloseDate", "CloseDate::varchar", "DateOnly"),
    ("Opportunity", "Account", "AccountId", "EntityId"),
]


@pytest.mark.parametrize(("object", "field", "column", "data_type"), CHAINS)
def test_a_history_is_a_chain_that_ends_at_the_value_of_today_and_has_no_row_for_the_first(
    con, object, field, column, data_type
):
    history = "OpportunityFieldHistory" if object == "Opportunity" else f"{object}History"
    chain = f"""
        select
            {object}Id as record, OldValue, NewValue, CreatedDate, lag(NewValue) over w as value_before,
            row_number() over w as n, row_number() over (partition by {object}Id order by CreatedDate desc) as n_back
        from salesforce.{history} where Field = '{field}' and DataType = '{data_type}'
        window w as (partition by {object}Id order by CreatedDate)
    """
    assert value(con, f"select count(*) from ({chain})") > 0
    assert value(con, f"select count(*) from ({chain}) where OldValue is not distinct from NewValue") == 0
    assert value(con, f"select count(*) from ({chain}) where n > 1 and OldValue is distinct from value_before") == 0
    ends = f"""select count(*) from ({chain}) join salesforce.{object} as r on r.Id = record
        where n_back = 1 and NewValue is distinct from r.{column}"""
    assert value(con, ends) == 0
    initial = f"""select count(*) from ({chain}) join salesforce.{object} as r on r.Id = record
        where chain.CreatedDate = r.CreatedDate""".replace(f"({chain})", f"({chain}) as chain")
    assert value(con, initial) == 0


def test_a_change_of_owner_is_written_twice_by_id_and_by_name(con):
    pairs = rows(
        con,
        """
        with named as (select Id, Name from salesforce.User union all select Id, Name from salesforce.Group)
        select i.LeadId, o.Name = t.OldValue and n.Name = t.NewValue
        from salesforce.LeadHistory as i
        join named as o on o.Id = i.OldValue join named as n on n.Id = i.NewValue
        left join salesforce.LeadHistory as t
            on t.LeadId = i.LeadId and t.Field = 'Owner' and t.DataType = 'Text' and t.CreatedDate = i.CreatedDate
        where i.Field = 'Owner' and i.DataType = 'EntityId'
        """,
    )
    by_id = value(con, "select count(*) from salesforce.LeadHistory where Field = 'Owner' and DataType = 'EntityId'")
    by_name = value(con, "select count(*) from salesforce.LeadHistory where Field = 'Owner' and DataType = 'Text'")
    assert len(pairs) == by_id == by_name > 1000
    assert {same for _, same in pairs} == {True}


STAMPS = ["CreatedDate", "LastModifiedDate", "SystemModstamp", "CompletedDateTime", "StartDateTime", "ActivityDateTime"]


@pytest.mark.parametrize("object", PREFIXES)
def test_nothing_comes_after_the_end_or_is_changed_before_it_is_made(con, object):
    columns = {row[0] for row in rows(con, f'select column_name from (describe from salesforce."{object}")')}
    for stamp in columns & set(STAMPS):
        assert value(con, f'select max({stamp}) from salesforce."{object}"') <= value(con, f"select timestamp '{END}'")
    if "SystemModstamp" in columns:
        wrong = f'select count(*) from salesforce."{object}" where {{0}} < CreatedDate or SystemModstamp < {{0}}'
        assert value(con, wrong.format("LastModifiedDate")) == 0


AFTER_ITS = {
    "a change of a lead": "LeadHistory as c join salesforce.Lead as p on p.Id = c.LeadId",
    "a change of a contact": "ContactHistory as c join salesforce.Contact as p on p.Id = c.ContactId",
    "a change of a deal": "OpportunityFieldHistory as c join salesforce.Opportunity as p on p.Id = c.OpportunityId",
    "a role in a deal": "OpportunityContactRole as c join salesforce.Opportunity as p on p.Id = c.OpportunityId",
    "a role of a contact": "OpportunityContactRole as c join salesforce.Contact as p on p.Id = c.ContactId",
    "a deal of a contact": "Opportunity as c join salesforce.Contact as p on p.Id = c.ContactId",
    "a contact of an account": "Contact as c join salesforce.Account as p on p.Id = c.AccountId",
    "a deal of an account": "Opportunity as c join salesforce.Account as p on p.Id = c.AccountId",
    "a task of a lead": "Task as c join salesforce.Lead as p on p.Id = c.WhoId",
    "a task of a contact": "Task as c join salesforce.Contact as p on p.Id = c.WhoId",
    "a meeting with a lead": "Event as c join salesforce.Lead as p on p.Id = c.WhoId",
    "a meeting on a deal": "Event as c join salesforce.Opportunity as p on p.Id = c.WhatId",
    "a member who is a lead": "CampaignMember as c join salesforce.Lead as p on p.Id = c.LeadId",
    "a member of a campaign": "CampaignMember as c join salesforce.Campaign as p on p.Id = c.CampaignId",
}


@pytest.mark.parametrize("what", AFTER_ITS)
def test_nothing_comes_before_what_it_belongs_to(con, what):
    assert value(con, f"select count(*) from salesforce.{AFTER_ITS[what]}") > 50
    # a history row of a record's making, and a role given with the deal, have its own second
    assert value(con, f"select count(*) from salesforce.{AFTER_ITS[what]} where c.CreatedDate < p.CreatedDate") == 0


@pytest.mark.parametrize(
    ("history", "object"),
    [("LeadHistory", "Lead"), ("ContactHistory", "Contact"), ("OpportunityFieldHistory", "Opportunity")],
)
def test_a_record_was_last_modified_no_earlier_than_its_last_change(con, history, object):
    late = f"""select count(*) from salesforce.{history} as h join salesforce.{object} as r on r.Id = h.{object}Id
        where h.CreatedDate > r.LastModifiedDate"""
    assert value(con, late) == 0


def test_closed_and_won_follow_from_the_stage(con):
    stages = rows(
        con, "select distinct StageName, IsClosed, IsWon, Probability, ForecastCategoryName from salesforce.Opportunity"
    )
    assert set(stages) == {
        ("Prospecting", False, False, 10, "Pipeline"),
        ("Proposal", False, False, 50, "Pipeline"),
        ("Negotiation", False, False, 75, "Pipeline"),
        ("Closed Won", True, True, 100, "Closed"),
        ("Closed Lost", True, False, 0, "Omitted"),
    }


def test_a_closed_deal_has_a_close_date_in_the_past_and_an_open_one_in_the_future(con):
    dates = "select count(*) from salesforce.Opportunity where {} and CloseDate {} date '2026-04-01'"
    assert value(con, dates.format("IsClosed", ">")) == 0
    assert value(con, dates.format("not IsClosed", "<")) < 0.1 * value(con, dates.format("not IsClosed", ">="))


def test_a_deal_has_at_most_one_primary_contact_and_each_contact_once(con):
    primary = "select count(*) from salesforce.OpportunityContactRole where IsPrimary group by OpportunityId"
    assert {row[0] for row in rows(con, primary)} == {1}
    twice = "select count(*) - count(distinct (OpportunityId, ContactId)) from salesforce.OpportunityContactRole"
    assert value(con, twice) == 0
    other = """select count(*) from salesforce.OpportunityContactRole as r
        join salesforce.Opportunity as o on o.Id = r.OpportunityId where IsPrimary and r.ContactId <> o.ContactId"""
    assert value(con, other) == 0


def test_some_roles_come_after_the_deal_was_closed(con):
    late = """select count(*) from salesforce.OpportunityContactRole as r join salesforce.OpportunityFieldHistory as h
        on h.OpportunityId = r.OpportunityId and h.NewValue like 'Closed%' and r.CreatedDate > h.CreatedDate"""
    assert value(con, late) >= 5


def test_a_member_of_a_campaign_is_a_lead_or_a_contact_and_once_in_it(con):
    assert value(con, "select count(*) from salesforce.CampaignMember where LeadId is null and ContactId is null") == 0
    wrong = "select count(*) from salesforce.CampaignMember where LeadOrContactId <> coalesce(ContactId, LeadId)"
    assert value(con, wrong) == 0
    wrong = "select count(*) from salesforce.CampaignMember where HasResponded <> (FirstRespondedDate is not null)"
    assert value(con, wrong) == 0
    twice = "select count(*) - count(distinct (CampaignId, coalesce(LeadId, ContactId))) from salesforce.CampaignMember"
    assert value(con, twice) == 0
    late = "FirstRespondedDate > (CreatedDate + interval 2 hour)::date"  # in the company's zone
    assert value(con, f"select count(*) from salesforce.CampaignMember where {late}") == 0


def test_a_task_is_closed_when_it_is_completed_and_a_meeting_has_an_end(con):
    tasks = rows(con, "select distinct Status, IsClosed, CompletedDateTime is not null from salesforce.Task")
    assert set(tasks) == {("Completed", True, True), ("Not Started", False, False)}
    assert value(con, "select count(*) from salesforce.Event where EndDateTime <= StartDateTime") == 0
    subtypes = {row[0] for row in rows(con, "select distinct TaskSubtype from salesforce.Task")}
    assert subtypes == {
        "Call",
        "Email",
        "Cadence",
    }  # https://developer.salesforce.com: of Task, Email, ListEmail, Cadence, Call, LinkedIn
    assert {row[0] for row in rows(con, "select distinct CallType from salesforce.Task")} == {
        None,
        "Inbound",
        "Outbound",
    }


def test_history_is_kept_for_two_years_and_no_longer(tmp_path):
    """domain.md 21: 24 months by the API."""
    from ingest import world

    world.write(tmp_path, people=600, seed=3, pair="salesforce-marketo", faults={}, months=36)
    with opened(tmp_path) as con:
        for history in ("LeadHistory", "ContactHistory", "OpportunityFieldHistory"):
            first = value(con, f"select min(CreatedDate)::varchar from salesforce.{history}")
            assert "2024-03-30" < first < "2024-04-15"
        assert value(con, "select min(CreatedDate)::varchar from salesforce.Lead") < "2023-06"


def test_history_begins_when_tracking_was_switched_on():
    late = (1500, 13, (("history_starts_late", 0.5),))
    with opened(written(1500, 13)) as whole, opened(written(*late)) as con:
        first = value(con, "select min(CreatedDate) from salesforce.LeadHistory")
        assert "2025-06-15" < str(first) < "2025-07-15"  # half of October 2024 to March 2026
        kept = f"select count(*) from salesforce.LeadHistory where CreatedDate >= timestamp '{first}'"
        assert value(con, kept) == value(whole, kept) < value(whole, "select count(*) from salesforce.LeadHistory")
        assert value(con, "select count(*) from salesforce.Lead") == value(
            whole, "select count(*) from salesforce.Lead"
        )
