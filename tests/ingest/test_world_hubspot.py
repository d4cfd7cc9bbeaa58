"""HubSpot in the simulated company: its records keep the rules of its API, and could be a real portal's."""

import hashlib
from datetime import UTC, datetime

import duckdb
import pytest
from hubspot_worlds import END, opened, rows, value

from ingest import world
from ingest.world import history, hubspot, records

PAIRS = ("salesforce-hubspot", "hubspot")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    cons = {}
    for pair in PAIRS:
        out = tmp_path_factory.mktemp(pair)
        world.write(out, people=8000, seed=11, pair=pair, faults={})
        cons[pair] = opened(out, pair)
    yield cons
    for con in cons.values():
        con.close()


@pytest.fixture(params=PAIRS)
def made(request, worlds):
    """Either pair, and its world."""
    return request.param, worlds[request.param]


@pytest.fixture
def beside(worlds):
    """HubSpot beside Salesforce."""
    return worlds["salesforce-hubspot"]


@pytest.fixture
def alone(worlds):
    """HubSpot as both."""
    return worlds["hubspot"]


def is_alone(pair):
    return pair == "hubspot"


@pytest.mark.parametrize("pair", PAIRS)
def test_the_same_seed_writes_the_same_bytes(tmp_path, pair):
    digests = []
    for name in "ab":
        world.write(tmp_path / name, people=500, seed=5, pair=pair)
        files = sorted((tmp_path / name / "hubspot").iterdir())
        digests.append({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files})
    assert digests[0] == digests[1]
    assert len(digests[0]) == 12


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("people", [1, 3, 40])
def test_a_tiny_world_has_every_object(tmp_path, pair, people):
    world.write(tmp_path, people=people, seed=2, pair=pair)
    assert len(list((tmp_path / "hubspot").glob("*.parquet"))) == 12


@pytest.mark.parametrize("pair", PAIRS)
def test_the_numbers_of_one_block_never_meet_those_of_another(tmp_path, monkeypatch, pair):
    monkeypatch.setattr(history, "BLOCK", 700)
    world.write(tmp_path, people=2000, seed=3, pair=pair)
    folder = tmp_path / "hubspot"
    assert len(list(folder.glob("contacts-*.parquet"))) == 3
    for name in ("owners", "pipelines", "email_campaigns"):
        assert len(list(folder.glob(f"{name}*.parquet"))) == 1
    with duckdb.connect() as con:
        for name in ("contacts", "companies", "email_events", *(("deals", "engagements") if is_alone(pair) else ())):
            ids = f"select count(*), count(distinct id) from '{folder}/{name}-*.parquet'"
            count, distinct = rows(con, ids)[0]
            assert count == distinct > 50, name


@pytest.mark.parametrize("object", ["contacts", "companies", "deals", "owners", "engagements", "email_events"])
def test_ids_are_numbers_as_text_and_unique(made, object):
    pair, con = made
    if object in ("deals", "engagements") and not is_alone(pair):
        assert value(con, f"select count(*) from hubspot_{object}") == 0  # sales works in Salesforce
        return
    count, distinct, shaped = rows(
        con,
        "select count(*), count(distinct id), count(*) filter (regexp_matches(id, '^([1-9][0-9]+|[0-9a-f-]{36})$'))"
        f" from hubspot_{object}",
    )[0]
    assert count == distinct == shaped > 10
    assert value(con, f"select typeof(id) from hubspot_{object} limit 1") == "VARCHAR"


def test_an_address_belongs_to_one_contact_and_stands_in_lower_case(made):
    _, con = made
    assert value(con, "select count(*) - count(distinct email) from contacts where not archived") == 0
    assert value(con, "select count(*) from contacts where email is null or email <> lower(trim(email))") == 0


def test_properties_are_text_as_the_api_gives_them(made):
    pair, con = made
    for object in ("contacts", "companies", *(("deals", "engagements") if is_alone(pair) else ())):
        types = rows(con, f"select column_type from (describe select properties.* from hubspot_{object})")
        assert {kind for (kind,) in types} == {"VARCHAR"}, object
    assert {row[0] for row in rows(con, "select properties.hs_object_id = id from hubspot_contacts")} == {True}


