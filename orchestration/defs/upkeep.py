"""What runs by itself so that an installation does not grow for ever."""

from datetime import UTC, datetime

import dagster as dg

from orchestration.upkeep import history


@dg.sensor(
    minimum_interval_seconds=60 * 60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Once an hour: deletes what Dagster need not remember any more of runs and automation; starts none.",
)
def old_history(context: dg.SensorEvaluationContext):
    """Nothing but what `history.forget` does."""
    forgotten = history.forget(context.instance, datetime.now(UTC))
    return dg.SkipReason(f"{forgotten} runs were older than {history.KEPT_DAYS} days: deleted.")
