"""The credentials of one connected system, from `ONEFUNNEL_<SYSTEM>_…`; secrets never show in a text.

What a vendor's API does with them is the business of `ingest.systems.connectors`.
"""

import re
from pathlib import Path

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings


class CredentialsError(Exception):
    """Which variables are missing or wrong, never their values."""


class Salesforce(BaseSettings):
    """OAuth by client credentials (`client_secret`), or by JWT bearer (`username` and a private key, PEM)."""

    url: str
    client_id: str
    client_secret: SecretStr | None = None
    username: str | None = None
    private_key: SecretStr | None = None
    private_key_file: Path | None = None

    @property
    def key(self) -> str | None:
        """The private key itself, wherever it stands."""
        if self.private_key:
            return self.private_key.get_secret_value()
        return self.private_key_file.read_text() if self.private_key_file else None


class Marketo(BaseSettings):
    """A LaunchPoint service: the REST address (https://….mktorest.com), its id and secret."""

    url: str
    client_id: str
    client_secret: SecretStr


class Hubspot(BaseSettings):
    """A private app's access token."""

    url: str = "https://api.hubapi.com"
    token: SecretStr


VENDORS = {"salesforce": Salesforce, "marketo": Marketo, "hubspot": Hubspot}


def prefix(system: str) -> str:
    """`emea-salesforce` → `ONEFUNNEL_EMEA_SALESFORCE_`."""
    return f"ONEFUNNEL_{re.sub(r'[^A-Za-z0-9]', '_', system).upper()}_"


def read(kind: str, system: str) -> Salesforce | Marketo | Hubspot:
    """The credentials of a system of a vendor's kind; raises CredentialsError naming each variable that is wrong."""
    begins = prefix(system)
    try:
        found = VENDORS[kind](_env_prefix=begins)
    except ValidationError as error:
        names = [f"{begins}{str(one['loc'][0]).upper()}" for one in error.errors()]
        raise CredentialsError(f"{', '.join(names)}: missing or unreadable in the environment") from None
    if isinstance(found, Salesforce) and not found.client_secret and not (found.username and _has_key(found)):
        both = f"{begins}CLIENT_SECRET, or {begins}USERNAME and {begins}PRIVATE_KEY (or …_PRIVATE_KEY_FILE)"
        raise CredentialsError(f"{both}: missing in the environment")
    return found


def _has_key(found: Salesforce) -> bool:
    try:
        return bool(found.key)
    except OSError:
        raise CredentialsError(f"{found.private_key_file}: cannot be read; it is named as private key") from None
