"""The one place that reads the environment and sources.yml.

Credentials and paths come from here and nowhere else; a module that needs one is handed it. What sources.yml may say
stands in `ingest.sources`.
"""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.sources import Sources, read

REPOSITORY = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where things are, from `ONEFUNNEL_*`: data dir, sources.yml, the agreement's folder, a fixed clock,
    the cron of the sweep, the address under which people open `published/`."""

    model_config = SettingsConfigDict(env_prefix="ONEFUNNEL_")

    data: Path = Path("data")
    sources: Path = Path("sources.yml")
    agreement: Path = REPOSITORY / "dbt_project" / "agreement"
    now: datetime | None = None
    user: str | None = None
    lock_wait_seconds: float = 60
    schedule: str | None = None
    memory_limit: str = "3GB"
    keep_publications: int = Field(10, ge=1)
    page_url: str | None = None

    @property
    def warehouse(self) -> Path:
        """The working DuckDB file; it belongs to the pipeline alone."""
        return self.data.absolute() / "warehouse.duckdb"

    def clock(self) -> datetime:
        """The moment that this load happens, UTC: `ONEFUNNEL_NOW` if it is set, else the wall clock."""
        moment = self.now or datetime.now(UTC)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    def read_sources(self) -> Sources:
        """The connected systems, with absolute paths; raises `ingest.sources.SourcesError` with every fault."""
        return read(self.sources)
