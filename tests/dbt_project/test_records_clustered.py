"""Who is one person by links of links: the one model that dbt cannot unit-test, for it is written in Python."""

import importlib.util
from pathlib import Path

import duckdb
import pytest

MODELS = Path(__file__).parents[2] / "dbt_project" / "models"


@pytest.fixture(scope="module")
def clustered():
    path = MODELS / "intermediate" / "identity" / "int_records_clustered.py"
    spec = importlib.util.spec_from_file_location("int_records_clustered", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FakeDbt:
    """What the model asks of dbt: its configuration, and two relations."""

    def __init__(self, records: list[int], links: list[tuple[int, int]]):
        self.session = duckdb.connect()
        self.session.execute("create table int_people_unioned (record_rank bigint)")
        self.session.execute("create table int_record_links_found (record_rank bigint, linked_rank bigint)")
        for record in records:
            self.session.execute("insert into int_people_unioned values (?)", [record])
        for link in links:
            self.session.execute("insert into int_record_links_found values (?, ?)", link)

    def config(self, **_):
        """Say nothing."""

    def ref(self, name):
        return self.session.table(name)


@pytest.fixture
def person_of(clustered):
    def person_of(records, links):
        dbt = FakeDbt(records, links)
        found = clustered.model(dbt, dbt.session)
        assert list(found.columns) == ["record_rank", "person_rank"]
        return dict(zip(found["record_rank"].tolist(), found["person_rank"].tolist(), strict=True))

    return person_of


def test_a_record_without_links_is_a_person_of_its_own(person_of):
    assert person_of([1, 2, 3], []) == {1: 1, 2: 2, 3: 3}


def test_records_linked_through_others_are_one_person_named_by_the_earliest(person_of):
    chain = [(6, 5), (5, 4), (4, 2)]
    assert person_of([1, 2, 3, 4, 5, 6], chain) == {1: 1, 2: 2, 3: 3, 4: 2, 5: 2, 6: 2}


def test_a_link_joins_in_both_directions(person_of):
    assert person_of([1, 2, 3], [(1, 3), (3, 2)]) == {1: 1, 2: 1, 3: 1}


def test_everybody_behind_a_shared_mailbox_is_one_person(person_of):
    shared = [(rank, 1) for rank in range(2, 1001)]
    assert set(person_of(list(range(1, 1002)), shared).items()) == {(rank, 1) for rank in range(1, 1001)} | {
        (1001, 1001)
    }


def test_a_pair_that_two_rules_or_both_directions_join_is_joined_once(person_of):
    assert person_of([1, 2, 3], [(1, 2), (2, 1), (1, 2), (1, 2)]) == {1: 1, 2: 1, 3: 3}


def test_as_many_links_of_one_pair_as_overflow_a_byte_still_join_it(person_of):
    assert person_of([1, 2], [(1, 2)] * 256) == {1: 1, 2: 1}


def test_two_chains_that_never_meet_stay_two_persons(person_of):
    assert person_of([1, 2, 3, 4, 5], [(1, 3), (3, 5), (2, 4)]) == {1: 1, 2: 2, 3: 1, 4: 2, 5: 1}


def test_no_records_are_no_persons(person_of):
    assert person_of([], []) == {}
