"""What can go wrong with a vendor's API, in one vocabulary: each says what happened and what to do next.

A text never holds a value of a record, an address with its query, or a secret.
"""

from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """Which sort of trouble: whose turn it is follows from it."""

    CREDENTIALS = "credentials"
    PERMISSION = "permission"
    QUOTA = "quota"
    VENDOR = "vendor fault"
    SHAPE = "shape"
    NETWORK = "network"


NEXT = {
    Trouble.CREDENTIALS: "renew the credentials in the environment (README, “Connect a system by its API”)",
    Trouble.PERMISSION: "give the integration user this permission in the vendor's settings",
    Trouble.QUOTA: "run again after the quota is reset; what was fetched is kept, and the next run goes on from there",
    Trouble.VENDOR: "run again later; what was fetched is kept; if it stays, the vendor's status page or support",
    Trouble.SHAPE: "compare what the vendor changed; map or declare it, then run again",
    Trouble.NETWORK: "check the connection and the address, then run again; what was fetched is kept",
}


class Absent(Exception):
    """The vendor does not have, or does not show us, what was asked for."""


class ConnectorError(Exception):
    """Why an object, or a whole system, could not be fetched. `resumes_at`: when a spent quota is reset, if known."""

    def __init__(self, trouble: Trouble, said: str, resumes_at: datetime | None = None):
        self.trouble, self.said, self.resumes_at = trouble, said, resumes_at
        super().__init__(said)

    def __str__(self) -> str:
        then = f" (reset at {self.resumes_at:%Y-%m-%d %H:%M} UTC)" if self.resumes_at else ""
        return f"{self.trouble}: {self.said}{then}; {NEXT[self.trouble]}"

    @property
    def stops_the_system(self) -> bool:
        """Whether no other object of this system can be fetched either."""
        return self.trouble in (Trouble.CREDENTIALS, Trouble.QUOTA, Trouble.NETWORK)
