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
    """What the model asks of dbt: its configuration, and relations."""

    def __init__(self, records: list[int], links: list[tuple], never: list[tuple[int, int]]):
        self.session = duckdb.connect()
        self.session.execute("create table int_people_unioned (record_rank bigint)")
        self.session.execute(
            "create table int_record_links_found"
            " (record_rank bigint, linked_rank bigint, rule_order integer, is_contradicted boolean)"
        )
        self.session.execute(
            "create table int_records_overridden (decision varchar, record_rank bigint, other_rank bigint)"
        )
        for one, other in never:
            for pair in ((one, other), (other, one)):
                self.session.execute("insert into int_records_overridden values ('never', ?, ?)", pair)
        for record in records:
            self.session.execute("insert into int_people_unioned values (?)", [record])
        for link in links:
            record, linked, rule_order, is_contradicted = (*link, *(5, False)[len(link) - 2 :])
            values = [record, linked, rule_order, is_contradicted]
            self.session.execute("insert into int_record_links_found values (?, ?, ?, ?)", values)

    def config(self, **_):
        """Say nothing."""

    def ref(self, name):
        return self.session.table(name)


@pytest.fixture
def cluster(clustered):
    """Record → (person, rank by ids, the record that it is joined to, the rule's order)."""

    def cluster(records, links, never=()):
        dbt = FakeDbt(records, links, never)
        found = clustered.model(dbt, dbt.session)
        assert found.column_names == ["record_rank", "person_rank", "rank_by_ids", "matched_rank", "rule_order"]
        return {row["record_rank"]: tuple(row.values())[1:] for row in found.to_pylist()}

    return cluster


@pytest.fixture
def person_of(cluster):
    return lambda *given: {record: row[0] for record, row in cluster(*given).items()}


@pytest.fixture
def joined_to(cluster):
    return lambda *given: {record: row[2:] for record, row in cluster(*given).items()}


def test_a_record_without_links_is_a_person_of_its_own(person_of):
    assert person_of([1, 2, 3], []) == {1: 1, 2: 2, 3: 3}


def test_records_linked_through_others_are_one_person_named_by_the_earliest(person_of):
    chain = [(6, 5), (5, 4), (4, 2)]
    assert person_of([1, 2, 3, 4, 5, 6], chain) == {1: 1, 2: 2, 3: 3, 4: 2, 5: 2, 6: 2}


def test_a_link_joins_in_both_directions(person_of):
    assert person_of([1, 2, 3], [(1, 3), (3, 2)]) == {1: 1, 2: 1, 3: 1}


def test_a_thousand_records_that_are_linked_to_one_are_one_person(person_of):
    links = [(rank, 1) for rank in range(2, 1001)]
    found = {(rank, 1) for rank in range(1, 1001)} | {(1001, 1001)}
    assert set(person_of(list(range(1, 1002)), links).items()) == found


def test_a_pair_that_two_rules_or_both_directions_join_is_joined_once(person_of):
    assert person_of([1, 2, 3], [(1, 2), (2, 1), (1, 2), (1, 2)]) == {1: 1, 2: 1, 3: 3}


def test_as_many_links_of_one_pair_as_overflow_a_byte_still_join_it(person_of):
    assert person_of([1, 2], [(1, 2)] * 256) == {1: 1, 2: 1}


def test_two_chains_that_never_meet_stay_two_persons(person_of):
    assert person_of([1, 2, 3, 4, 5], [(1, 3), (3, 5), (2, 4)]) == {1: 1, 2: 2, 3: 1, 4: 2, 5: 1}


def test_no_records_are_no_persons(person_of):
    assert person_of([], []) == {}


def test_a_contradicted_link_joins_nobody(person_of):
    assert person_of([1, 2, 3], [(1, 2, 3, True), (2, 3, 3)]) == {1: 1, 2: 2, 3: 2}


def test_a_record_is_joined_by_the_strongest_way_to_the_earliest_and_every_link_that_holds_is_told(joined_to):
    """1 and 2 were merged, 3 and 4 too; only an e-mail holds the two pairs together."""
    links = [(2, 1, 2), (4, 3, 2), (3, 2, 5), (2, 1, 5), (4, 1, 6)]
    assert joined_to([1, 2, 3, 4], links) == {1: (2, 2), 2: (1, 2), 3: (2, 5), 4: (3, 2)}


