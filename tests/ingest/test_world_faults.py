"""What is planted is there, and nothing else: the truth against a second opinion on the exported files."""

import pytest
import yaml
from worlds import OPINION, opened, rows, value

from ingest import world
from ingest.settings import REPOSITORY


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_world_without_faults_has_not_one_mismatch(tmp_path, seed):
    world.write(tmp_path, people=3000, seed=seed, faults={})
    with opened(tmp_path) as con:
        assert rows(con, f"select * from ({OPINION}) where not is_in_flight") == []
        assert value(con, "select count(*) from truth_mismatches") == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_planted_mismatch_that_stands_open_is_in_the_files_with_its_cause_and_time_and_no_other(tmp_path, seed):
    summary = world.write(tmp_path, people=3000, seed=seed)
    with opened(tmp_path) as con:
        found = rows(con, f"select person_id, cause, since from ({OPINION}) where not is_in_flight order by all")
        planted = rows(
            con, "select person_id, cause, parted_at from truth_mismatches where is_open = 'true' order by all"
        )
        in_flight = rows(con, f"select person_id from ({OPINION}) where is_in_flight order by all")
        on_their_way = rows(con, "select person_id from truth_in_flight order by all")
    assert found == planted
    assert sum(summary.open_mismatches.values()) == len(planted) > 30
    assert len(in_flight) >= 1
    assert set(in_flight) <= set(on_their_way)


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_sample_has_a_handful_of_mismatches_of_every_cause(tmp_path, seed):
    found = world.write(tmp_path, people=600, seed=seed).open_mismatches
    assert set(found) == {"conflict", "missing_record", "unmapped_value"}
    assert 8 <= sum(found.values()) <= 16


def test_some_faults_are_healed_by_the_next_change_and_say_when(tmp_path):
    world.write(tmp_path, people=3000, seed=4)
    with opened(tmp_path) as con:
        healed = (
            "select count(*) from truth_mismatches where is_open = 'false' and healed_at > parted_at and fault = '{}'"
        )
        for fault in ("sync_lost_it", "created_late", "typed_instead"):
            assert value(con, healed.format(fault)) >= 2
        assert value(con, "select count(*) - count(distinct person_id) from truth_mismatches") == 0


def test_a_fault_is_planted_at_its_own_rate_and_leaves_the_rest_of_the_world_as_it_was(tmp_path):
    few = world.write(tmp_path / "few", people=3000, seed=9, faults={"conflict": 0.02}).open_mismatches
    many = world.write(tmp_path / "many", people=3000, seed=9, faults={"conflict": 0.2}).open_mismatches
    assert set(few) == set(many) == {"conflict"}
    assert 8 < many["conflict"] / few["conflict"] < 12
    for file in ("crm/contacts.csv", "crm/opportunities.csv", "map/activities.csv", "truth/people.csv"):
        assert (tmp_path / "few" / file).read_bytes() == (tmp_path / "many" / file).read_bytes()


def test_without_faults_every_value_has_a_meaning_in_the_signed_agreement(tmp_path):
    world.write(tmp_path, people=3000, seed=5, faults={})
    agreement = yaml.safe_load((REPOSITORY / "dbt_project" / "agreement" / "v1.yml").read_text())
    values = {source["name"]: set(source.get("values", {})) for source in agreement["stage_sources"]}
    with opened(tmp_path) as con:
        for name, query in {
            "opportunities": "select distinct StageName from crm_opportunity_history",
            "lead_status": "select distinct NewValue from crm_lead_history where Field = 'Status'",
            "lifecycle": "select distinct newValue from map_lifecycle_history",
        }.items():
            assert {row[0] for row in rows(con, query)} == values[name]
        members = {member for team in agreement["teams"].values() for member in team}
        assert {row[0] for row in rows(con, "select Id from crm_users")} == members
        reasons = {row[0] for row in rows(con, "select distinct Rejection_Reason__c from crm_leads")} - {None}
        assert reasons <= set(agreement["rejection_reasons"])
