"""What was known then, and what a draft would make of all history: both without touching what stands."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest import agreement
from ingest.settings import Settings
from ingest.systems.connected import LOADS

FIRST, SECOND = "2026-04-01T06:00:00Z", "2026-04-08T06:00:00Z"
OF_WHAT_WAS_PUBLISHED = {"restatements", "restated_people"}  # a replay does not go by it


def contents(*files: Path) -> list[str]:
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


def everybody_is_taken_on(exports: Path) -> None:
    """A week later every lead that waited is worked by somebody."""
    file = exports / "salesforce" / "Lead.csv"
    con = duckdb.connect()
    con.execute(f"create table rows as from read_csv('{file}', all_varchar = true, header = true)")
    taken_on = con.execute("""
        update rows set Status = 'Working - Contacted', LastModifiedDate = '2026-04-03 09:00:00'
        where Status = 'Open - Not Contacted' and IsConverted = 'false'
    """).fetchone()[0]
    assert taken_on > 5
    con.sql("from rows").write_csv(str(file), header=True)


def test_a_draft_is_held_against_what_stands_and_an_earlier_moment_is_as_it_was_published(company, own_copy, line):
    exports = own_copy(company(300, 6, {"not_synced": 0.02}))
    told = line(exports / "sources.yml")
    assert told.run(ONEFUNNEL_NOW=FIRST) in (0, 3), told.said
    as_published = told.tables(without={"published_at"})
    before = contents(told.warehouse, told.published)

    draft = told.data / "draft.yml"
    signed = (told.agreement / "v1.yml").read_text()
    draft.write_text(signed.replace("exclude:\n", "exclude:\n  - {lead_source: [Webinar]}\n"))
    assert told.call("what-if", str(draft), COLUMNS="160") == 0, told.said
    (of_webinars,) = told.rows(f"""
        select count(distinct stages.person_id) from '{exports}/truth/stages.parquet' as stages
        inner join '{exports}/truth/people.parquet' as people using (person_id)
        where lead_source = 'Webinar' and stage = 'inquiry' and is_recorded and not is_excluded
    """)[0]
    assert of_webinars > 10
    told_of = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in told.said.splitlines() if "│ inquiry" in line
    ]
    assert told_of[-1][-2] == str(of_webinars) and told_of[-1][-3] == "0"
    page = (told.data / "what-if" / "draft.html").read_text()
    assert "Would not enter inquiry" in page and "exclude" in page and "@" not in page.partition("</style>")[2]
    draft.write_text(signed.replace("authority: [lifecycle]", "authority: [nobody]"))
    assert told.call("what-if", str(draft)) == 1
    assert "nobody" in told.said and "Building" not in told.said

    everybody_is_taken_on(exports)
    later = Settings(
        data=told.data,
        sources=told.sources,
        agreement=told.agreement,
        now=datetime.fromisoformat(SECOND).astimezone(UTC),
    )
    agreement.load(later)
    for load in LOADS.values():
        load(later)
    loaded = contents(told.warehouse, told.published)
    assert loaded[0] != before[0] and loaded[1] == before[1]
    assert told.run("--known-at", FIRST, ONEFUNNEL_NOW="2026-04-20T06:00:00Z") in (0, 3), told.said
    known = told.data / "published" / "known" / FIRST.replace(":", "-") / "onefunnel.duckdb"
    replayed = told.tables(known, {"published_at"})
    assert replayed.keys() - OF_WHAT_WAS_PUBLISHED == as_published.keys() - OF_WHAT_WAS_PUBLISHED
    for table in replayed.keys() - OF_WHAT_WAS_PUBLISHED:
        assert replayed[table] == as_published[table], table
    assert contents(told.warehouse, told.published) == loaded
    assert not (told.data / "replays").exists()
