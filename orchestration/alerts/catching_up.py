"""What is due by the clock alone: messages that waited for the end of quiet hours or for their target, the digest."""

from collections.abc import Callable
from datetime import UTC, datetime

from ingest.settings import Settings

from orchestration.alerts import outbox, store, targets
from orchestration.alerts.delivery import deliver


def catch_up(settings: Settings, log: Callable[[str], None]) -> None:
    """Tell what is due, where a run has nothing to do and so nothing new to look at."""
    data, file = settings.data.absolute(), settings.sources.absolute().parent / "alerts.yml"
    try:
        known = targets.read(file)
        look = outbox.Look("run", datetime.now(UTC), [], secrets=frozenset(targets.secrets(file)))
        for sentence in outbox.take(data, look, known):
            log(sentence)
        deliver(data, known, log)
    except (targets.TargetsError, store.StoreError) as error:
        log(str(error))
