"""A replay gives, table for table, what a run published at that moment, and leaves no trace."""

import hashlib
import shutil
from itertools import pairwise
from pathlib import Path

import duckdb

from tests.flow.conftest import EXAMPLES

ONLY_OF_THE_RUN = {"published_at"}
OF_WHAT_WAS_PUBLISHED = {"restatements", "restated_people"}  # a replay does not go by it
MOMENTS = ["2026-04-01T06:00:00Z", "2026-04-08T06:00:00Z", "2026-04-15T06:00:00Z"]
LATER = {"ONEFUNNEL_NOW": "2026-04-20T06:00:00Z"}


def edit(file: Path, *statements: str) -> None:
    """Change the table `rows` of a CSV export by SQL."""
    con = duckdb.connect()
    con.execute(f"create table rows as from read_csv('{file}', all_varchar = true, header = true)")
    for statement in statements:
        assert con.execute(statement).fetchone()[0] > 0, statement
    con.sql("from rows").write_csv(str(file) + ".new", header=True)
    Path(str(file) + ".new").replace(file)


def first(file: Path, column: str, condition: str, nth: int = 0) -> str:
    """An id out of an export."""
    exports = f"read_csv('{file}', all_varchar = true, header = true)"
    return duckdb.sql(f"select {column} from {exports} where {condition} order by 1 offset {nth} limit 1").fetchone()[0]


