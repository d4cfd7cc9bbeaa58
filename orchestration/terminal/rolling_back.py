"""After a rollback: the page, the checks and the assets in Dagster say what readers see now."""

import os

from ingest.settings import Settings
from rich.console import Console

from orchestration.publishing.kept import Kept
from orchestration.terminal.running import as_it_is, home, quiet


def tell(settings: Settings, console: Console, publication: Kept, *, verbose: bool) -> str:
    """Note the rollback in Dagster, judge each report's fate again and draw the page; what failed, or nothing.

    The rollback itself needs none of this: it also works where the definitions cannot be read.
    """
    os.environ["DAGSTER_HOME"] = str(home(settings))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    log = settings.data.absolute() / "logs" / "rollback.log"
    with quiet(log, console) if not verbose else as_it_is(console):
        try:
            return _noted(publication)
        except Exception as error:
            return str(error)


def _noted(publication: Kept) -> str:
    import dagster as dg

    from orchestration.alerts.runs import why
    from orchestration.defs.page import page
    from orchestration.defs.published import fates
    from orchestration.defs.resources import Warehouse

    note = f"Rolled back to publication {publication.number} of {publication.published_at:%Y-%m-%d %H:%M:%S} UTC."
    metadata = {"publication": publication.number, "file": dg.MetadataValue.path(str(publication.file))}
    with dg.DagsterInstance.get() as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization("published", description=note, metadata=metadata))
        result = dg.materialize(
            [page, fates],
            selection=dg.AssetSelection.assets(page) | dg.AssetSelection.checks(fates),
            instance=instance,
            resources={"warehouse": Warehouse()},
            raise_on_error=False,
        )
    return " ".join(why(event) for event in result.all_events if event.is_step_failure)
