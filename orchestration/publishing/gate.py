"""The gate: what the warehouse holds is published when nothing speaks against it, and else nothing is."""

from ingest.settings import Settings
from ingest.warehouse import connect

from orchestration.publishing import evidence
from orchestration.publishing.failures import PublishingError
from orchestration.publishing.publication import Publication, publish

SHOWN = 10


def pass_through(settings: Settings, needed: evidence.Needed) -> Publication:
    """Publish what the warehouse holds; PublishingError when not all that is needed was built, tested and audited."""
    with connect(settings) as connection:
        against = evidence.objections(connection, needed)
    if against:
        more = f" And {len(against) - SHOWN} more." if len(against) > SHOWN else ""
        raise PublishingError(f"Nothing is published: {' '.join(against[:SHOWN])}{more}")
    return publish(
        settings.warehouse,
        settings.data,
        settings.clock(),
        personal_data=settings.read_sources().publish_personal_data,
        keep=settings.keep_publications,
        memory_limit=settings.memory_limit,
    )
