"""The simulated company: one seed is one world, its records could be real, and its people behave like people."""

import hashlib
from datetime import UTC, datetime

import pytest
from worlds import END, opened, rows, value

from ingest import world
from ingest.settings import Settings
from ingest.systems import files


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    world.write(folder, people=6000, seed=11, faults={})
    return folder


@pytest.fixture(scope="module")
def con(out):
    with opened(out) as con:
        yield con


def digests(folder):
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.rglob("*") if f.is_file()
    }


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(tmp_path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        world.write(tmp_path / name, people=800, seed=seed)
    a, b, c = (digests(tmp_path / name) for name in "abc")
    assert len(a) == 22
    assert a == b
    same = {file for file in a if a[file] == c[file]}
    assert same == {"sources.yml", "crm/users.csv", "crm/campaigns.csv", "map/programs.csv"}


@pytest.mark.parametrize("people", [1, 3, 40])
def test_a_tiny_world_is_a_world(tmp_path, people):
    summary = world.write(tmp_path, people=people, seed=2)
    assert summary.rows["truth/people.csv"] == people


def test_an_earlier_end_ends_the_world_earlier(tmp_path):
    world.write(tmp_path, people=300, seed=2, ends_at=datetime(2025, 6, 30, 22, tzinfo=UTC), months=6)
    with opened(tmp_path) as con:
        assert value(con, "select max(activityDate) from map_activities") <= "2025-06-30T22:00:00Z"
        assert value(con, "select min(createdAt) from map_people") >= "2024-12-29"


def test_an_unknown_fault_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no such fault: conflicts; there are conflict"):
        world.write(tmp_path, people=10, seed=1, faults={"conflicts": 0.1})


def test_the_files_connect_by_their_sources_yml_with_no_row_rejected(out, tmp_path, monkeypatch):
    monkeypatch.setenv("ONEFUNNEL_DATA", str(tmp_path))
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(out / "sources.yml"))
    result = files.load(Settings())
    tables = [table for system in result.systems.values() for table in system.tables.values()]
    assert sum(table.rejected for table in tables) == 0
    with opened(out) as con:
        leads, contacts, changes = (
            value(con, f"select count(*) from {t}") for t in ("crm_leads", "crm_contacts", "crm_lead_history")
        )
    assert result.systems["crm"].tables["people"].landed == leads + contacts
    assert result.systems["crm"].tables["field_changes"].landed == changes


def test_nothing_happens_after_the_end(con):
    columns = rows(
        con, "select table_name, column_name from information_schema.columns where column_name <> 'CloseDate'"
    )
    seen = 0
    for table, column in columns:
        latest = value(con, f"""select max("{column}") from {table} where "{column}" like '20__-__-__T%Z'""")
        seen += latest is not None
        assert latest is None or latest <= END, (table, column)
    assert seen == 27


BEFORE_BEGINNING = {
    "a change of a lead": "from crm_lead_history h join crm_leads l on l.Id = h.LeadId"
    " where h.CreatedDate < l.CreatedDate",
    "an update of a lead": "from crm_leads where LastModifiedDate < CreatedDate",
    "a change of a deal": "from crm_opportunity_history h join crm_opportunities o on o.Id = h.OpportunityId"
    " where h.CreatedDate < o.CreatedDate or h.CreatedDate > o.LastModifiedDate",
    "the close of a deal": "from crm_opportunities where Closed_At__c < CreatedDate",
    "a role": "from crm_opportunity_contact_roles r join crm_opportunities o on o.Id = r.OpportunityId"
    " join crm_contacts c on c.Id = r.ContactId where r.CreatedDate < o.CreatedDate or r.CreatedDate < c.CreatedDate",
    "a contact of an account": "from crm_contacts c join crm_accounts a on a.Id = c.AccountId"
    " where c.CreatedDate < a.CreatedDate",
    "a task": "from crm_tasks t join (select Id, CreatedDate from crm_leads union all select Id, CreatedDate"
    " from crm_contacts) r on r.Id = t.WhoId where t.CreatedDate < r.CreatedDate",
    "a lifecycle change": "from map_lifecycle_history h join map_people p on p.id = h.leadId"
    " where h.activityDate < p.createdAt",
    "a score": "from map_score_history h join map_people p on p.id = h.leadId where h.activityDate < p.createdAt",
    "a touch": "from map_activities h join map_people p on p.id = h.leadId where h.activityDate < p.createdAt",
    "a stage": "from truth_stages s join truth_people p using (person_id) where s.entered_at < p.known_at",
}


@pytest.mark.parametrize("what", BEFORE_BEGINNING)
def test_nothing_comes_before_its_record(con, what):
    everything = BEFORE_BEGINNING[what].split(" where ")[0]
    assert value(con, f"select count(*) {everything}") > 100
    assert value(con, f"select count(*) {BEFORE_BEGINNING[what]}") == 0


