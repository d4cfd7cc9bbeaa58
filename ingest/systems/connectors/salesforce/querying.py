"""The records of one object by REST: pages of a query by (stamp, Id), so that any record is a place to go on from.

Source: REST API Developer Guide, “QueryAll”, “Query” (nextRecordsUrl; up to 2,000 records a batch).
"""

from typing import Any

import duckdb

from ingest.systems.connectors import chunks
from ingest.systems.connectors.api import Answer, Api
from ingest.systems.connectors.failures import ConnectorError, Trouble
from ingest.systems.connectors.salesforce.answers import LocatorGone
from ingest.systems.connectors.salesforce.fields import Object
from ingest.systems.connectors.spool import Pull, Window

CHUNK_BYTES = 32 << 20
FRUITLESS = 3  # times that a query may begin anew without one more page


class Query:
    """One query that is being read: what its source counts, and which of the pull's chunks hold what came of it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, pull: Pull, object: Object, first: Answer):
        self.con, self.pull, self.object = con, pull, object
        self.total, self.began_at = first.json["totalSize"], len(pull.progress.chunks)
        self.kept, self.last, self.seen = chunks.Pages(pull), pull.state.get("after"), set()

    def take(self, answer: Answer) -> str | None:
        """Keep a page; the address of the next. Raises ConnectorError for one that leads nowhere, or back."""
        page: dict[str, Any] = answer.json
        following, records = page.get("nextRecordsUrl"), page["records"]
        if not page["done"] and (not records or following is None or following in self.seen):
            raise ConnectorError(Trouble.VENDOR, f"{self.object.name}: its pages lead in a circle, or to nothing")
        if records:
            first, last = (_soql(records[place][self.object.stamp]) for place in (0, -1))
            if self.last and first < self.last[0]:
                raise ConnectorError(Trouble.VENDOR, f"{self.object.name}: a page came twice, or out of order")
            self.last = [last, records[-1]["Id"]]
        self.seen.add(following)
        self.kept.add(answer.body)
        if page["done"] or self.kept.bytes >= CHUNK_BYTES:
            self.write()
        return None if page["done"] else following

    def write(self) -> None:
        """The pages so far become a chunk, and the last record the place to go on from."""
        if not self.kept.pages:
            return
        with self.pull.step() as state:
            fields = dict.fromkeys(self.object.fields, chunks.TEXT)
            chunks.write(self.con, self.pull, self.object.name, chunks.records(self.kept.close(), "records", fields))
            state["after"] = self.last
        self.kept = chunks.Pages(self.pull)

    def count(self, since: str | None) -> None:
        """Hold what came against what the source counts."""
        of_this = self.pull.files(self.object.name, self.began_at)
        came = chunks.distinct(self.con, of_this, ["Id", self.object.stamp])
        if came != self.total:
            self.pull.begin_again()
            said = f"{self.object.name}: {came} records came of a query that counts {self.total}"
            raise ConnectorError(Trouble.VENDOR, said)
        with self.pull.step():
            self.pull.counted(Window(since, None, self.total, came))


def first_page(api: Api, root: str, object: Object, where: str) -> Answer:
    """The first page of a query; `totalSize` is the count of all of it."""
    return api.get(f"{root}/queryAll", q=object.select(where))


def read(
    con: duckdb.DuckDBPyConnection, api: Api, root: str, object: Object, pull: Pull, since: str | None, first: Answer
):
    """All pages from the first on; a query that the server forgets goes on after the last record."""
    query, answer, fruitless = Query(con, pull, object, first), first, 0
    while True:
        following = query.take(answer)
        if following is None:
            return query.count(since)
        try:
            answer, fruitless = api.get(following), 0
        except LocatorGone as gone:
            query.write()
            if (fruitless := fruitless + 1) > FRUITLESS:
                raise ConnectorError(Trouble.VENDOR, f"{object.name}: {gone}, {FRUITLESS} times") from None
            answer = first_page(api, root, object, after(object, pull, since))
            query = Query(con, pull, object, answer)
        except ConnectorError:
            query.write()
            raise


def read_ids(con: duckdb.DuckDBPyConnection, api: Api, root: str, object: Object, pull: Pull, ids: list[str]) -> None:
    """A few records by their ids, in one page, within a step of its own."""
    listed = ", ".join(f"'{id}'" for id in ids)
    kept = chunks.Pages(pull)
    kept.add(first_page(api, root, object, f"Id IN ({listed})").body)
    with pull.step():
        fields = dict.fromkeys(object.fields, chunks.TEXT)
        chunks.write(con, pull, object.name, chunks.records(kept.close(), "records", fields))


def after(object: Object, pull: Pull, since: str | None) -> str:
    """SOQL: what comes after the last record that is kept, or from a moment on."""
    if last := pull.state.get("after"):
        stamp, id = last
        return f"{object.stamp} > {stamp} OR ({object.stamp} = {stamp} AND Id > '{id}')"
    return f"{object.stamp} >= {since}" if since else ""


def _soql(moment: str) -> str:
    """A moment as SOQL wants it: `2026-03-31T22:00:00.000+0000` → `2026-03-31T22:00:00.000Z`."""
    return moment.replace("+0000", "Z")
