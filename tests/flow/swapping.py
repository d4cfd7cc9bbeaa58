"""What the numbers would be if one side were right about everybody on whom they disagree: its word put into the input.

The claims of those people are rewritten: from the moment at which the systems parted on, the other side falls silent,
and what this side says is read under an agreement of its own, in which that side alone decides. Nobody is disputed any
more, and the line counts the funnel again as it counts any agreed one. Nothing here knows how the models hold three
counts beside each other.
"""

import shutil
from pathlib import Path

import duckdb

from orchestration.building import build

ANOTHER_VERSION = 99
COUNTED_ANEW = (
    "int_stages_claimed+,+funnel_by_month",
    "int_stages_claimed+,+conversion_rates",
    "int_stages_claimed+,+handoffs",
)
LEFT_ALONE = ("int_stages_claimed", "path:models/intermediate/comparison")
KEY = "metric, unit, month, segment, segment_value"
SEGMENTS = ("lead_source", "owner_team", "persona")
CELLS = """
    select 'funnel_by_month/' || basis || '/' || stage || '/' || measure as metric, unit, month, segment, segment_value,
        number::double as number
    from (from reports.funnel_by_month unpivot (number for measure in (reached, observed)))
    union all
    select 'conversion_rates/' || basis || '/' || from_stage || '-' || to_stage || '/' || measure, unit, month, segment,
        segment_value, number::double
    from (
        from (
            select * replace (entered::double as entered, converted::double as converted) from reports.conversion_rates
        )
        unpivot (number for measure in (entered, converted, rate))
    )
"""
HAND_OVERS = """
    select 'handoffs/period/' || {subject} || '/{measure}', 'person',
        date_trunc('month', timezone(clock.timezone, timezone('UTC', handed_over_at)))::date, '{segment}', {value},
        count(*)::double
    from reports.handoffs
    inner join marts.people using (person_id)
    cross join intermediate.int_clock as clock
    where {is_counted}
    group by all
"""
CELLS += "".join(
    " union all "
    + HAND_OVERS.format(subject=subject, measure=measure, is_counted=is_counted, segment=name, value=value)
    for subject in ("handoff", "handoff || '-' || status")
    for measure, is_counted in (("handed_over", "true"), ("accepted", "accepted_at is not null"))
    for name, value in [("all", "null")] + [(name, f"coalesce(people.{name}, '(none)')") for name in SEGMENTS]
)
EFFECTS = f"select {KEY}, agreed, as_crm, as_map, effect from marts.mismatch_effects"
AGREEMENT = f"""
    insert into raw_agreement.stages select {ANOTHER_VERSION}, * exclude (version) from raw_agreement.stages;
    insert into raw_agreement.stage_sources
    select {ANOTHER_VERSION}, * exclude (version) from raw_agreement.stage_sources;
    insert into raw_agreement.stage_authority
    select {ANOTHER_VERSION}, stages.stage, sources.source, sources.position
    from raw_agreement.stages as stages
    inner join raw_agreement.stage_sources as sources using (version)
    where version = {ANOTHER_VERSION} and sources.side = '{{side}}'
"""
SILENT = """
    update intermediate.int_stages_claimed as claims set meaning = 'ignored', says_a_stage = false
    from marts.stage_mismatches as disputed
    where claims.person_id = disputed.person_id and claims.unit = 'person'
        and claims.side <> '{side}' and claims.claimed_at >= disputed.parted_at
"""
DECIDING = f"""
    update intermediate.int_stages_claimed as claims set version = {ANOTHER_VERSION}
    from marts.stage_mismatches as disputed
    where claims.person_id = disputed.person_id and claims.unit = 'person'
        and claims.side = '{{side}}' and claims.claimed_at >= disputed.parted_at
"""
AT_ITS_GREATEST = f"""
    update intermediate.int_stages_claimed as claims
    set meaning = 'stage', says_a_stage = true, version = {ANOTHER_VERSION}, stage = stages.stage, rank = stages.rank,
        stage_kind = stages.kind, stage_unit = stages.unit, stage_owner = stages.owner, reopens = stages.reopens,
        is_last_stage = stages.is_last
    from marts.stage_mismatches as disputed, raw_agreement.stages as stages
    where claims.person_id = disputed.person_id and claims.unit = 'person' and claims.side = '{{side}}'
        and claims.value = disputed.{{side}}_value and claims.claimed_at is not distinct from disputed.{{side}}_since
        and stages.version = {ANOTHER_VERSION} and stages.kind = 'stage'
        and case claims.meaning when 'unmapped' then stages.is_last when 'range' then stages.rank = claims.to_rank end
"""
LEAST = (AGREEMENT, SILENT, DECIDING)


def effects_and_recount(data: Path, scratch: Path) -> tuple[dict, dict]:
    """The effects as the models have them, by cell, and as they are when counted anew under each side's word.

    `data` has a built warehouse; `scratch` is an empty folder for the rewritten ones.
    """
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as con:
        told = {row[:5]: row[5:] for row in con.execute(EFFECTS).fetchall()}
        agreed = _cells(con)
    counted = _counted_anew(data, scratch, "crm") | _counted_anew(data, scratch, "map")
    moved = {cell for said in counted.values() for cell in {*agreed, *said} if _in(said, cell) != _in(agreed, cell)}
    return told, {cell: _effect(agreed, counted, cell) for cell in moved.union(told)}


def _counted_anew(data: Path, scratch: Path, side: str) -> dict[tuple[str, str], dict]:
    """The cells under a side's word at its least and at its greatest, which differ only where its word is open."""
    counted = {}
    for reading, changes in (("least", LEAST), ("greatest", [*LEAST, AT_ITS_GREATEST])):
        shutil.copy(data / "warehouse.duckdb", scratch / "warehouse.duckdb")
        with duckdb.connect(str(scratch / "warehouse.duckdb")) as con:
            for change in changes:
                rewritten = con.execute(change.format(side=side)).fetchone()[0]
            con.execute("update intermediate.int_people_compared set verdict = 'agrees' where verdict = 'mismatch'")
        if reading == "least" or rewritten:
            build(scratch, [*COUNTED_ANEW, "--exclude", *LEFT_ALONE])
            with duckdb.connect(str(scratch / "warehouse.duckdb"), read_only=True) as con:
                cells = _cells(con)
        counted[side, reading] = cells
    return counted


def _cells(con: duckdb.DuckDBPyConnection) -> dict:
    return {tuple(cell): number for *cell, number in con.execute(f"select {KEY}, number from ({CELLS})").fetchall()}


def _in(cells: dict, cell: tuple) -> float | None:
    """A cell's number; of what nobody did there are none, and a rate of none is no number."""
    return cells.get(cell, None if cell[0].endswith("/rate") else 0.0)


def _effect(agreed: dict, counted: dict, cell: tuple) -> tuple:
    """What was agreed, what each side says at whichever of its readings is farther off, and the larger distance."""
    was = _in(agreed, cell)
    sides = []
    for side in ("crm", "map"):
        least, greatest = (_in(counted[side, reading], cell) for reading in ("least", "greatest"))
        is_farther = None not in (was, least, greatest) and abs(greatest - was) > abs(least - was)
        sides.append(greatest if is_farther else least)
    distances = [abs(said - was) for said in sides if None not in (said, was)]
    return was, *sides, max(distances, default=None)