REFERENCES = [
    ("crm_lead_history", "LeadId", "crm_leads", "Id"),
    ("crm_leads", "ConvertedContactId", "crm_contacts", "Id"),
    ("crm_leads", "ConvertedAccountId", "crm_accounts", "Id"),
    ("crm_leads", "ConvertedOpportunityId", "crm_opportunities", "Id"),
    ("crm_leads", "MasterRecordId", "crm_leads", "Id"),
    ("crm_leads", "OwnerId", "crm_users", "Id"),
    ("crm_contacts", "AccountId", "crm_accounts", "Id"),
    ("crm_contacts", "Marketing_Id__c", "map_people", "id"),
    ("crm_opportunities", "AccountId", "crm_accounts", "Id"),
    ("crm_opportunities", "ContactId", "crm_contacts", "Id"),
    ("crm_opportunities", "OwnerId", "crm_users", "Id"),
    ("crm_opportunity_history", "OpportunityId", "crm_opportunities", "Id"),
    ("crm_opportunity_contact_roles", "ContactId", "crm_contacts", "Id"),
    ("crm_tasks", "WhatId", "crm_opportunities", "Id"),
    ("crm_tasks", "OwnerId", "crm_users", "Id"),
    ("map_people", "sfdcLeadId", "crm_leads", "Id"),
    ("map_people", "sfdcContactId", "crm_contacts", "Id"),
    ("map_lifecycle_history", "leadId", "map_people", "id"),
    ("map_score_history", "leadId", "map_people", "id"),
    ("map_activities", "leadId", "map_people", "id"),
    ("map_activities", "programId", "map_programs", "id"),
]


@pytest.mark.parametrize(("table", "column", "other", "key"), REFERENCES)
def test_every_reference_points_at_a_record(con, table, column, other, key):
    assert value(con, f"select count({column}) from {table}") > 0
    lost = f"select count(*) from {table} where {column} not in (select {key} from {other})"
    assert value(con, lost) == 0


@pytest.mark.parametrize(
    "table", ["leads", "contacts", "accounts", "opportunities", "lead_history", "tasks", "campaigns"]
)
def test_ids_of_the_crm_are_eighteen_characters_and_unique(con, table):
    count, ids, shortest, longest = rows(
        con, f"select count(*), count(distinct Id), min(length(Id)), max(length(Id)) from crm_{table}"
    )[0]
    assert (ids, shortest, longest) == (count, 18, 18)


def test_histories_are_whole_and_end_at_the_current_value(con):
    broken = """
        select count(*) from (
            select {old} is distinct from lag({new}) over history as is_broken from {table} where {which}
            window history as (partition by {record} order by {at}, {id})
        ) where is_broken
    """
    crm = {"old": "OldValue", "new": "NewValue", "record": "LeadId", "at": "CreatedDate", "id": "Id"}
    mapped = {"old": "oldValue", "new": "newValue", "record": "leadId", "at": "activityDate", "id": "id"}
    for field in ("Status", "Owner"):
        assert value(con, broken.format(table="crm_lead_history", which=f"Field = '{field}'", **crm)) == 0
    for table in ("map_lifecycle_history", "map_score_history"):
        assert value(con, broken.format(table=table, which="true", **mapped)) == 0
    deals = {"old": "OldStageName", "new": "StageName", "record": "OpportunityId", "at": "CreatedDate", "id": "Id"}
    assert value(con, broken.format(table="crm_opportunity_history", which="true", **deals)) == 0
    ends = [
        "select count(*) from crm_leads l left join (select LeadId, arg_max(NewValue, CreatedDate) v"
        " from crm_lead_history where Field = 'Status' group by 1) h on h.LeadId = l.Id"
        " where l.Status is distinct from v",
        "select count(*) from map_people p left join (select leadId, arg_max(newValue, activityDate) v"
        " from map_lifecycle_history group by 1) h on h.leadId = p.id where p.lifecycleStage is distinct from v",
        "select count(*) from crm_opportunities o left join (select OpportunityId, arg_max(StageName, CreatedDate) v"
        " from crm_opportunity_history group by 1) h on h.OpportunityId = o.Id where o.StageName is distinct from v",
    ]
    assert [value(con, query) for query in ends] == [0, 0, 0]


def test_a_converted_lead_has_contact_account_opportunity_and_the_local_date(con):
    wrong = """
        select count(*) from crm_leads left join crm_opportunities o on o.Id = ConvertedOpportunityId
        where IsConverted = 'true' and (
            ConvertedContactId is distinct from o.ContactId or ConvertedAccountId is distinct from o.AccountId
            or ConvertedDate is distinct from
                strftime((o.CreatedDate::timestamptz at time zone 'Europe/Berlin')::date, '%Y-%m-%d')
        )
    """
    assert value(con, "select count(*) from crm_leads where IsConverted = 'true'") > 200
    assert value(con, wrong) == 0


