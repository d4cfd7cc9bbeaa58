"""The rules by which HubSpot's lifecycle stage is written, one by one, on people made by hand."""

import duckdb
import numpy as np
import pytest
from hubspot_worlds import opened, rows, value

from ingest import world
from ingest.world import hubspot_sync, sync

INQUIRY, MQL, SAL, SQL, OPPORTUNITY, WON, RECYCLED, DISQUALIFIED, LOST = range(9)
NEVER = 2**62
END = 1_000_000


def laid_out(events=(), edits=(), marks=(), created_at=0, kind=0, gone_at=END, is_alone=False):
    """A company of one person; events are (stage, moment, synced_at), edits (side, moment, value, writer)."""
    con = duckdb.connect()
    con.execute(f"create macro world_end() as {END}::bigint")
    con.execute("create macro next_poll(moment, n) as (moment // 900 + 1) * 900 + 5")
    con.execute(
        "create table hubspot_people as select 1 as person, ?::bigint as created_at, ? as kind, ?::bigint as gone_at",
        [created_at, kind, gone_at],
    )
    con.execute(
        "create table events (person int, stage int, moment bigint, synced_at bigint, is_copied boolean, deal int,"
        " written varchar)"
    )
    con.execute("create table edits (person int, side int, moment bigint, value varchar, writer varchar)")
    con.execute("create table marks (person int, mark varchar, moment bigint, value varchar)")
    for event in events:
        con.execute("insert into events values (1, ?, ?, ?, true, 1, '')", event)
    for edit in edits:
        con.execute("insert into edits values (1, ?, ?, ?, ?)", edit)
    for mark in marks:
        con.execute("insert into marks values (1, ?, ?, ?)", mark)
    hubspot_sync.lay_out(con, is_alone)
    return con


def written(*args, **kwargs):
    """Moment, value and writer of every change of the person's lifecycle stage."""
    return rows(
        laid_out(*args, **kwargs), "select moment, value, writer from lifecycle_writes order by moment, value <> ''"
    )


def test_forms_and_workflows_set_the_first_stages_at_once_and_the_sync_the_later_ones_when_it_polls():
    assert written([(INQUIRY, 100, 100), (MQL, 500, 950), (SAL, 2000, 2730), (SQL, 5000, 5420)]) == [
        (100, "lead", "FORM"),
        (500, "marketingqualifiedlead", "AUTOMATION_PLATFORM"),
        (2730, "1043550021", "SALESFORCE"),
        (5420, "salesqualifiedlead", "SALESFORCE"),
    ]


def test_a_deal_of_salesforce_makes_an_opportunity_and_then_a_customer():
    assert written([(OPPORTUNITY, 100, 920), (WON, 3000, 3620)]) == [
        (920, "opportunity", "SALESFORCE"),
        (3620, "customer", "SALESFORCE"),
    ]


@pytest.mark.parametrize(
    ("stage", "value"), [(RECYCLED, "1043550022"), (DISQUALIFIED, "1043550023"), (LOST, "1043550024")]
)
def test_an_exit_is_cleared_first_and_set_seconds_later_by_a_workflow(stage, value):
    assert written([(SAL, 100, 920), (stage, 2000, 2730)]) == [
        (920, "1043550021", "SALESFORCE"),
        (2727, "", "AUTOMATION_PLATFORM"),
        (2730, value, "AUTOMATION_PLATFORM"),
    ]


def test_a_step_back_is_cleared_first_too():
    assert written([(SQL, 100, 920), (SAL, 2000, 2730)])[1:] == [
        (2727, "", "AUTOMATION_PLATFORM"),
        (2730, "1043550021", "AUTOMATION_PLATFORM"),
    ]


def test_whoever_comes_back_from_an_exit_goes_forward():
    assert written([(RECYCLED, 100, 920), (MQL, 5000, 5420), (SAL, 8000, 8120)])[1:] == [
        (5000, "marketingqualifiedlead", "AUTOMATION_PLATFORM"),
        (8120, "1043550021", "SALESFORCE"),
    ]


def test_a_workflow_of_marketing_must_clear_as_well():
    assert written([(SAL, 100, 920), (MQL, 5000, 5420)])[1:] == [
        (4997, "", "AUTOMATION_PLATFORM"),
        (5000, "marketingqualifiedlead", "AUTOMATION_PLATFORM"),
    ]


def test_a_person_may_set_a_stage_back_without_clearing_and_picks_it_by_its_label():
    assert written([(SAL, 100, 920)], edits=[(0, 5000, "Recycled", "")])[1:] == [(5000, "1043550022", "CRM_UI")]
    assert written([(SAL, 100, 920)], edits=[(0, 5000, "Nonsense", "")])[1:] == [(5000, "Nonsense", "CRM_UI")]


def test_a_company_pushes_its_stage_forward_and_never_back():
    push = [(0, 5000, "customer", "COMPANIES")]
    assert written([(SAL, 100, 920)], edits=push)[1:] == [(5000, "customer", "COMPANIES")]
    assert written([(SAL, 100, 920)], edits=[(0, 5000, "lead", "COMPANIES")])[1:] == []
    assert written([(WON, 100, 920)], edits=[(0, 5000, "opportunity", "COMPANIES")])[1:] == []
    assert written([], edits=push) == [(5000, "customer", "COMPANIES")]