def contents(file: Path) -> str:
    """A hash of a file's bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def second_week(exports: Path) -> None:
    """A new lead, a lead that sales took on, one that was converted, and a change that comes late."""
    crm, map = exports / "salesforce", exports / "marketo"
    taken_on = first(crm / "Lead.csv", "Id", "Status = 'Open - Not Contacted' and IsConverted = 'false'")
    converted = first(crm / "Lead.csv", "Id", "IsConverted = 'false' and Status like 'Working%'")
    edit(
        crm / "Lead.csv",
        f"insert into rows select * replace ('00Q5g0000999001EAA' as Id, 'new@new.example' as Email,"
        f" '' as External_Id__c, '2026-03-29 10:00:00' as CreatedDate) from rows where Id = '{converted}'",
        f"update rows set Status = 'Working - Contacted', LastModifiedDate = '2026-03-30 09:00:00'"
        f" where Id = '{taken_on}'",
        "update rows set IsConverted = 'true', Status = 'Qualified', ConvertedDate = '2026-03-30',"
        " ConvertedContactId = '0035g0000999001AAA', LastModifiedDate = '2026-03-30 09:00:00'"
        f" where Id = '{converted}'",
    )
    edit(
        crm / "Contact.csv",
        f"insert into rows select * replace ('0035g0000999001AAA' as Id, '2026-03-30 09:00:00' as CreatedDate,"
        f" (select Email from read_csv('{crm / 'Lead.csv'}', all_varchar = true) where Id = '{converted}') as Email,"
        f" '' as External_Id__c) from rows limit 1",
    )
    edit(
        crm / "LeadHistory.csv",
        f"insert into rows values ('0179999000001AAA', '{taken_on}', 'Status', 'Text', 'Open - Not Contacted',"
        f" 'Working - Contacted', '0055g0000000001AAA', '2026-02-10 09:00:00', 'false')",
    )
    prospect = first(map / "leads.csv", "id", "sfdcLeadId is null and cast(leadScore as int) between 20 and 60")
    edit(
        map / "leads.csv",
        f"update rows set leadScore = '90', updatedAt = '2026-03-30 09:00:00' where id = '{prospect}'",
    )
    edit(
        map / "activities.csv",
        f"insert into rows select '99999001', '{prospect}', '2026-03-05 09:00:00', '22', null, null, 'Lead Score',"
        f""" '{{"Old Value":"40","New Value":"90","Reason":"late"}}'""",
    )


def third_week(exports: Path, agreed: Path) -> None:
    """A lead deleted, two merged, a deal lost as of long ago, another agreement, and one more system."""
    crm = exports / "salesforce"
    deleted = first(crm / "Lead.csv", "Id", "IsConverted = 'false' and Status like 'Working%'", 1)
    winner, loser = (
        first(crm / "Lead.csv", "Id", "IsConverted = 'false' and Status = 'Open - Not Contacted'", nth)
        for nth in (0, 1)
    )
    edit(
        crm / "Lead.csv",
        f"update rows set IsDeleted = 'true', LastModifiedDate = '2026-03-31 09:00:00' where Id = '{deleted}'",
        f"update rows set IsDeleted = 'true', MasterRecordId = '{winner}', LastModifiedDate = '2026-03-31 09:00:00'"
        f" where Id = '{loser}'",
    )
    deal = first(crm / "Opportunity.csv", "Id", "IsClosed = 'false'")
    edit(
        crm / "Opportunity.csv",
        f"update rows set StageName = 'Closed Lost', IsClosed = 'true', IsWon = 'false', CloseDate = '2026-01-15',"
        f" LastModifiedDate = '2026-03-31 09:00:00' where Id = '{deal}'",
    )
    edit(
        crm / "OpportunityFieldHistory.csv",
        f"insert into rows select * replace ('0179999000002AAA' as Id, 'StageName' as Field, 'Prospecting' as OldValue,"
        f" 'Closed Lost' as NewValue, '2026-01-15 09:00:00' as CreatedDate) from rows"
        f" where OpportunityId = '{deal}' limit 1",
    )
    text = (agreed / "v1.yml").read_text()
    (agreed / "v2.yml").write_text(
        text.replace("version: 1", "version: 2", 1)
        .replace("effective_from: 2025-01-01", "effective_from: 2026-01-01", 1)
        .replace("campaign: [Demo Request]", "campaign: [Demo Request, Partner Days]", 1)
    )
    assert {"2026-01-01", "Partner Days]"} <= set((agreed / "v2.yml").read_text().replace("}", " ").split())
    (exports / "shop").mkdir()
    (exports / "shop" / "people.csv").write_text(
        "Id,Mail,At\np1,new@new.example,2026-03-01\np2,x@y.example,2026-03-02\n"
    )
    mapping = "record_id: Id, object: {value: contact}, email: Mail, created_at: {column: At, format: '%Y-%m-%d'}"
    with open(exports / "sources.yml", "a") as sources:
        sources.write(
            "  - {name: shop, kind: files, role: crm, path: shop, tables: {people: {file: people.csv, columns: {"
            + mapping
            + "}}}}\n"
        )


def test_a_replay_of_each_of_three_moments_is_what_the_run_then_published(company, own_copy, line, tmp_path):
    exports = own_copy(company(400, 6, {"not_synced": 0.01, "unmapped_value": 0.01}))
    agreed = Path(shutil.copytree(EXAMPLES / "salesforce-marketo", tmp_path / "agreed"))
    told = line(exports / "sources.yml", agreed)
    published = []
    for moment, happens in zip(MOMENTS, [None, second_week, lambda folder: third_week(folder, agreed)], strict=True):
        if happens:
            happens(exports)
        assert told.run(ONEFUNNEL_NOW=moment) == 0, told.said
        published.append(told.tables(without=ONLY_OF_THE_RUN))
    for earlier, later in pairwise(published):
        differ = {name for name in earlier if earlier[name] != later[name]}
        assert differ >= {"people", "stage_history", "funnel_by_month", "person_records"}
    assert len(published[1]["person_id_changes"]) > 1 or len(published[2]["person_id_changes"]) > 1

    before = contents(told.warehouse), contents(told.published)
    for moment, expected in zip(MOMENTS, published, strict=True):
        assert told.run("--known-at", moment, **LATER) == 0, told.said
        folder = told.data / "published" / "known" / moment.replace(":", "-")
        replayed = told.tables(folder / "onefunnel.duckdb", ONLY_OF_THE_RUN)
        assert replayed.keys() == expected.keys()
        for table in expected.keys() - OF_WHAT_WAS_PUBLISHED:
            assert replayed[table] == expected[table], (moment, table)
        assert (folder / "index.html").exists()
    assert (contents(told.warehouse), contents(told.published)) == before
    assert not (told.data / "replays").exists()

    # Between two loads nothing more was known than at the first of them; before the first, nothing.
    assert told.run("--known-at", "2026-04-07", **LATER) == 0, told.said
    assert told.tables(told.data / "published/known/2026-04-06T22-00-00Z/onefunnel.duckdb") == {
        name: told.tables(told.data / f"published/known/{MOMENTS[0].replace(':', '-')}/onefunnel.duckdb")[name]
        for name in published[0]
    }
    assert told.run("--known-at", "2026-04-01", **LATER) == 1
    assert "Nothing was known yet" in told.said and "the first load was at 1 April 2026, 06:00" in told.said
