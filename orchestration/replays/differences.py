"""Who and what is otherwise under a draft: the replay's tables beside the warehouse's, in SQL on one connection.

`drafted` is what the draft makes of all history, `signed` what stands. An *entry* is a unit that reaches a stage in a
month: one that only the draft has enters, one that only the signed versions have leaves, so that in every month
drafted = signed + enters - leaves.
"""

from dataclasses import dataclass, field, fields

import duckdb

from orchestration.replays.comparing import has_table

EXAMPLES = 5
SIDES = {"drafted": "", "signed": "warehouse."}


@dataclass(frozen=True)
class Differences:
    """Lists of rows; each row a dict with the columns that its query names."""

    stages: list[dict] = field(default_factory=list)
    months: list[dict] = field(default_factory=list)
    standing: list[dict] = field(default_factory=list)
    moves: list[dict] = field(default_factory=list)
    conversions: list[dict] = field(default_factory=list)
    handoffs: list[dict] = field(default_factory=list)
    reports: list[dict] = field(default_factory=list)
    holds: list[dict] = field(default_factory=list)
    causes: list[dict] = field(default_factory=list)
    partings: list[dict] = field(default_factory=list)
    identities: list[dict] = field(default_factory=list)
    examples: list[dict] = field(default_factory=list)

    @property
    def are_none(self) -> bool:
        """Whether every figure under the draft is as it stands."""
        counted = (
            getattr(self, one.name) for one in fields(self) if one.name not in ("moves", "identities", "examples")
        )
        return (
            not self.moves
            and all(row["drafted"] == row["signed"] for rows in counted for row in rows)
            and not any(row["enters"] or row["leaves"] for row in self.months)
        )


def differences(con: duckdb.DuckDBPyConnection) -> Differences:
    """Everything that the page and the terminal show."""
    con.execute("set TimeZone = 'UTC'")
    _prepare(con)
    handed_over = all(has_table(con, database, "reports", "handoffs") for database in (_own(con), "warehouse"))
    return Differences(
        stages=_rows(con, STAGES),
        months=_rows(con, MONTHS),
        standing=_rows(con, STANDING),
        moves=_rows(con, MOVES),
        conversions=_rows(con, CONVERSIONS),
        handoffs=_rows(con, HANDOFFS) if handed_over else [],
        reports=_rows(con, REPORTS),
        holds=_rows(con, HOLDS),
        causes=_rows(con, CAUSES),
        partings=_rows(con, PARTINGS),
        identities=_rows(con, IDENTITIES),
        examples=[row for direction in ("enters", "leaves") for row in _rows(con, _examples(direction))],
    )


def _own(con) -> str:
    return con.execute("select current_database()").fetchone()[0]


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict]:
    answer = con.execute(query)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Temp tables: the stages in order, every entry of either side, the entries that only one of them has."""
    con.execute(
        "create temp table positions as"
        " select stage, min(position) as position from ("
        + " union all ".join(
            f"select term as stage, position + {0 if side == 'drafted' else 0.5} as position"
            f" from {database}marts.definitions where kind = 'stage'"
            for side, database in SIDES.items()
        )
        + ") group by stage"
    )
    for side, database in SIDES.items():
        con.execute(f"""
            create temp table reached_{side} as
            select unit, unit_id, stage, cycle, reached_at, reached_month as month
            from {database}intermediate.int_stages_reached
            inner join {database}intermediate.int_units_segmented using (unit, unit_id)
            where world = 'agreed'
        """)
    con.execute("""
        create temp table changed as
        with drafted as (select unit, unit_id, stage, month, count(*) as times from reached_drafted group by all),
        signed as (select unit, unit_id, stage, month, count(*) as times from reached_signed group by all)
        select
            coalesce(drafted.unit, signed.unit) as unit,
            coalesce(drafted.unit_id, signed.unit_id) as unit_id,
            coalesce(drafted.stage, signed.stage) as stage,
            if(drafted.unit is null, signed.month, drafted.month) as month,
            greatest(coalesce(drafted.times, 0) - coalesce(signed.times, 0), 0) as enters,
            greatest(coalesce(signed.times, 0) - coalesce(drafted.times, 0), 0) as leaves
        from drafted full join signed
            on drafted.unit = signed.unit and drafted.unit_id = signed.unit_id and drafted.stage = signed.stage
                and drafted.month is not distinct from signed.month
        where coalesce(drafted.times, 0) <> coalesce(signed.times, 0)
    """)


STAGES = """
    with drafted as (select distinct unit, unit_id, stage from reached_drafted),
    signed as (select distinct unit, unit_id, stage from reached_signed),
    elsewhere as (select distinct unit, unit_id, stage from changed)
    select unit, stage,
        count(drafted.unit_id) as drafted,
        count(signed.unit_id) as signed,
        count(*) filter (signed.unit_id is null) as enters,
        count(*) filter (drafted.unit_id is null) as leaves,
        count(elsewhere.unit_id) filter (drafted.unit_id is not null and signed.unit_id is not null) as otherwise
    from (select *, unit_id as unit_id_here from drafted) as drafted
    full join signed using (unit, unit_id, stage)
    left join elsewhere using (unit, unit_id, stage)
    left join positions using (stage)
    group by unit, stage, position
    order by unit desc, position, stage
