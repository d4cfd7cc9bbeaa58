"""Checks against the recent past: quiet on clean companies, loud on half a week, a frozen export, doubled rows.

What is changed is what the models would count of such an export; each change is judged series by series.
"""

import duckdb
import pytest

import expectations

PAIRS = ("salesforce-marketo", "salesforce-hubspot", "hubspot")
SEEDS = (1, 2, 3)
PEOPLE = 6000
DROP, RISE, SILENCE = "no_volume_has_dropped_suddenly", "no_volume_has_risen_suddenly", "no_system_has_fallen_silent"
LAST_WEEK = "day >= date_trunc('week', complete_until) - interval 7 day"
CHANGES = {
    "clean": "select 1",
    "half": f"update marts.volumes_by_day set volume = volume // 2 where {LAST_WEEK}",
    "frozen": "delete from marts.volumes_by_day where day >= complete_until - 14",
    "doubled": f"update marts.volumes_by_day set volume = 2 * volume where {LAST_WEEK}",
}


def findings(warehouse, change):
    """Check → (series asked, series that fail), after a change that is undone again."""
    with duckdb.connect(str(warehouse)) as con:
        con.execute("create or replace table marts.kept as from marts.volumes_by_day")
        con.execute(change)
    try:
        checks = expectations.audit(warehouse, "volumes_by_day").checks
    finally:
        with duckdb.connect(str(warehouse)) as con:
            con.execute("create or replace table marts.volumes_by_day as from marts.kept; drop table marts.kept")
    assert {check.outcome for check in checks} <= {"passed", "failed"}
    return {check.name: (check.checked_count, check.failed_count) for check in checks}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("pair", PAIRS)
def test_a_clean_company_is_quiet_and_a_broken_export_is_not(line, company, pair, seed):
    built = line(company(PEOPLE, seed, {}, pair) / "sources.yml", pair=pair)
    built.build("+volumes_by_day", "+loads", "+stage_history")
    found = {name: findings(built.warehouse, change) for name, change in CHANGES.items()}
    shown = {name: {check: f"{bad}/{asked}" for check, (asked, bad) in of.items()} for name, of in found.items()}
    print(pair, seed, shown)
    assert [found["clean"][check][1] for check in (DROP, RISE, SILENCE)] == [0, 0, 0]
    asked, silent = found["frozen"][SILENCE]
    assert silent == asked >= 4
    assert found["half"][DROP][1] >= 1
    assert found["doubled"][RISE][1] >= asked / 2
    loads = {check.name: check.outcome for check in expectations.audit(built.warehouse, "loads").checks}
    assert set(loads.values()) == {"passed"}
