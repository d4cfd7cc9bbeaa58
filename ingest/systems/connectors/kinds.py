"""Kind of system → its connector."""

from typing import Protocol

import duckdb

from ingest import credentials
from ingest.credentials import CredentialsError
from ingest.sources import System
from ingest.systems.connectors.api import Api
from ingest.systems.connectors.failures import ConnectorError, Trouble
from ingest.systems.connectors.salesforce import Salesforce
from ingest.systems.connectors.spool import Pull, Spool


class Connector(Protocol):
    """What a vendor's package does: fetch its objects, one after another, each from where the last load ended.

    An object is named as the raw table that holds its records, so that what is counted of both can be compared.
    """

    objects: tuple[str, ...]
    api: Api

    def look(self, object: str) -> set[str]:
        """The fields that an object has, by their vendor's names; raises ConnectorError, or Absent."""

    def pull(self, con: duckdb.DuckDBPyConnection, pull: Pull) -> None:
        """Fetch one object to its end, and finish the pull; raises ConnectorError, or Absent for one that is not there.

        `con` is the warehouse's: for SQL over chunks, and to see what is held already.
        """


CONNECTORS = {"salesforce": Salesforce}


def connector(system: System, spool: Spool) -> Connector:
    """The connector of a system, with its credentials; raises ConnectorError where they are missing."""
    try:
        found = credentials.read(system.kind, system.name)
    except CredentialsError as error:
        raise ConnectorError(Trouble.CREDENTIALS, str(error)) from None
    return CONNECTORS[system.kind](system, found, spool)