def test_times_are_iso_with_milliseconds_and_lie_between_creation_and_the_end(made):
    pair, con = made
    objects = ("contacts", "companies", *(("deals", "engagements") if is_alone(pair) else ()))
    for object in objects:
        count, shaped, ordered = rows(
            con,
            r"""select count(*), count(*) filter (regexp_matches(createdAt || updatedAt,
                '^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z){2}$')),"""
            f""" count(*) filter (createdAt <= updatedAt and updatedAt::timestamp <= timestamp '{END}')
            from hubspot_{object}""",
        )[0]
        assert count == shaped == ordered > 300, object


TRACKED = {
    "contacts": ("lifecyclestage", "hs_lead_status", "hubspot_owner_id", "hubspotscore"),
    "companies": ("lifecyclestage",),
    "deals": ("dealstage",),
}


@pytest.mark.parametrize(("object", "property"), [(o, p) for o, names in TRACKED.items() for p in names])
def test_a_history_is_newest_first_ends_at_the_current_value_and_lies_within_the_records_life(made, object, property):
    pair, con = made
    if object == "deals" and not is_alone(pair):
        return
    con.execute(f"""
        create or replace temp table history as
        select
            createdAt, updatedAt, properties.{property} as held,
            "propertiesWithHistory".{property} as changes, list_transform(changes, c -> c.timestamp) as times
        from hubspot_{object}
    """)
    assert value(con, "select count(*) from history where len(changes) > 0") > 300
    wrong = {
        "unordered": "times <> list_reverse_sort(list_distinct(times))",
        "another value": "coalesce(held, '') <> coalesce(changes[1].value, '')",
        "before creation": "times[-1] < createdAt",
        "after the update": "times[1] > updatedAt",
        "nothing changed": """len(list_filter(changes, (c, i) -> i < len(changes) and c.value = changes[i + 1].value))
            > 0""",
        "by nobody": "len(list_filter(changes, c -> c.sourceType is null)) > 0",
        "by a person unnamed": """len(list_filter(changes, c -> (c.sourceType = 'CRM_UI')
            <> (c.updatedByUserId is not null and c.sourceId = 'userId:' || c.updatedByUserId))) > 0""",
    }
    for what, condition in wrong.items():
        assert value(con, f"select count(*) from history where {condition}") == 0, what


TYPES = {  # https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide
    ("contact", "company"): {"279", "1"},
    ("deal", "company"): {"341", "5"},
    ("deal", "contact"): {"3"},
    ("contact", "deal"): {"4"},
    ("engagement", "contact"): {"194", "198", "200", "204"},
    ("engagement", "deal"): {"206", "210", "212", "216"},
}


def test_associations_have_the_numbers_of_their_direction_and_point_at_records(made):
    pair, con = made
    defined = "select from_object, to_object, type_id from hubspot_associations where category = 'HUBSPOT_DEFINED'"
    found = {}
    for one, other, number in rows(con, f"{defined} group by all"):
        found.setdefault((one, other), set()).add(number)
    assert found == (TYPES if is_alone(pair) else {("contact", "company"): {"279", "1"}})
    con.execute("""
        create or replace temp table ids as
        select 'contact' as object, id from hubspot_contacts union all select 'company', id from hubspot_companies
        union all select 'deal', id from hubspot_deals union all select 'engagement', id from hubspot_engagements
    """)
    for end in ("from", "to"):
        lost = "select count(*) from hubspot_associations anti join ids on object = {0}_object and id = {0}_id"
        assert value(con, lost.format(end)) == 0
    key = "from_object, from_id, to_object, to_id, type_id"
    assert value(con, f"select count(*) - count(distinct ({key})) from hubspot_associations") == 0
    same = (
        "select count(*) from contacts join hubspot_associations on from_object = 'contact' and from_id = contacts.id"
    )
    assert value(con, f"{same} and to_object = 'company' where to_id <> associatedcompanyid") == 0


def test_every_deal_has_one_primary_contact_and_some_have_a_committee(alone):
    labels = rows(
        alone,
        """select count(*) filter (label = 'Primary'), count(*) filter (category = 'USER_DEFINED')
        from hubspot_deals
        join hubspot_associations on from_object = 'deal' and from_id = id and to_object = 'contact' group by id""",
    )
    assert {primary for primary, _ in labels} == {1}
    assert max(count for _, count in labels) >= 3


