"""Whom to tell, and when: a sensor that looks at checks, reports, runs and freshness, and delivers what is to be told.

What is found is kept before anything else happens, with the position up to which was looked; Dagster's own cursors
are not used, for they move before a message has arrived.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import dagster as dg
from ingest.settings import Settings

from orchestration.alerts import heartbeat, outbox, store
from orchestration.alerts import targets as receivers
from orchestration.alerts.delivery import deliver
from orchestration.alerts.evaluations import Place, check_findings, gone_findings
from orchestration.alerts.findings import Finding
from orchestration.alerts.freshness import freshness_findings
from orchestration.alerts.runs import run_findings
from orchestration.defs.events import zone


@dg.sensor(minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def alerts(context: dg.SensorEvaluationContext):
    """Tells the log and the targets of alerts.yml what failed, got worse or recovered; a digest of the rest a day."""
    keys = context.repository_def.asset_graph.asset_check_keys
    tell(context.instance, keys, Settings(), context.log.warning)
    return dg.SkipReason("Looked at every check; this sensor starts no runs.")


def tell(
    instance: dg.DagsterInstance,
    keys: Iterable[dg.AssetCheckKey],
    settings: Settings,
    log: Callable[[str], None],
    by: heartbeat.By = "sensor",
) -> None:
    """Notice what opened, got worse or recovered since the last look, and deliver what is still to be told."""
    data, file = settings.data.absolute(), settings.sources.absolute().parent / "alerts.yml"
    known, problems = _targets(file, log)
    with store.held(data, "look", wait=True):  # two looks at once could take what is older for what is newer
        moment = datetime.now(UTC)  # the people who are told live now, whatever moment is simulated
        found, position = _findings(instance, keys, settings, moment)
        page = _place(settings).first("triage.html", "index.html")
        look = outbox.Look(by, moment, found, position, frozenset(receivers.secrets(file)), page)
        for sentence in outbox.take(data, look, known, problems):
            log(sentence)
    deliver(data, known or [], log)


def _targets(file, log: Callable[[str], None]) -> tuple[list[receivers.Target] | None, dict[str, str]]:
    try:
        return receivers.read(file), {}
    except receivers.TargetsError as error:
        log(str(error))
        return None, {"alerts.yml": f"Nobody is told anything: {error}"}


def _findings(
    instance: dg.DagsterInstance, keys: Iterable[dg.AssetCheckKey], settings: Settings, moment: datetime
) -> tuple[list[Finding], str | None]:
    data, keys = settings.data.absolute(), list(keys)
    broken, position = run_findings(instance, outbox.position(data))
    found = [
        *check_findings(instance, keys, _place(settings)),
        *gone_findings(outbox.open_keys(data), keys),
        *broken,
        *freshness_findings(instance, settings, zone(settings), moment),
    ]
    return found, position


def _place(settings: Settings) -> Place:
    return Place(settings.data.absolute() / "published", settings.page_url)
