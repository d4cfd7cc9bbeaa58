"""OAuth 2.0 with Salesforce: client credentials, or a JWT that is signed with our key. The token lives in memory only.

Source: Salesforce Help, “OAuth 2.0 Client Credentials Flow” and “OAuth 2.0 JWT Bearer Flow for Server-to-Server
Integration”.
"""

import time

import httpx
import jwt

from ingest.credentials import Salesforce
from ingest.systems.connectors.api import TIMEOUT, Again
from ingest.systems.connectors.failures import ConnectorError, Trouble

TOKEN = "/services/oauth2/token"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTED_SECONDS = 180  # Salesforce takes no assertion that ends later than in five minutes
AUDIENCES = ("https://login.salesforce.com", "https://test.salesforce.com")


class SignedIn:
    """Access to one org."""

    def __init__(self, credentials: Salesforce):
        self.credentials, self._token = credentials, ""
        self.url = credentials.url.rstrip("/")

    def headers(self) -> dict[str, str]:
        """The bearer; signs in once."""
        if not self._token:
            self.renew()
        return {"authorization": f"Bearer {self._token}"}

    def renew(self) -> None:
        """A new token; raises ConnectorError, with the vendor's word for what is wrong."""
        response = httpx.post(f"{self.credentials.url.rstrip('/')}{TOKEN}", data=self._grant(), timeout=TIMEOUT)
        try:
            said = response.json()
        except ValueError:
            said = {}
        if response.status_code >= 500 or (response.status_code == 200 and "access_token" not in said):
            raise Again(f"signing in: status {response.status_code}")
        if response.status_code != 200:
            reason = f"{said.get('error', response.status_code)} ({said.get('error_description', 'no description')})"
            raise ConnectorError(Trouble.CREDENTIALS, f"signing in was refused: {reason}")
        self._token = said["access_token"]
        self.url = said.get("instance_url", self.url)

    def _grant(self) -> dict[str, str]:
        own = self.credentials
        if own.client_secret:
            secret = own.client_secret.get_secret_value()
            return {"grant_type": "client_credentials", "client_id": own.client_id, "client_secret": secret}
        audience = AUDIENCES["sandbox" in own.url or "test.salesforce" in own.url]
        claims = {
            "iss": own.client_id,
            "sub": own.username,
            "aud": audience,
            "exp": int(time.time()) + ASSERTED_SECONDS,
        }
        try:
            return {"grant_type": JWT_BEARER, "assertion": jwt.encode(claims, own.key, algorithm="RS256")}
        except (ValueError, TypeError, jwt.PyJWTError):
            raise ConnectorError(Trouble.CREDENTIALS, "the private key is no RSA key in PEM") from None