def test_references_by_property_and_by_number_point_at_records(made):
    pair, con = made
    references = [
        ("select associatedcompanyid from contacts", "select id from hubspot_companies"),
        ("select hubspot_owner_id from contacts", "select id from hubspot_owners"),
        ("select properties.hubspot_owner_id from hubspot_companies", "select id from hubspot_owners"),
        ("select contact_id from hubspot_form_submissions", "select id from hubspot_contacts"),
        ("select recipient from hubspot_email_events", "select email from contacts"),
        ('select "emailCampaignId" from hubspot_email_events', "select id from hubspot_email_campaigns"),
        ("select contact_id from hubspot_contact_merge_audit", "select id from hubspot_contacts"),
    ]
    if is_alone(pair):
        stages = "select stage.id from (select unnest(stages) as stage from hubspot_pipelines)"
        references += [
            ("select properties.hubspot_owner_id from hubspot_deals", "select id from hubspot_owners"),
            ("select properties.dealstage from hubspot_deals", stages),
            ("select properties.hubspot_owner_id from hubspot_engagements", "select id from hubspot_owners"),
        ]
    else:
        references += [
            ("select salesforceleadid from contacts", "select Id from salesforce_Lead"),
            ("select salesforcecontactid from contacts", "select Id from salesforce_Contact"),
            ("select properties.salesforceaccountid from hubspot_companies", "select Id from salesforce_Account"),
        ]
    for here, there in references:
        column = here.split()[1].strip('"')
        assert value(con, f"select count(*) from ({here}) as t (x) where x is not null") > 30, column
        assert value(con, f"select count(*) from ({here}) as t (x) where x not in ({there})") == 0, column


def test_a_contact_is_linked_to_a_lead_until_it_is_converted_and_then_to_the_contact(beside):
    both = "select count(*) from contacts where salesforceleadid is not null and salesforcecontactid is not null"
    assert value(beside, both) == 0
    stale = "select count(*) from contacts join salesforce_Lead l on l.Id = salesforceleadid where l.IsConverted"
    assert value(beside, f"{stale} and l.LastModifiedDate < timestamp '{END}' - interval 1 day") == 0
    linked = """
        select count(*) filter (coalesce(salesforcecontactid, salesforceleadid) = crm_record_id), count(*)
        from truth_people join contacts on contacts.id = map_record_id::varchar where matched_by = 'link'
    """
    assert len(set(rows(beside, linked)[0])) == 1


def test_a_merge_loser_is_gone_and_its_survivor_names_it(made):
    _, con = made
    losers = "select id, unnest(string_split(hs_merged_object_ids, ';')) as loser, updatedAt from contacts"
    count, audited = rows(
        con,
        f"""select count(*), count(a.vid_to_merge) from ({losers} where hs_merged_object_ids <> '')
        left join hubspot_contact_merge_audit as a on contact_id = id and vid_to_merge = loser
            and a.timestamp <= updatedAt""",
    )[0]
    assert count == audited == value(con, "select count(*) from hubspot_contact_merge_audit") > 50
    living = "select count(*) from contacts join hubspot_contact_merge_audit on vid_to_merge = contacts.id"
    assert value(con, living) == 0
    assert value(con, "select count(*) from contacts where hs_merged_object_ids like '%;%'") > 3
    assert value(con, "select count(*) from contacts where hs_merged_object_ids = ''") == 0
    early = "select count(*) from hubspot_contact_merge_audit join contacts on contacts.id = contact_id"
    assert value(con, f"{early} where timestamp < createdAt") == 0


def test_a_deleted_contact_is_archived_and_does_nothing_from_then_on():
    end = int(datetime(2026, 3, 31, 22, tzinfo=UTC).timestamp())
    with duckdb.connect() as con:
        history.happen(con, 400, 2, {}, end - 18 * world.MONTH, end, "hubspot")
        records.lay_out(con, end - 18 * world.MONTH, end, "hubspot")
        con.execute(
            "update persons set map_deleted_at = created_map_at + 86400 where person % 2 = 0"
            " and created_map_at < world_end() - 86400"
        )
        gone = value(con, "select count(*) from persons where map_deleted_at is not null")
        for name, query in hubspot.exports(con, "hubspot").items():
            con.execute(f"create table export_{name} as {query}")
        archived = """from export_contacts where archived and "archivedAt" = "updatedAt" and
            coalesce("propertiesWithHistory".lifecyclestage[1].timestamp, '') <= "archivedAt" """
        assert value(con, f"select count(*) {archived}") == gone > 150
        assert value(con, 'select count(*) from export_contacts where archived <> ("archivedAt" is not null)') == 0
        for touches, key in (
            ("form_submissions", 'contact_id = contacts.id and "timestamp"'),
            ("email_events", "recipient = properties.email and created"),
        ):
            late = f'select count(*) from export_{touches} join export_contacts as contacts on {key} > "archivedAt"'
            assert value(con, late) == 0


