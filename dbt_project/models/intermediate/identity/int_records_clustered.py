"""Records that are linked, directly or through others, are one person, held together by the strongest of their links.

Which links there are, and how strong each is, is decided in SQL; here is only what needs a library: spanning trees.
"""

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

LAST_ID_RULE = 4
STRONGEST_FIRST = """
    select
        least(record_rank, linked_rank) as earlier, greatest(record_rank, linked_rank) as later,
        min(rule_order) as rule_order
    from links
    where not is_contradicted
    group by all
    order by rule_order, later, earlier
"""
NEVER = """
    select record_rank, other_rank from overrides
    where decision = 'never' and record_rank < other_rank
    order by all
"""


def model(dbt, session):
    """One row per record: `record_rank`; `person_rank`, the smallest of its person; the record that it is joined by.

    Every record but a person's earliest is joined by the link that leads to the earliest; that one by its strongest.
    `rank_by_ids` is the `person_rank` that the rules which compare ids give by themselves.
    """
    dbt.config(materialized="table")
    links = dbt.ref("int_record_links_found").query("links", STRONGEST_FIRST).fetchnumpy()
    size = dbt.ref("int_people_unioned").aggregate("coalesce(max(record_rank), 0)").fetchone()[0] + 1
    ends = np.stack([links["earlier"], links["later"]]).astype(np.int64)
    never = dbt.ref("int_records_overridden").query("overrides", NEVER).fetchnumpy()
    holds = _holding(ends, np.stack([never["record_rank"], never["other_rank"]]).astype(np.int64), size)
    ends, rule_order = ends[:, holds], links["rule_order"][holds]
    person = _smallest_of_component(ends, size)
    link = _joining_link(ends, person)
    is_alone = (link < 0)[1:]
    rank = np.arange(size)
    other = np.where(link < 0, 0, np.append(ends.sum(axis=0), 0)[link] - rank)
    strength = np.append(rule_order, 0)[link]
    return pa.table(
        {
            "record_rank": rank[1:],
            "person_rank": person[1:],
            "rank_by_ids": _smallest_of_component(ends[:, rule_order <= LAST_ID_RULE], size)[1:],
            "matched_rank": pa.array(other[1:], mask=is_alone),
            "rule_order": pa.array(strength[1:], mask=is_alone),
        }
    )


def _graph(ends: np.ndarray, weights: np.ndarray, size: int) -> coo_array:
    return coo_array((weights, tuple(ends)), shape=(size, size))


def _smallest_of_component(ends: np.ndarray, size: int) -> np.ndarray:
    """Of each record the smallest that it hangs together with; record 0 does not exist."""
    _, component = connected_components(_graph(ends, np.ones(ends.shape[1], dtype=np.int32), size), directed=False)
    smallest = np.full(size, size, dtype=np.int64)
    np.minimum.at(smallest, component[1:], np.arange(1, size))
    return np.append(0, smallest[component[1:]])


def _holding(ends: np.ndarray, never: np.ndarray, size: int) -> np.ndarray:
    """Which links hold: all, but in what a `never` would tear only those that join no two who are to be kept apart."""
    person = _smallest_of_component(ends, size)
    torn = np.unique(person[never[0]][person[never[0]] == person[never[1]]])
    holds = ~np.isin(person[ends[0]], torn)
    whole = {record: record for record in np.flatnonzero(np.isin(person, torn)).tolist()}
    strangers = {record: set() for record in whole}
    for one, other in never.T.tolist():
        if one in whole and other in whole:
            strangers[one].add(other)
            strangers[other].add(one)
    for link in np.flatnonzero(~holds).tolist():  # the strongest first
        one, other = (_whole(whole, end) for end in ends[:, link].tolist())
        if one == other or not any(_whole(whole, stranger) == other for stranger in strangers[one]):
            holds[link] = True
            whole[other] = one
            strangers[one] |= strangers[other]
    return holds


def _whole(whole: dict[int, int], record: int) -> int:
    """The record that stands for all that are joined to this one so far."""
    while whole[record] != record:
        whole[record] = record = whole[whole[record]]
    return record


def _joining_link(ends: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Of each record the number of the link that joins it, -1 where none does; `ends` are sorted, strongest first."""
    size, count = len(person), ends.shape[1]
    # every weight is another, so that there is one tree only; none is 0, which would be no link
    tree = minimum_spanning_tree(_graph(ends, np.arange(1.0, count + 1), size).tocsr()).tocoo()
    link, earlier, later = tree.data.astype(np.int64) - 1, tree.row, tree.col
    # from record 0 to every person's earliest, so that one walk passes through all of them
    earliest = np.unique(person[1:])
    walked = np.stack([np.append(earlier, np.zeros_like(earliest)), np.append(later, earliest)])
    before = breadth_first_order(
        _graph(walked, np.ones(walked.shape[1]), size).tocsr(), 0, directed=False, return_predecessors=True
    )[1]
    joining = np.full(size, count, dtype=np.int64)
    joining[np.where(before[later] == earlier, later, earlier)] = link
    for end in (earlier, later):
        is_earliest = person[end] == end
        np.minimum.at(joining, end[is_earliest], link[is_earliest])
    return np.where(joining == count, -1, joining)
