"""A world is its seed: the same files again, at any size, in any shape, in one part or in several."""

import hashlib
from datetime import UTC, datetime

import pytest
from worlds import opened, rows, value

from ingest import world
from ingest.world import history

SALESFORCE = {"Lead", "LeadHistory", "Contact", "ContactHistory", "Account", "Opportunity", "OpportunityFieldHistory"}
SALESFORCE |= {"OpportunityContactRole", "Campaign", "CampaignMember", "Task", "Event", "User", "Group"}
MARKETO = {"leads", "activities", "activity_types", "programs", "program_members", "campaigns"}


def make(out, people, seed, pair="salesforce-marketo", **more):
    return world.write(out, people=people, seed=seed, pair=pair, **more)


def digests(folder):
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.rglob("*") if f.is_file()
    }


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(tmp_path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        make(tmp_path / name, people=800, seed=seed)
    a, b, c = (digests(tmp_path / name) for name in "abc")
    files = {f"salesforce/{name}.parquet" for name in SALESFORCE} | {f"marketo/{name}.parquet" for name in MARKETO}
    assert files < set(a)
    assert a == b
    company = {"salesforce/User", "salesforce/Group", "salesforce/Campaign"}
    company |= {"marketo/activity_types", "marketo/programs", "marketo/campaigns"}
    assert {file for file in a if a[file] == c[file]} == {"sources.yml"} | {f"{name}.parquet" for name in company}


@pytest.mark.parametrize("people", [1, 3, 50])
@pytest.mark.parametrize("faults", [None, {"history_starts_late": 0.5}])
def test_a_tiny_world_is_a_world(tmp_path, people, faults):
    summary = make(tmp_path, people=people, seed=2, faults=faults)
    assert summary.rows["truth/people"] == people
    assert {file.stem for file in (tmp_path / "salesforce").iterdir()} == SALESFORCE | {"extractions"}


def test_an_earlier_end_ends_the_world_earlier(tmp_path):
    make(tmp_path, people=300, seed=2, ends_at=datetime(2025, 6, 30, 22, tzinfo=UTC), months=6)
    with opened(tmp_path) as con:
        assert value(con, "select max(activityDate) from marketo.activities") <= datetime(2025, 6, 30, 22)
        assert value(con, "select min(createdAt) from marketo.leads") >= datetime(2024, 12, 29)
        ends = rows(con, "select distinct complete_through from marketo.extractions")
    assert ends == [(datetime(2025, 6, 30, 22),)]


def test_an_unknown_fault_and_an_unknown_pair_are_refused(tmp_path):
    with pytest.raises(ValueError, match="no such fault: conflicts; there are back_dated_close, collision, conflict"):
        make(tmp_path, people=10, seed=1, faults={"conflicts": 0.1})
    with pytest.raises(ValueError, match="no such pair: salesforce-pardot; there are salesforce-marketo"):
        make(tmp_path, people=10, seed=1, pair="salesforce-pardot")


@pytest.mark.parametrize("shape", ["csv", "jsonl"])
def test_every_shape_holds_the_same_rows(tmp_path, shape):
    rows_written = make(tmp_path / shape, people=200, seed=3, shape=shape).rows
    assert rows_written == make(tmp_path / "parquet", people=200, seed=3).rows
    with opened(tmp_path / "parquet") as con:
        read = {"csv": "read_csv", "jsonl": "read_json"}[shape]
        for folder, object, key in (("salesforce", "LeadHistory", "Id"), ("marketo", "activities", "marketoGUID")):
            file = tmp_path / shape / folder / f"{object}.{shape}"
            again = f"select {key}::varchar from {read}('{file}')"
            assert value(con, f"select count(*) from ({again})") == rows_written[f"{folder}/{object}"] > 0
            assert value(con, f"select count(*) from ({again} except select {key} from {folder}.{object})") == 0


def test_the_extractor_noted_how_many_rows_there_were(tmp_path):
    summary = make(tmp_path, people=100, seed=4)
    with opened(tmp_path) as con:
        for folder in ("salesforce", "marketo"):
            noted = dict(rows(con, f"select object, rows_at_source from {folder}.extractions"))
            assert noted == {name.split("/")[1]: n for name, n in summary.rows.items() if name.startswith(folder)}


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory):
    """A thousand people in blocks of 300."""
    out = tmp_path_factory.mktemp("parts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "BLOCK", 300)
        summary = make(out, people=1000, seed=7)
    with opened(out) as con:
        yield out, summary, con


KEYS = [("salesforce", object, "Id") for object in sorted(SALESFORCE)]
KEYS += [("marketo", "leads", "id"), ("marketo", "activities", "marketoGUID"), ("marketo", "programs", "id")]
KEYS += [("marketo", "program_members", "(programId, leadId)"), ("truth", "people", "person_id")]


@pytest.mark.parametrize(("folder", "object", "key"), KEYS)
def test_ids_are_unique_over_the_parts_of_a_big_world(in_parts, folder, object, key):
    _, _, con = in_parts
    count, ids = rows(con, f'select count(*), count(distinct {key}) from {folder}."{object}"')[0]
    assert count == ids > 0


def test_a_big_world_is_written_in_parts_of_the_same_columns_and_types(in_parts):
    out, summary, con = in_parts
    assert summary.rows["truth/people"] == 1000
    of_all = {"User", "Group", "Campaign", "activity_types", "programs", "campaigns", "extractions"}
    for folder in ("salesforce", "marketo", "truth"):
        for object in {file.stem.split("-")[0] for file in (out / folder).iterdir()}:
            names = [f"{object}.parquet"] if object in of_all else [f"{object}-{n:04d}.parquet" for n in (1, 2, 3, 4)]
            parts = sorted(p for p in (out / folder).iterdir() if p.stem.split("-")[0] == object)
            assert [part.name for part in parts] == names
            columns = {tuple(rows(con, f"select column_name, column_type from (describe from '{p}')")) for p in parts}
            assert len(columns) == 1, object


def test_a_smaller_world_written_over_a_big_one_leaves_nothing_of_it(tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "BLOCK", 60)
        make(tmp_path, people=100, seed=7)
    summary = make(tmp_path, people=50, seed=7)
    assert len(list((tmp_path / "salesforce").glob("Lead*.parquet"))) == 2  # Lead and LeadHistory
    with opened(tmp_path) as con:
        assert value(con, "select count(*) from truth.people") == summary.people == 50


def test_the_parts_of_a_big_world_are_not_the_same_people_again(in_parts):
    _, _, con = in_parts
    same = "select count(*) - count(distinct (first_at)) from (select known_at as first_at from truth.people)"
    assert value(con, same) < 100  # lists are imported in one go


@pytest.mark.parametrize(
    ("child", "column", "parent", "key"),
    [
        ("salesforce.LeadHistory", "LeadId", "salesforce.Lead", "Id"),
        ("salesforce.Contact", "AccountId", "salesforce.Account", "Id"),
        ("salesforce.Opportunity", "ContactId", "salesforce.Contact", "Id"),
        ("salesforce.OpportunityContactRole", "OpportunityId", "salesforce.Opportunity", "Id"),
        ("salesforce.Task", "WhatId", "salesforce.Opportunity", "Id"),
        ("salesforce.CampaignMember", "CampaignId", "salesforce.Campaign", "Id"),
        ("marketo.program_members", "leadId", "marketo.leads", "id"),
    ],
)
def test_references_stay_within_a_part_or_point_at_what_the_whole_company_has(in_parts, child, column, parent, key):
    out, _, con = in_parts
    lost = "select count(*), count(*) filter ({0} not in (select {1} from '{2}')) from '{3}' where {0} is not null"
    for n in range(1, 5):
        files = [out / f"{name.replace('.', '/')}-{n:04d}.parquet" for name in (parent, child)]
        if not files[0].exists():  # of the whole company
            files[0] = files[0].with_name(f"{parent.split('.')[1]}.parquet")
        count, missing = rows(con, lost.format(column, key, *files))[0]
        assert count > 0
        assert missing == 0
