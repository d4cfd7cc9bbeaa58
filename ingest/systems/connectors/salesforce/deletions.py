"""Records that are gone: those whose deletion `queryAll` no longer shows, by `getDeleted`.

Source: REST API Developer Guide, “sObject Get Deleted” (at most 30 days back; `latestDateCovered`).
"""

from datetime import UTC, datetime, timedelta

import duckdb
import orjson

from ingest.systems.connectors import chunks
from ingest.systems.connectors.api import Api
from ingest.systems.connectors.salesforce.fields import Object
from ingest.systems.connectors.spool import Pull

BACK = timedelta(days=29)


def read(
    con: duckdb.DuckDBPyConnection, api: Api, root: str, object: Object, pull: Pull, since: datetime, until: datetime
):
    """Tombstones for what was deleted between two moments, as far back as Salesforce tells."""
    start = max(since, until - BACK)
    if until - start < timedelta(minutes=1):  # closer together they are an error
        return
    answer = api.get(f"{root}/sobjects/{object.name}/deleted/", start=_moment(start), end=_moment(until))
    if not answer.json["deletedRecords"]:
        return
    page = pull.folder / chunks.PAGES
    page.write_bytes(orjson.dumps(answer.json))
    fields = {"id": chunks.TEXT, "deletedDate": chunks.TEXT}
    with pull.step():
        chunks.write_gone(con, pull, object.name, chunks.records(page, "deletedRecords", fields))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