def test_the_earliest_record_tells_the_strongest_link_to_it(joined_to):
    assert joined_to([1, 2, 3], [(2, 1, 5), (1, 3, 3)])[1] == (3, 3)


def test_a_record_alone_is_joined_to_nothing(joined_to):
    assert joined_to([1, 2, 3], [(2, 3, 5)])[1] == (None, None)


def test_of_equally_strong_links_those_between_earlier_records_hold(joined_to):
    assert joined_to([1, 2, 3], [(3, 2, 5), (3, 1, 5), (2, 1, 5)])[3] == (1, 5)


def test_links_by_ids_are_also_clustered_by_themselves(cluster):
    found = cluster([1, 2, 3, 4], [(2, 1, 5), (3, 2, 4), (4, 3, 6)])
    assert {record: row[:2] for record, row in found.items()} == {1: (1, 1), 2: (1, 2), 3: (1, 2), 4: (1, 4)}


def test_the_order_of_rows_changes_nothing(cluster):
    links = [(3, 1, 5), (3, 2, 5), (2, 1, 5), (4, 3, 3), (4, 1, 5), (6, 5, 1)]
    assert cluster([1, 2, 3, 4, 5, 6], links) == cluster([6, 5, 4, 3, 2, 1], links[::-1])


def test_two_who_are_never_one_person_are_not_even_through_others_and_the_weakest_link_between_them_yields(person_of):
    """1 -merge- 2 -email- 3 -linked- 4, and 5 hangs on 3 by its id."""
    links = [(2, 1, 2), (3, 2, 5), (4, 3, 3), (5, 3, 4)]
    assert person_of([1, 2, 3, 4, 5], links, [(1, 4)]) == {1: 1, 2: 1, 3: 3, 4: 3, 5: 3}


def test_never_wins_over_every_link_between_the_two_themselves(person_of):
    links = [(2, 1, rule) for rule in range(6)]
    assert person_of([1, 2, 3], [*links, (3, 2, 5)], [(1, 2)]) == {1: 1, 2: 2, 3: 2}


def test_one_who_could_go_with_either_goes_where_the_stronger_link_leads(person_of):
    assert person_of([1, 2, 3], [(3, 1, 5), (3, 2, 3)], [(1, 2)]) == {1: 1, 2: 2, 3: 2}
    assert person_of([1, 2, 3], [(3, 1, 3), (3, 2, 5)], [(1, 2)]) == {1: 1, 2: 2, 3: 1}


def test_what_was_joined_before_takes_its_strangers_along(person_of):
    """3 joins 1 and 4 joins 2 before anything joins 3 and 4, or the later 5 with both."""
    links = [(3, 1, 2), (4, 2, 2), (4, 3, 3), (5, 4, 4), (5, 3, 5)]
    assert person_of([1, 2, 3, 4, 5], links, [(1, 2)]) == {1: 1, 2: 2, 3: 1, 4: 2, 5: 2}


def test_several_who_are_all_strangers_to_each_other_stay_apart(person_of):
    links = [(b, a, 5) for a in range(1, 5) for b in range(a + 1, 5)]
    assert person_of([1, 2, 3, 4], links, [(1, 2), (1, 3), (2, 3)]) == {1: 1, 2: 2, 3: 3, 4: 1}


def test_persons_of_whom_nothing_was_decided_are_as_before(cluster):
    links = [(2, 1, 5), (3, 2, 5), (5, 4, 3), (6, 4, 5)]
    undecided, decided = cluster(range(1, 7), links), cluster(range(1, 7), links, [(1, 3)])
    assert {record: decided[record] for record in (4, 5, 6)} == {record: undecided[record] for record in (4, 5, 6)}
    assert decided[3] == (3, 3, None, None)


def test_a_never_of_two_whom_nothing_joins_changes_nothing(cluster):
    assert cluster([1, 2, 3], [(2, 1, 5)], [(1, 3)]) == cluster([1, 2, 3], [(2, 1, 5)])
