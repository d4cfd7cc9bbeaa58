"""The steps of the line that are not dbt, each to be run in a process of its own: `python steps.py STEP`.

Which company, data dir and agreement: ONEFUNNEL_SOURCES, ONEFUNNEL_DATA, ONEFUNNEL_AGREEMENT. Nothing is measured here.
"""

import sys

from ingest.settings import Settings


def load(settings: Settings) -> None:
    """The agreement, and every connected system."""
    from ingest import agreement
    from ingest.systems.connected import LOADS

    agreement.load(settings)
    for kind in sorted({system.kind for system in settings.read_sources().systems}):
        LOADS[kind](settings)


def import_checks(settings: Settings) -> None:
    """What every audit pays before its first question, whatever the size of the company."""
    from expectations import validation  # noqa: F401


def checks(settings: Settings) -> None:
    """Every mart's suite; what they find is no matter here, that they ran is."""
    import expectations

    for result in expectations.audit_all(settings.warehouse).values():
        unasked = [check.message for check in result.checks if check.outcome == "could_not_run"]
        assert not unasked, f"{result.mart}: {unasked[0]}"


def publish(settings: Settings) -> None:
    """The published file, its Parquet twin, and the page."""
    from orchestration.publishing import page
    from orchestration.publishing.publication import publish as write

    published = write(settings.warehouse, settings.data, settings.clock()).file
    page.write(published, published.parent / "index.html")


if __name__ == "__main__":
    {"load": load, "import_checks": import_checks, "checks": checks, "publish": publish}[sys.argv[1]](Settings())
