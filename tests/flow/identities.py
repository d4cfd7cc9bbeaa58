"""Who is one person, as the models say and as only the world knows: over pairs of records, by rule and in all."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.flow.conftest import EXAMPLES

MODELS = ("+int_people_matched", "+identity_reviews")

JUDGED = """
create temp table judged as
select records.record_rank, records.person_id as found_id, truth.person_id as true_id
from intermediate.int_people_matched as records
inner join read_parquet($records) as truth using (system, record_id);

create temp table pairs as
select one.record_rank, other.record_rank as other_rank, one.true_id = other.true_id as is_right
from judged as one
inner join judged as other on one.found_id = other.found_id and one.record_rank < other.record_rank
"""
BY_RULE = """
select rule, count(*), count(*) filter (one.true_id = other.true_id)
from (
    select distinct rule, least(record_rank, linked_rank) as one, greatest(record_rank, linked_rank) as other
    from intermediate.int_record_links_found where not is_contradicted
) as links
inner join judged as one on links.one = one.record_rank
inner join judged as other on links.other = other.record_rank
group by rule order by rule
"""
BY_LIKENESS = """
select count(*), count(*) filter (one.true_id = other.true_id)
from intermediate.int_pairs_reviewed as pairs
inner join judged as one on pairs.person_rank = one.record_rank
inner join judged as other on pairs.other_rank = other.record_rank
where pairs.is_merged
"""
# pairs of records that truly are one person, are not joined, and will be once the reviews are decided rightly
FOR_REVIEW = """
with sizes as (select found_id, true_id, count(*) as records from judged group by all)
select coalesce(sum(one.records * other.records), 0)
from (select distinct person_id, other_person_id from marts.identity_reviews where kind = 'probable') as reviews
inner join sizes as one on reviews.person_id = one.found_id
inner join sizes as other on reviews.other_person_id = other.found_id and one.true_id = other.true_id
"""
TRUE_PAIRS = "select sum(records * (records - 1) / 2) from (select count(*) as records from judged group by true_id)"


@dataclass(frozen=True)
class Judgement:
    """Pairs of records: those that a rule joins and how many of them rightly; those found, right and true in all."""

    by_rule: dict[str, tuple[int, int]]
    found: int
    right: int
    true: int
    for_review: int
    strangers_in_a_person: int
    unknown_to_the_truth: int

    @property
    def precision(self) -> float:
        """Of the pairs of records of one person, however they are joined, those that truly are."""
        return self.right / self.found

    @property
    def recall(self) -> float:
        """Of the pairs of records that truly are one person, those that are joined."""
        return self.right / self.true

    @property
    def recall_once_reviewed(self) -> float:
        """The same, when every pair that is listed for review is decided rightly."""
        return (self.right + self.for_review) / self.true

    def precision_of(self, rule: str) -> float:
        """Of the pairs that a rule joins, those that truly are one person."""
        found, right = self.by_rule[rule]
        return right / found


def agreeing(folder: Path, pair: str, identity: str) -> Path:
    """A folder with a pair's example agreement that says something else about who is one person."""
    signed = (EXAMPLES / pair / "v1.yml").read_text()
    before, _, after = signed.partition("identity:\n")
    folder.mkdir()
    (folder / "v1.yml").write_text(f"{before}identity: {identity}\n{after[after.index(chr(10) * 2) :]}")
    return folder


def judge(warehouse: Path, world: Path) -> Judgement:
    """Hold the built warehouse of a world against the world's truth."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return judged(con, world)


def judged(con: duckdb.DuckDBPyConnection, world: Path) -> Judgement:
    """The same on an open connection, which then has the table `judged`."""
    con.execute(JUDGED.split(";")[0], {"records": str(world / "truth" / "records*.parquet")})
    con.execute(JUDGED.split(";")[1])
    found, right = con.execute("select count(*), count(*) filter (is_right) from pairs").fetchone()
    by_rule = {rule: (count, good) for rule, count, good in con.execute(BY_RULE).fetchall()}
    if (likely := con.execute(BY_LIKENESS).fetchone())[0]:
        by_rule["probable"] = likely
    strangers = "select max(people) from (select count(distinct true_id) as people from judged group by found_id)"
    unknown = "select count(*) from intermediate.int_people_matched anti join judged using (record_rank)"
    return Judgement(
        by_rule=by_rule,
        found=found,
        right=right,
        true=con.execute(TRUE_PAIRS).fetchone()[0],
        for_review=con.execute(FOR_REVIEW).fetchone()[0],
        strangers_in_a_person=con.execute(strangers).fetchone()[0],
        unknown_to_the_truth=con.execute(unknown).fetchone()[0],
    )
