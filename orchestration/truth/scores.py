"""Who was told by which cause, held against who was planted with it, in numbers.

Planted is a fault that stands open at the end and is older than the sync time. Found is a planted person whom
stage_mismatches lists by the same cause; whoever is listed by another was neither found, nor rightly told. Those whose
cause no history can tell are counted apart, in a row of their own, wherever there are any.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

CAUSES = (
    "deleted_record",
    "merged_record",
    "conversion_gap",
    "duplicate_record",
    "missing_record",
    "unmapped_value",
    "no_contact_role",
    "account_push",
    "forward_only",
    "not_synced",
    "conflict",
)
INSUFFICIENT = "insufficient"  # told as a conflict, because the history does not tell these apart
LEAST = 0.99
SCORES = """
with records as (
    select person_id as true_id, unnest([crm_lead_id, crm_contact_id, map_record_id::varchar]) as record_id
    from '{truth}/people.parquet'
),
whose as (
    select distinct records.true_id, person_records.person_id
    from records
    inner join marts.person_records using (record_id)
),
told as (
    select
        person_id,
        case when cause = 'conflict' and evidence like '{insufficient}%' then '{insufficient}' else cause end as cause
    from marts.stage_mismatches
),
apart as (
    select distinct whose.true_id, told.cause as told_cause
    from told
    inner join whose using (person_id)
    where told.cause = '{insufficient}'
),
planted as (
    select distinct
        person_id as true_id,
        case when cause in ('forward_only', 'not_synced', 'conflict') then coalesce(told_cause, cause) else cause end
            as cause
    from '{truth}/faults.parquet'
    left join apart on person_id = true_id
    where is_open
),
found as (
    select distinct planted.true_id, cause
    from planted
    inner join whose using (true_id)
    inner join told using (person_id, cause)
)
select cause, coalesce(planted, 0), coalesce(told, 0), coalesce(found, 0)
from (select unnest({causes}::varchar[]) as cause union select cause from told)
left join (select cause, count(*) as planted from planted group by cause) using (cause)
left join (select cause, count(*) as told from told group by cause) using (cause)
left join (select cause, count(*) as found from found group by cause) using (cause)
"""


@dataclass(frozen=True)
class Score:
    """People planted with a cause, people told by it, and those who are both. No seed: of all seeds together."""

    pair: str
    seed: int | None
    cause: str
    planted: int
    told: int
    found: int

    @property
    def precision(self) -> float | None:
        """Of those told, the share that was planted; none where nobody was planted and nobody told."""
        return self.found / self.told if self.told else 0.0 if self.planted else None

    @property
    def recall(self) -> float | None:
        """Of those planted, the share that was found; none where nobody was planted, or nobody could tell who was."""
        return self.found / self.planted if self.planted and self.cause != INSUFFICIENT else None


def score(pair: str, seed: int, warehouse: Path, truth: Path) -> list[Score]:
    """One score for every cause, in the order of the causes."""
    query = SCORES.format(truth=str(truth).replace("'", "''"), causes=list(CAUSES), insufficient=INSUFFICIENT)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        rows = {cause: counts for cause, *counts in con.execute(query).fetchall()}
    return [Score(pair, seed, cause, *rows[cause]) for cause in (*CAUSES, *sorted(set(rows) - set(CAUSES)))]


def over_all_seeds(scores: list[Score]) -> list[Score]:
    """The scores of each pair and cause together, in the order in which they come."""
    kinds = dict.fromkeys((score.pair, score.cause) for score in scores)
    return [
        Score(
            pair,
            None,
            cause,
            *(
                sum(getattr(score, name) for score in scores if (score.pair, score.cause) == kind)
                for name in ("planted", "told", "found")
            ),
        )
        for kind in kinds
        for pair, cause in [kind]
    ]


def is_proven(scores: list[Score]) -> bool:
    """Whether each cause of each pair is told, over all seeds together, as precisely and as completely as it must."""
    return all(
        rate is None or rate >= LEAST for total in over_all_seeds(scores) for rate in (total.precision, total.recall)
    )


def written(scores: list[Score], file: Path) -> Path:
    """The scores as a JSON list in a file that is whole whenever one reads it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".json.new")
    rows = [
        {name: value for name, value in asdict(score).items() if name != "told"}
        | {"precision": score.precision, "recall": score.recall}
        for score in scores
    ]
    half.write_text(json.dumps(rows, indent=1))
    os.replace(half, file)
    return file