def test_a_merge_loser_says_into_whom_and_when(con):
    losers = rows(
        con,
        "select count(*), count(*) filter (l.IsDeleted = 'true' and l.LastModifiedDate > l.CreatedDate"
        " and lower(trim(l.Email)) = lower(trim(w.Email)) and w.IsDeleted = 'false')"
        " from crm_leads l join crm_leads w on w.Id = l.MasterRecordId",
    )[0]
    assert losers[0] > 10
    assert losers[0] == losers[1]


def test_people_known_to_both_systems_can_be_matched_the_way_the_truth_says(con):
    pairs = """
        create or replace temp table pairs as
        select
            matched_by, p.person_id, m.sfdcLeadId is not distinct from p.crm_lead_id as is_lead_linked,
            c.Marketing_Id__c = m.id as is_contact_linked, m.externalId as map_external,
            coalesce(c.External_Id__c, l.External_Id__c) as crm_external,
            lower(trim(coalesce(c.Email, l.Email))) = lower(trim(m.email)) as is_same_email
        from truth_people p join map_people m on m.id = p.map_record_id
        left join crm_leads l on l.Id = p.crm_lead_id left join crm_contacts c on c.Id = p.crm_contact_id
        where matched_by is not null
    """
    con.execute(pairs)
    found = dict(
        rows(
            con,
            """select matched_by, count(*) filter (case matched_by
                when 'link' then is_lead_linked or is_contact_linked
                when 'email' then is_same_email and map_external is null
                else crm_external = map_external end) / count(*) from pairs group by 1""",
        )
    )
    assert found == {"link": 1, "email": 1, "external_id": 1}
    assert value(con, "select count(*) from pairs where matched_by = 'external_id' and not is_same_email") > 40
    # nobody is mistaken for somebody else
    assert value(con, "select count(*) - count(distinct lower(trim(email))) from map_people") == 0


def test_emails_are_invented_and_need_normalising(con):
    assert (
        value(con, "select count(*) from map_people where not regexp_matches(trim(lower(email)), '\\.example$')") == 0
    )
    for form in ("Email <> trim(Email)", "Email = upper(Email)", "Email like '%+%'"):
        assert value(con, f"select count(*) from crm_leads where {form}") > 20


def test_the_sync_copies_every_change_of_the_crm_within_half_an_hour_and_nothing_else(con):
    late = """
        select count(*) filter (lag between 1 and 1799), count(*) from (
            select epoch(h.activityDate::timestamptz) - epoch(max(s.entered_at)::timestamptz) as lag
            from map_lifecycle_history h join truth_people p on p.map_record_id = h.leadId
            join truth_stages s on s.person_id = p.person_id and s.entered_at <= h.activityDate
            where h.source = 'sync' group by h.id, h.activityDate
        )
    """
    in_time, copies = rows(con, late)[0]
    assert in_time == copies
    entered = value(con, "select count(*) from truth_stages where stage not in ('inquiry', 'mql')")
    on_their_way = value(con, "select count(*) from truth_in_flight where stage <> 'mql'")
    assert copies == entered - on_their_way


def test_what_the_truth_calls_recorded_stands_in_the_system_at_that_moment(con):
    seen = """
        select count(*), count(*) filter (h.id is not null or l.Id is not null or o.Id is not null)
        from truth_stages s join truth_people p using (person_id)
        left join map_lifecycle_history h on s.source = 'lifecycle' and h.leadId = p.map_record_id
            and h.activityDate = s.entered_at
        left join crm_lead_history l on s.source = 'lead_status' and l.LeadId = p.crm_lead_id and l.Field = 'Status'
            and l.CreatedDate = s.entered_at
        left join crm_opportunity_history o on s.source = 'opportunities' and o.OpportunityId = s.opportunity_id
            and o.CreatedDate = s.entered_at
        where s.is_recorded = 'true'
    """
    stages, found = rows(con, seen)[0]
    assert stages > 8000
    assert found == stages


def test_whoever_qualifies_crossed_the_score_or_asked_for_a_demo_and_nobody_else_did(con):
    ruled = """
        with signals as (
            select leadId, activityDate as seen from map_score_history where newValue::int >= 65 and oldValue::int < 65
            union all select leadId, activityDate from map_activities where activityTypeId = '2' and programId = '1001'
        ),
        mqls as (select leadId, activityDate from map_lifecycle_history where newValue = 'MQL')
        select
            (select count(*) from mqls), (select count(*) from signals),
            (select count(*) from mqls m join signals s on s.leadId = m.leadId
                and epoch(m.activityDate::timestamptz) - epoch(s.seen::timestamptz) between 0 and 10)
    """
    mqls, signals, together = rows(con, ruled)[0]
    assert mqls > 1000
    assert mqls == signals == together