def test_what_hubspot_computes_of_stages_is_what_the_history_says(made):
    """27: of several stays the last counts, and how long a stay lasted is not known while it lasts."""
    _, con = made
    con.execute("""
        create or replace temp table stays as
        select
            id, change.value as stage, change.timestamp::timestamp as entered_at,
            lead(entered_at) over (partition by id order by entered_at) as left_at
        from (select id, unnest(stages) as change from contacts)
    """)
    for stage in ("lead", "marketingqualifiedlead", "1043550021", "opportunity", "1043550022"):
        expected = f"select id, max(entered_at) as last_at from stays where stage = '{stage}' group by id"
        wrong = f"""select count(*), count(*) filter (hs_v2_date_entered_{stage}::timestamp is distinct from last_at)
            from contacts left join ({expected}) using (id)"""
        count, differing = rows(con, wrong)[0]
        assert count > 5000
        assert differing == 0
    in_mql = "from contacts where lifecyclestage = 'marketingqualifiedlead'"
    again = "select id from stays where stage = 'marketingqualifiedlead' group by id having count(*) > 1"
    latest = "hs_v2_latest_time_in_marketingqualifiedlead"
    assert value(con, f"select count({latest}) {in_mql} and id not in ({again})") == 0
    assert value(con, f"select count(*) - count({latest}) {in_mql} and id in ({again})") == 0
    lasted = (
        "select id, sum(epoch(left_at - entered_at)) * 1000 as ms from stays where stage = 'marketingqualifiedlead'"
    )
    sums = f"""select count(*), count(*) filter (hs_v2_cumulative_time_in_marketingqualifiedlead::bigint = ms)
        from contacts join ({lasted} and left_at is not null group by id) using (id)"""
    assert len(set(rows(con, sums)[0])) == 1


def test_every_stage_of_the_truth_stands_in_hubspot_in_time(made):
    pair, con = made
    agreed = 900 if is_alone(pair) else 1800
    arrived = f"""
        with changes as (select id, unnest(stages) as change from contacts),
        lags as (
            select stage, person_id, entered_at,
                min(epoch(change.timestamp::timestamp) - epoch(entered_at)) as lag
            from truth_stages join truth_people as people using (person_id)
            join contacts on contacts.id = people.map_record_id::varchar and contacts.createdAt::timestamp <= entered_at
            left join changes on changes.id = contacts.id and list_contains(stands_for(change.value), stage)
                and change.timestamp::timestamp >= entered_at
            where entered_at < timestamp '{END}' - interval 30 minute group by all
        )
        select count(*) filter (lag = 0), count(*) filter (lag between 1 and {agreed}), count(*)
        from lags where (stage in ('inquiry', 'mql')) = {{}}
    """
    at_once, _, own = rows(con, arrived.replace("{}", "true"))[0]
    assert at_once == own > 5000
    _, in_time, copied = rows(con, arrived.replace("{}", "false"))[0]
    assert in_time == copied > 2500


def test_deals_say_the_same_of_their_stage_in_every_property(alone):
    wrong = """select count(*) from hubspot_deals where
        (properties.hs_is_closed_won = 'true') <> (properties.dealstage = 'closedwon')
        or (properties.hs_is_closed = 'true') <> (properties.dealstage in ('closedwon', 'closedlost'))
        or not regexp_matches(properties.amount, '^[0-9]+\\.[0-9]{2}$')
        or properties.hs_is_closed = 'true' and properties.closedate <> updatedAt"""
    assert value(alone, wrong) == 0
    won = "select avg((properties.dealstage = 'closedwon')::int) from hubspot_deals where createdAt < '2025-09'"
    assert 0.18 < value(alone, won) < 0.35
    assert value(alone, "select count(distinct properties.deal_currency_code) from hubspot_deals") == 2


def test_a_deal_follows_its_stages_in_order(alone):
    order = ["appointmentscheduled", "presentationscheduled", "contractsent", "closedwon"]
    steps = rows(
        alone, 'select list_transform("propertiesWithHistory".dealstage, c -> c.value) as steps from hubspot_deals'
    )
    for (newest_first,) in steps:
        taken = ["closedwon" if step == "closedlost" else step for step in newest_first]
        assert sorted(taken, key=order.index, reverse=True) == taken
        assert taken[-1] == "appointmentscheduled"


