"""What must not matter does not: the order of rows, the number of files, how often, when and from which zone."""

from tests.flow.metamorphoses import Exports

FAULTS = {"not_synced": 0.04, "missing_record": 0.03, "unmapped_value": 0.04, "in_flight": 0.02}


def test_rows_twice_in_another_order_in_more_files_in_another_zone_and_in_two_loads_give_equal_tables(
    company, own_copy, line
):
    exports = company(400, 5, FAULTS)
    once = line(exports / "sources.yml")
    once.build()
    expected = once.tables()
    assert len(expected["stage_history"]) > 400
    assert len(expected["stage_mismatches"]) > 3

    once.build()
    assert once.tables() == expected

    other = Exports(own_copy(exports, "other"))
    rows = other.rows()
    halves = line(other.folder / "sources.yml")
    other.write(rows, keep=lambda number: number % 2 == 0)
    halves.load()
    other.write(rows, keep=lambda number: number % 2 == 1)
    other.double()
    other.shuffle()
    other.shift_the_zone()
    other.split(3)
    assert len(list(other.folder.glob("salesforce/Lead-*.csv"))) == 3
    halves.build()
    assert halves.tables() == expected


def test_a_system_that_is_no_longer_connected_is_no_longer_read(company, own_copy, line):
    both = own_copy(company(200, 5, {}))
    changed = line(both / "sources.yml")
    changed.load()
    crm, _, _ = (both / "sources.yml").read_text().partition("  - name: marketo")
    (both / "sources.yml").write_text(crm)
    changed.build()
    alone = line(both / "sources.yml")
    alone.build()
    expected = alone.tables()
    assert len(expected["people"]) > 50
    assert changed.tables() == expected