def test_who_is_outside_of_the_inclusion_list_gets_nothing_from_salesforce_until_they_are_back():
    told = [(SAL, 1000, 1820), (SQL, 5000, 5420), (OPPORTUNITY, 9000, 9920)]
    outside = [("outside_list", 5000, str(NEVER))]
    assert [row[1] for row in written(told, marks=outside)] == ["1043550021"]
    outside = [("outside_list", 5000, "9000")]
    assert [row[1] for row in written(told, marks=outside)] == ["1043550021", "opportunity"]


def test_the_list_stops_nothing_that_hubspot_itself_does():
    outside = [("outside_list", 0, str(NEVER))]
    assert [row[1] for row in written([(MQL, 1000, 1820)], marks=outside)] == ["marketingqualifiedlead"]


def test_of_two_leads_with_one_address_the_one_changed_last_is_followed():
    flips = written([(SAL, 1000, 1820), (SQL, 50_000, 50_420)], marks=[("duplicate_lead", 20_000, "Nurture")])
    assert flips == [
        (1820, "1043550021", "SALESFORCE"),
        (20_702, "", "AUTOMATION_PLATFORM"),
        (20_705, "1043550022", "AUTOMATION_PLATFORM"),
        (50_420, "salesqualifiedlead", "SALESFORCE"),
    ]


def test_what_is_held_already_is_not_written_again():
    assert len(written([(SAL, 1000, 1820), (SAL, 5000, 5420)])) == 1


def test_a_contact_that_comes_late_begins_with_what_holds_by_then():
    assert written([(OPPORTUNITY, 1000, 1820), (LOST, 5000, 5420), (OPPORTUNITY, 9000, 9920)], created_at=7000) == [
        (7000, "1043550024", "SALESFORCE"),
        (9920, "opportunity", "SALESFORCE"),
    ]


def test_a_bought_list_is_imported_as_subscribers():
    assert written([(INQUIRY, 9000, 9000)], created_at=50, kind=1) == [
        (50, "subscriber", "IMPORT"),
        (9000, "lead", "FORM"),
    ]


def test_nothing_is_written_after_the_end_nor_after_the_contact_is_gone():
    assert written([(SAL, END - 60, END + 5)]) == []
    assert len(written([(SAL, 1000, 1820), (SQL, 5000, 5420)], gone_at=5000)) == 1


def test_alone_the_stage_follows_lead_status_by_workflows_and_deals_by_hubspots_own_rule():
    con = laid_out(
        [(MQL, 100, 160), (SAL, 1000, 1090), (OPPORTUNITY, 5000, 5070), (LOST, 9000, 9100)],
        edits=[(1, 2000, "Attempting", "")],
        is_alone=True,
    )
    assert rows(con, "select * exclude (person) from lifecycle_writes order by moment, value <> ''") == [
        (100, "marketingqualifiedlead", "AUTOMATION_PLATFORM"),
        (1090, "1043550021", "AUTOMATION_PLATFORM"),
        (5070, "opportunity", "DEALS"),
        (9097, "", "AUTOMATION_PLATFORM"),
        (9100, "1043550024", "AUTOMATION_PLATFORM"),
    ]
    assert rows(con, "select * exclude (person) from lead_status_writes order by moment") == [
        (160, "NEW", "AUTOMATION_PLATFORM"),
        (1000, "IN_PROGRESS", "CRM_UI"),
        (2000, "Attempting", "CRM_UI"),
        (5000, "OPEN_DEAL", "AUTOMATION_PLATFORM"),
        (9000, "", "AUTOMATION_PLATFORM"),
    ]


def test_beside_salesforce_the_lead_status_is_a_copy():
    con = laid_out([(MQL, 100, 920), (SAL, 1000, 1820), (RECYCLED, 5000, 5420)])
    assert rows(con, "select * exclude (person) from lead_status_writes order by moment") == [
        (920, "NEW", "SALESFORCE"),
        (1820, "IN_PROGRESS", "SALESFORCE"),
        (5420, "BAD_TIMING", "SALESFORCE"),
    ]


def test_every_copy_arrives_by_the_next_poll_but_one_and_well_within_what_is_agreed():
    rng, moments = np.random.default_rng(1), np.arange(0, 900_000, 7)
    for engine, period, agreed in ((sync.HUBSPOT, 900, 1800), (sync.WORKFLOWS, 60, 900)):
        copied = engine.copied_at(rng, moments)
        assert (copied > moments).all()
        assert (copied - moments < agreed).all()
        assert np.mean(copied % period < 120) > 0.8


def test_in_a_world_salesforce_writes_on_the_grid_of_its_polls(tmp_path):
    world.write(tmp_path, people=2000, seed=4, pair="salesforce-hubspot", faults={})
    with opened(tmp_path, "salesforce-hubspot") as con:
        told = (
            "select {} from (select unnest(stages) as change from contacts) where change.sourceType = 'SALESFORCE'"
            " or change.value like '10435500%'"
        )
        since_poll = "epoch(change.timestamp::timestamp) % 900"
        assert value(con, told.format(f"min({since_poll}) >= 5 and max({since_poll}) < 602 and count(*) > 500"))