def test_contacts_come_by_forms_lists_and_sales_and_most_belong_to_a_company(made):
    _, con = made
    made_by = dict(rows(con, "select hs_object_source, count(*) / sum(count(*)) over () from contacts group by 1"))
    assert 0.7 < made_by["FORM"] < 0.9
    assert 0.04 < made_by["IMPORT"] < 0.12
    assert 0.88 < value(con, "select count(associatedcompanyid) / count(*) from contacts") < 0.97
    assert 2 < value(con, "select count(associatedcompanyid) / count(distinct associatedcompanyid) from contacts") < 12
    sources = dict(rows(con, "select hs_analytics_source, count(*) / sum(count(*)) over () from contacts group by 1"))
    assert len(sources) == 7
    assert sources["ORGANIC_SEARCH"] == max(sources.values())


def test_mails_are_sent_before_they_are_opened_and_opened_more_often_than_clicked(made):
    _, con = made
    kinds = dict(rows(con, "select type, count(*) from hubspot_email_events group by 1"))
    assert set(kinds) == {"SENT", "OPEN", "CLICK"}
    assert kinds["SENT"] >= kinds["OPEN"] > 2 * kinds["CLICK"] > 0
    early = "select count(*) from hubspot_email_events join contacts on email = recipient where created < createdAt"
    assert value(con, early) == 0
    per_mail = """select count(*) filter (type = 'SENT' and created <= opened_at) from hubspot_email_events
        join (select recipient as to_whom, "emailCampaignId" as campaign, max(created) as opened_at
            from hubspot_email_events where type = 'OPEN' group by all)
        on to_whom = recipient and campaign = "emailCampaignId" """
    assert value(con, per_mail) == kinds["SENT"]


def test_salespeople_call_mail_and_meet_and_what_they_only_planned_stays_a_task(alone):
    kinds = dict(rows(alone, "select type, count(*) / sum(count(*)) over () from hubspot_engagements group by 1"))
    assert set(kinds) == {"CALL", "EMAIL", "INCOMING_EMAIL", "MEETING", "TASK"}
    assert kinds["EMAIL"] > kinds["INCOMING_EMAIL"] > 0.01
    assert kinds["CALL"] > kinds["MEETING"] > 0.03
    assert 0.01 < kinds["TASK"] < 0.08
    planned = (
        "select count(*) from hubspot_engagements where (type = 'TASK') <> (properties.hs_task_status is not null)"
    )
    assert value(alone, planned) == 0
    before = """select count(*) from hubspot_engagements as e
        join hubspot_associations on from_object = 'engagement'
        and from_id = e.id and to_object = 'contact' join contacts on contacts.id = to_id
        where e.createdAt < contacts.createdAt"""
    assert value(alone, before) == 0


def test_new_contacts_wait_in_a_queue_before_somebody_owns_them(made):
    pair, con = made
    first = """select owners.type, count(*) from (
            select "propertiesWithHistory".hubspot_owner_id[-1].value as owner from hubspot_contacts
            where properties.hs_v2_date_entered_marketingqualifiedlead is not null
        ) join hubspot_owners as owners on owners.id = owner group by 1"""
    kinds = dict(rows(con, first))
    if is_alone(pair):
        assert kinds["QUEUE"] > kinds["PERSON"] > 100
    else:
        assert set(kinds) == {"PERSON"}  # the sync knows no queues of Salesforce


def test_a_company_is_a_customer_when_one_of_its_people_bought(made):
    _, con = made
    bought = """select count(*) from hubspot_companies where properties.lifecyclestage = 'customer'
        and id not in (select associatedcompanyid from contacts where lifecyclestage = 'customer'
            and associatedcompanyid is not null)"""
    assert value(con, "select count(*) from hubspot_companies where properties.lifecyclestage = 'customer'") > 50
    unseen = value(
        con,
        "select count(*) from truth_stages join truth_people using (person_id) where stage = 'won'"
        " and map_record_id is null",
    )
    assert value(con, bought) <= unseen
    pushed = "select count(*) from (select unnest(stages) as c from contacts) where c.sourceType = 'COMPANIES'"
    assert value(con, pushed) == 0
