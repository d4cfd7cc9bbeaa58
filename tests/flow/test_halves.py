"""An export that is cut off: the source's own count says what is missing, per system and object."""

import expectations

ROWS = "nothing_is_missing_of_what_a_source_says_it_has"


def missing(line):
    """The check of the loads against the sources' own counts, on the loads alone."""
    line.build("+loads", "+int_clock")
    (found,) = [check for check in expectations.audit(line.warehouse, "loads").checks if check.name == ROWS]
    return found


def test_half_an_export_is_missing_rows_of_its_object_and_no_other(line, company, own_copy):
    world = own_copy(company(300, 5, {}))
    leads = world / "salesforce" / "Lead.csv"
    rows = leads.read_text().splitlines(keepends=True)
    found = missing(line(world / "sources.yml"))
    assert (found.outcome, found.checked_count) == ("passed", 20)
    kept = len(rows[1:]) // 2
    leads.write_text("".join(rows[: kept + 1]))
    found = missing(line(world / "sources.yml"))
    assert (found.outcome, found.blocks, found.sample_ids) == ("failed", True, ("salesforce/lead",))
    gone = len(rows) - 1 - kept
    assert f"salesforce/lead: {gone} of the {len(rows) - 1} that it has are missing here" in found.message
