"""Salesforce by its REST API and Bulk API 2.0: every object of `ingest.systems.salesforce`, deleted rows too.

signing_in   OAuth: client credentials, JWT bearer
answers      what an answer means
fields       which objects and fields this org has
querying     records by REST, in the order of (stamp, Id)
bulk         records by a query job
deletions    records that are gone for good
"""

from dataclasses import replace
from datetime import datetime, timedelta

import duckdb

from ingest.credentials import Salesforce as Credentials
from ingest.sources import System
from ingest.systems.connectors import chunks, sweeping
from ingest.systems.connectors.api import Answer, Api
from ingest.systems.connectors.failures import ConnectorError, Trouble
from ingest.systems.connectors.salesforce import bulk, deletions, querying
from ingest.systems.connectors.salesforce.answers import judge, usage
from ingest.systems.connectors.salesforce.fields import KIND, Object, described
from ingest.systems.connectors.salesforce.signing_in import SignedIn
from ingest.systems.connectors.spool import Pull, Spool

VERSION = "62.0"
BULK_ABOVE = 20_000  # records: ten pages of REST; a job costs about six calls, whatever it brings
LONGEST_QUERY = 8_000  # characters that go into an address
OVERLAP = timedelta(minutes=15)  # a transaction's records get their stamp before they can be seen
IDS_A_QUERY = 200
LEFT_FOR_OTHERS = 0.1  # of the day's calls, which are the whole org's


class Salesforce:
    """One org."""

    objects = tuple(KIND.tables)

    def __init__(self, system: System, credentials: Credentials, spool: Spool):
        self.system, self.spool = system, spool
        self.api = Api(SignedIn(credentials), self._judge)
        self.root = f"/services/data/v{system.api.version or VERSION}"

    def look(self, object: str) -> set[str]:
        """The fields that an object has; raises Absent, ConnectorError."""
        return set(described(self.api, self.system, self.root, object).fields)

    def pull(self, con: duckdb.DuckDBPyConnection, pull: Pull) -> None:
        """Fetch what is new of one object, from where the last extraction ended."""
        object = described(self.api, self.system, self.root, pull.object)
        if "until" not in pull.state:
            with pull.step() as state:
                state["until"] = self.api.clock.isoformat()
        until = datetime.fromisoformat(pull.state["until"])
        if not pull.state.get("is_fetched"):
            self._records(con, object, pull, self._since(pull))
            with pull.step() as state:
                state["is_fetched"] = True
        swept_at = until.isoformat()
        if pull.since:
            swept_at = pull.since["swept_at"]
            if object.has_deletes:
                before = datetime.fromisoformat(pull.since["until"])
                deletions.read(con, self.api, self.root, object, pull, before, until)
            if sweeping.is_due(pull.since, until, self.system.api.sweep_every_days):
                self._sweep(con, object, pull, until)
                swept_at = until.isoformat()
        pull.finish({"until": until.isoformat(), "swept_at": swept_at}, until, self._at_source(object, pull))

    def _since(self, pull: Pull) -> str | None:
        if not pull.since:
            return None
        since = datetime.fromisoformat(pull.since["until"]) - OVERLAP
        return f"{since:%Y-%m-%dT%H:%M:%S}.000Z"

    def _at_source(self, object: Object, pull: Pull) -> int | None:
        """The org's count of all records: known for nothing after one query for all of them."""
        if pull.since:
            return pull.state.get("at_source")
        if len(pull.progress.windows) == 1:
            return pull.progress.windows[0].at_source
        return self.api.get(f"{self.root}/queryAll", q=f"SELECT COUNT() FROM {object.name}").json["totalSize"]

    def _records(self, con: duckdb.DuckDBPyConnection, object: Object, pull: Pull, since: str | None) -> None:
        where = querying.after(object, pull, since)
        is_bulk = "job" in pull.state or len(object.select(where)) > LONGEST_QUERY
        if not is_bulk:
            first = querying.first_page(self.api, self.root, object, where)
            is_bulk = first.json["totalSize"] > BULK_ABOVE
        if is_bulk:
            return bulk.read(con, self.api, self.root, object, pull, where, since)
        querying.read(con, self.api, self.root, object, pull, since, first)

    def _sweep(self, con: duckdb.DuckDBPyConnection, object: Object, pull: Pull, until: datetime) -> None:
        """All ids and their stamps against what is held: tombstones for what is gone, a fetch of what was missed."""
        table, names = KIND.tables[pull.object], sweeping.Names("Id", object.stamp)
        all_ids = self.spool.pull(f"{pull.object}-ids", {"sweep": until.isoformat()})
        self._records(con, replace(object, fields=("Id", object.stamp)), all_ids, None)
        ids = all_ids.files(object.name)
        if object.has_deletes:
            with pull.step():
                chunks.write_gone(con, pull, object.name, sweeping.gone(con, self.system, table, ids, names))
        missed = sweeping.missed(con, self.system, table, ids, pull.files(object.name), names, until)
        for first in range(0, len(missed), IDS_A_QUERY):
            querying.read_ids(con, self.api, self.root, object, pull, missed[first : first + IDS_A_QUERY])
        with pull.step() as state:
            state["at_source"] = all_ids.rows
            pull.progress.missed = len(missed)
        all_ids.forget()

    def _judge(self, answer: Answer) -> None:
        judge(answer)
        spent = usage(answer)
        if spent and spent[0] > spent[1] * (1 - LEFT_FOR_OTHERS):
            said = f"{spent[0]} of the org's {spent[1]} API calls of 24 hours are spent; the rest is left for others"
            raise ConnectorError(Trouble.QUOTA, said)