"""

MONTHS = """
    with counted as (
        select unit, stage, month, 1 as drafted, 0 as signed, 0 as enters, 0 as leaves from reached_drafted
        union all
        select unit, stage, month, 0, 1, 0, 0 from reached_signed
        union all
        select unit, stage, month, 0, 0, enters, leaves from changed
    )
    select unit, stage, month, sum(drafted)::bigint as drafted, sum(signed)::bigint as signed,
        sum(enters)::bigint as enters, sum(leaves)::bigint as leaves
    from counted left join positions using (stage)
    group by unit, stage, month, position
    order by unit desc, position, stage, month nulls first
"""

_NOW = """
    select person_id, coalesce(stage, 'none yet') as stage from {}marts.people where not is_excluded and not is_deleted
"""

STANDING = f"""
    with counted as (
        select stage, 1 as drafted, 0 as signed from ({_NOW.format("")})
        union all
        select stage, 0, 1 from ({_NOW.format("warehouse.")})
    )
    select stage, sum(drafted)::bigint as drafted, sum(signed)::bigint as signed
    from counted left join positions using (stage)
    group by stage, position
    order by position nulls last, stage
"""

MOVES = f"""
    with drafted as ({_NOW.format("")}),
    signed as ({_NOW.format("warehouse.")})
    select signed.stage as signed_stage, drafted.stage as drafted_stage, count(*) as people
    from signed full join drafted using (person_id)
    where signed.stage is distinct from drafted.stage
    group by all
    order by people desc, signed_stage, drafted_stage
"""

_RATES = """
    select unit, from_stage, to_stage, month, entered, converted, is_mature
    from {}reports.conversion_rates where basis = 'cohort' and segment = 'all'
"""

CONVERSIONS = f"""
    with drafted as ({_RATES.format("")}),
    signed as ({_RATES.format("warehouse.")})
    select unit, from_stage, to_stage, month,
        drafted.entered as drafted_entered, drafted.converted as drafted_converted,
        drafted.is_mature as drafted_is_mature,
        signed.entered as signed_entered, signed.converted as signed_converted, signed.is_mature as signed_is_mature,
        (drafted.entered, drafted.converted, drafted.is_mature) as drafted,
        (signed.entered, signed.converted, signed.is_mature) as signed
    from (select *, month is null as is_undated from drafted) as drafted
    full join (select *, month is null as is_undated from signed) as signed using (unit, from_stage, to_stage, month)
    left join positions on positions.stage = from_stage
    order by unit desc, position nulls last, from_stage, month
"""

_HANDED_OVER = """
    select handoff, status, date_trunc('month', timezone(timezone, timezone('UTC', handed_over_at)))::date as month
    from {0}reports.handoffs cross join {0}intermediate.int_clock
"""

HANDOFFS = f"""
    with counted as (
        select *, 1 as drafted, 0 as signed from ({_HANDED_OVER.format("")})
        union all
        select *, 0, 1 from ({_HANDED_OVER.format("warehouse.")})
    )
    select handoff, month, status, sum(drafted)::bigint as drafted, sum(signed)::bigint as signed
    from counted group by all order by handoff, month, status
"""

REPORTS = """
    select report, coalesce(drafted.is_held, false) as drafted, coalesce(signed.is_held, false) as signed,
        drafted.reason as drafted_reason, signed.reason as signed_reason,
        drafted.report is not null as is_drafted, signed.report is not null as is_signed
    from (select *, true as is_here from intermediate.int_reports_judged) as drafted
    full join warehouse.intermediate.int_reports_judged as signed using (report)
    order by report
