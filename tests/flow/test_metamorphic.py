"""What must not matter does not: the order of the rows, the number of files, how often they are loaded."""

import duckdb

FAULTS = {"not_synced": 0.04, "missing_record": 0.03, "unmapped_value": 0.04, "in_flight": 0.02}


def rewrite(folder, query: str) -> None:
    """Rewrite every export of both systems; `{file}` is its path."""
    for file in sorted(folder.glob("[ms]*/*.csv")):
        relation = duckdb.sql(query.format(file=file))
        relation.write_csv(str(file) + ".new", header=True)
        file.with_suffix(".csv.new").replace(file)


def split(folder, parts: int) -> None:
    """Cut every export into several parts."""
    for file in sorted(folder.glob("[ms]*/*.csv")):
        header, *records = file.read_text().splitlines(keepends=True)
        for part in range(parts):
            file.with_name(f"{file.stem}-{part + 1:04d}.csv").write_text(header + "".join(records[part::parts]))
        file.unlink()


def test_rows_in_another_order_in_more_files_or_loaded_twice_give_equal_tables(company, own_copy, line):
    exports = company(500, 5, FAULTS)
    once = line(exports / "sources.yml")
    once.build()
    expected = once.tables()
    assert len(expected["stage_history"]) > 500
    assert len(expected["stage_mismatches"]) > 3

    once.build()
    assert once.tables() == expected

    reordered = own_copy(exports, "reordered")
    rewrite(
        reordered, "select * from read_csv('{file}', all_varchar = true, header = true) order by md5(columns(*)::text)"
    )
    split(reordered, 3)
    assert len(list(reordered.glob("salesforce/Lead-*.csv"))) == 3
    other = line(reordered / "sources.yml")
    other.build()
    assert other.tables() == expected


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
