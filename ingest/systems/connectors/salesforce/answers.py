"""What an answer of Salesforce's REST API means.

Source: REST API Developer Guide, “Status Codes and Error Responses”.
"""

import re

from ingest.systems.connectors.api import Again, Answer, Unauthorised
from ingest.systems.connectors.failures import Absent, ConnectorError, Trouble

USAGE = re.compile(r"api-usage=(\d+)/(\d+)")
PASSING = {"UNABLE_TO_LOCK_ROW", "QUERY_TIMEOUT", "SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION"}
FORBIDDEN = {
    "API_DISABLED_FOR_ORG",
    "INSUFFICIENT_ACCESS",
    "INSUFFICIENT_ACCESS_OR_READONLY",
    "FUNCTIONALITY_NOT_ENABLED",
}
UNKNOWN = {"INVALID_TYPE", "NOT_FOUND", "INVALID_TYPE_FOR_OPERATION"}


class LocatorGone(Exception):
    """The server has forgotten where a query was: ask it anew from the last record."""


def usage(answer: Answer) -> tuple[int, int] | None:
    """Calls made in the last 24 hours and how many are allowed, by `Sforce-Limit-Info`."""
    found = USAGE.search(answer.headers.get("sforce-limit-info", ""))
    return (int(found[1]), int(found[2])) if found else None


def judge(answer: Answer) -> None:
    """Raises what a bad answer means."""
    if answer.status < 400:
        return
    errors = answer.json if isinstance(answer.json, list) else [answer.json] if isinstance(answer.json, dict) else []
    code = next((one.get("errorCode", "") for one in errors if isinstance(one, dict)), "")
    said = f"{code or 'no error code'} (status {answer.status})"
    if answer.status == 401 or code == "INVALID_SESSION_ID":
        raise Unauthorised(said)
    if code == "REQUEST_LIMIT_EXCEEDED":
        spent = usage(answer)
        if spent and spent[0] < spent[1]:
            raise Again("too many requests at once", trouble=Trouble.QUOTA)
        raise ConnectorError(Trouble.QUOTA, "the org's API calls of 24 hours are spent")
    if code == "INVALID_QUERY_LOCATOR":
        raise LocatorGone(said)
    if code in PASSING:
        raise Again(said)
    if code in FORBIDDEN or answer.status == 403:
        raise ConnectorError(Trouble.PERMISSION, said)
    if code in UNKNOWN or answer.status == 404:
        raise Absent(said)
    if 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
        raise ConnectorError(Trouble.SHAPE, f"{said}: {_safe(errors)}")


def _safe(errors: list) -> str:
    """What Salesforce says of a question that it did not understand; the question is ours and holds no record."""
    return " ".join(str(one.get("message", "")) for one in errors if isinstance(one, dict)).split("\n")[0][:300]
