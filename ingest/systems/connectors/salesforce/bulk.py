"""The records of one object by a Bulk API 2.0 query job: for many. The job outlives us: a killed load goes on.

Source: Bulk API 2.0 and Bulk API Developer Guide, “Query Jobs” (results are kept for seven days; `Sforce-Locator`).
"""

import time

import duckdb

from ingest.systems.connectors import chunks
from ingest.systems.connectors.api import Api
from ingest.systems.connectors.failures import Absent, ConnectorError, Trouble
from ingest.systems.connectors.salesforce.fields import Object
from ingest.systems.connectors.spool import Pull, Window

PAGE_ROWS = 100_000
POLL_SECONDS = (1, 2, 5, 10, 20, 30)  # between two looks at a job; the last again and again
STALLED_SECONDS = 3600  # without one more record
END = "null"


def read(
    con: duckdb.DuckDBPyConnection, api: Api, root: str, object: Object, pull: Pull, where: str, since: str | None
):
    """All records of a query, through a job, in pages; gives the job back when all is read."""
    jobs = f"{root}/jobs/query"
    if "job" not in pull.state:
        body = {"operation": "queryAll", "query": object.select(where, ordered=False), "contentType": "CSV"}
        made = api.post(jobs, body | {"columnDelimiter": "COMMA", "lineEnding": "LF"}).json["id"]
        with pull.step() as state:
            state |= {"job": made, "locator": None, "job_began_at": len(pull.progress.chunks)}
    job = f"{jobs}/{pull.state['job']}"
    try:
        total = _completed(api, job, object)
        while pull.state["locator"] != END:
            _page(con, api, job, object, pull)
    except Absent:
        pull.begin_again()
        raise ConnectorError(Trouble.VENDOR, f"{object.name}: its query job, or what came of it, is gone") from None
    except _Ended as ended:
        pull.begin_again()
        raise ConnectorError(Trouble.VENDOR, f"{object.name}: its query job ended as {ended}") from None
    came = chunks.distinct(con, pull.files(object.name, pull.state["job_began_at"]), ["Id"])
    if came != total:
        pull.begin_again()
        raise ConnectorError(Trouble.VENDOR, f"{object.name}: {came} records came of a job that counts {total}")
    with pull.step() as state:
        pull.counted(Window(since, None, total, came))
        for name in ("job", "locator", "job_began_at"):
            del state[name]
    api.ask("DELETE", job)


class _Ended(Exception):
    """A job that will never be complete."""


def _completed(api: Api, job: str, object: Object) -> int:
    """Wait until a job is done; how many records it counts."""
    began, most, looks = time.monotonic(), -1, 0
    while True:
        said = api.get(job).json
        if said["state"] == "JobComplete":
            return said["numberRecordsProcessed"]
        if said["state"] in ("Failed", "Aborted"):
            raise _Ended(f"{said['state']}: {str(said.get('errorMessage', 'no reason'))[:200]}")
        if said.get("numberRecordsProcessed", 0) > most:
            began, most = time.monotonic(), said.get("numberRecordsProcessed", 0)
        if time.monotonic() - began > STALLED_SECONDS:
            raise ConnectorError(Trouble.VENDOR, f"{object.name}: its query job has stood still for an hour")
        time.sleep(POLL_SECONDS[min(looks, len(POLL_SECONDS) - 1)])
        looks += 1


def _page(con: duckdb.DuckDBPyConnection, api: Api, job: str, object: Object, pull: Pull) -> None:
    """One page of results into a chunk; where the next begins is kept with it."""
    file = pull.folder / "page.csv"
    params = {"maxRecords": PAGE_ROWS} | ({"locator": pull.state["locator"]} if pull.state["locator"] else {})
    answer = api.fetch(f"{job}/results", file, params=params, headers={"accept": "text/csv"})
    said, following = answer.headers.get("sforce-numberofrecords"), answer.headers.get("sforce-locator")
    if said is None or following is None or following == pull.state["locator"]:
        raise ConnectorError(Trouble.VENDOR, f"{object.name}: a page of results without its count, or the same again")
    with pull.step() as state:
        rows = chunks.write(con, pull, object.name, chunks.csv(file, list(object.fields)))
        if rows != int(said):
            raise ConnectorError(Trouble.NETWORK, f"{object.name}: {rows} records came of a page of {said}")
        state["locator"] = following
    file.unlink()