"""

HOLDS = """
    with counted as (
        select report, month, 1 as drafted, 0 as signed from marts.mismatch_effects where holds
        union all
        select report, month, 0, 1 from warehouse.marts.mismatch_effects where holds
    )
    select report, month, sum(drafted)::bigint as drafted, sum(signed)::bigint as signed
    from counted group by all order by report, month
"""

CAUSES = """
    with counted as (
        select cause, 1 as drafted, 0 as signed from marts.stage_mismatches
        union all
        select cause, 0, 1 from warehouse.marts.stage_mismatches
    )
    select cause, sum(drafted)::bigint as drafted, sum(signed)::bigint as signed
    from counted group by all order by greatest(sum(drafted), sum(signed)) desc, cause
"""

PARTINGS = """
    with counted as (
        select date_trunc('month', timezone(timezone, timezone('UTC', parted_at)))::date as month,
            1 as drafted, 0 as signed
        from marts.stage_mismatches cross join intermediate.int_clock
        union all
        select date_trunc('month', timezone(timezone, timezone('UTC', parted_at)))::date, 0, 1
        from warehouse.marts.stage_mismatches cross join warehouse.intermediate.int_clock
    )
    select month, sum(drafted)::bigint as drafted, sum(signed)::bigint as signed
    from counted group by all order by month
"""

IDENTITIES = """
    select count(*) filter (signed.person_id is null) as only_drafted,
        count(*) filter (drafted.person_id is null) as only_signed
    from marts.people as drafted full join warehouse.marts.people as signed on drafted.person_id = signed.person_id
    having count(*) filter (signed.person_id is null or drafted.person_id is null) > 0
"""


def _examples(direction: str) -> str:
    """A few people a stage who enter or leave it, the latest first: by what, and where they stand on either side."""
    side, other = ("drafted", "signed") if direction == "enters" else ("signed", "drafted")
    here = SIDES[side]
    return f"""
        with chosen as (
            select stage, unit_id as person_id, month,
                row_number() over (partition by stage order by month desc nulls last, unit_id) as place
            from changed
            where unit = 'person' and {direction} > 0
            qualify place <= {EXAMPLES}
        ),
        entries as (
            select chosen.*, reached.reached_at, history.stage as entered_stage, history.source, history.system,
                history.record_id, history.value, history.entered_at, history.entered_at_basis
            from chosen
            left join reached_{side} as reached
                on reached.unit = 'person' and reached.unit_id = chosen.person_id and reached.stage = chosen.stage
                    and reached.month is not distinct from chosen.month
            left join {here}marts.stage_history as history
                on history.unit = 'person' and history.person_id = chosen.person_id and history.cycle = reached.cycle
                    and history.entered_at is not distinct from reached.reached_at
                    and (history.stage = chosen.stage or history.transition = 'skip')
            qualify row_number() over (
                partition by chosen.stage, chosen.person_id
                order by history.stage = chosen.stage desc nulls last, history.entry_number, history.stage
            ) = 1
        ),
        elsewhere as (
            select stage, unit_id as person_id, min(month) as month, true as is_there
            from reached_{other} where unit = 'person' group by stage, unit_id
        )
        select '{direction}' as direction, entries.stage, entries.person_id, entries.month,
            entries.entered_stage, entries.source, entries.system, entries.record_id, entries.value, entries.entered_at,
            entries.entered_at_basis, coalesce(elsewhere.is_there, false) as is_otherwise,
            elsewhere.month as other_month,
            people_drafted.stage as drafted_stage, people_signed.stage as signed_stage,
            coalesce(people_{side}.crm_record_id, people_{side}.map_record_id) as shown_id,
            records.record_url
        from entries
        left join elsewhere using (stage, person_id)
        left join marts.people as people_drafted using (person_id)
        left join warehouse.marts.people as people_signed using (person_id)
        left join {here}marts.person_records as records
            on records.person_id = entries.person_id
                and records.record_id = coalesce(people_{side}.crm_record_id, people_{side}.map_record_id)
                and records.system
                    = if(people_{side}.crm_record_id is null, people_{side}.map_system, people_{side}.crm_system)
        left join positions on positions.stage = entries.stage
        order by position nulls last, entries.stage, entries.place
    """
