"""What a run says at its end: what each team has to mend, from the published file alone."""

import re

import duckdb
import pytest
from rich.console import Console

from orchestration.terminal import summary

TABLES = """
create table people (person_id text, agrees boolean);
create table work_items (work_item_id text, cause text, owner_team text, system text, field text, value text,
    expected_stage text, people_count bigint, high_count bigint, earliest_parted_at timestamp);
create table agreement_score (week date, cause text, agreeing bigint, mismatched bigint, in_flight bigint,
    unknown bigint, one_system bigint, score double);
"""


@pytest.fixture
def said(tmp_path):
    """What is printed of a published file with these rows, in lines without frames."""

    def of(*statements: str, width: int = 120) -> list[str]:
        with duckdb.connect(str(tmp_path / "onefunnel.duckdb")) as connection:
            connection.execute(TABLES)
            for statement in statements:
                connection.execute(statement)
        console = Console(width=width, record=True, file=(tmp_path / "screen").open("w"))
        summary.show(console, tmp_path)
        return [" ".join(line.replace("│", " ").split()) for line in console.export_text().splitlines()]

    return of


def test_the_team_with_most_of_what_is_severe_comes_first_and_each_shows_its_largest_items(said):
    lines = said("""
        insert into work_items values
            ('a', 'not_synced', 'marketing_ops', 'hubspot', 'contact.stage', 'lead', 'sal', 900, 0, '2025-01-01'),
            ('b', 'missing_record', 'sales_ops', 'salesforce', null, null, 'mql', 3, 3, '2025-01-01'),
            ('c', 'unmapped_value', 'sales_ops', 'salesforce', 'lead.status', '[b]Wrking', 'sal', 7, 1, '2025-01-01'),
            ('d', 'conflict', 'sales_ops', 'salesforce', 'lead.status', 'Nurture', null, 2, 0, '2025-01-02'),
            ('e', 'conflict', 'sales_ops', 'salesforce', 'lead.status', 'Qualified', 'sal', 1, 0, '2025-01-01')
    """)
    start = next(place for place, line in enumerate(lines) if line.startswith("Open mismatches"))
    assert lines[start] == "Open mismatches: 913 people in 5 work items, the first of each team"
    assert [line for line in lines[start:] if line[-1:].isdigit()] == [
        "sales_ops 13 4",
        "missing_record salesforce mql 3 3",
        "unmapped_value [b]Wrking in salesforce sal 7 1",
        "conflict Nurture in salesforce - 2 0",
        "marketing_ops 900 0",
        "not_synced lead in hubspot sal 900 0",
    ]


def test_on_a_narrow_terminal_a_long_value_is_folded_and_nothing_else_is_cut(said):
    lines = said(
        f"""
        insert into work_items values
            ('a', 'duplicate_record', 'sales_ops', 'salesforce', 'f', '{"Open - Not Contacted " * 4}',
                'opportunity', 4858, 4293, '2025-01-01')
        """,
        width=80,
    )
    assert any(re.fullmatch("duplicate_record Open - .* opportunity 4,858 4,293", line) for line in lines)
    assert not any("…" in line for line in lines)


def test_agreement_is_told_apart_from_having_nothing_to_compare(said):
    agreeing = "insert into people select n, true from range(1204) t(n)"
    assert "No open mismatch: the systems agree about all 1,204 people that both can be asked about." in said(agreeing)


def test_with_one_system_nobody_is_said_to_agree(said):
    assert "No open mismatch: nobody is known to two systems." in said("insert into people values ('p', null)")


def test_the_last_week_with_a_score_is_told_in_a_line(said):
    lines = said("""
        insert into agreement_score values
            ('2025-03-03', 'all', 1, 1, 0, 0, 0, 0.5), ('2025-03-10', 'all', 1170, 34, 3, 12, 40, 1170 / 1204),
            ('2025-03-10', 'conflict', null, 34, null, null, null, null), ('2025-03-17', 'all', 0, 0, 0, 5, 0, null)
    """)
    expected = (
        "Agreement score: 97.2%, 1,170 of 1,204 people at or past the hand-over; beside it 3 in flight, 12 unknown,"
    )
    assert f"{expected} 40 in one system" in " ".join(lines)
    assert len([line for line in lines if line.startswith("Agreement score")]) == 1
