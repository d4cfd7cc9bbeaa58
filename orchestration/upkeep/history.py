"""What Dagster remembers, bounded: megabytes of events and logs a run, a hundred megabytes of reasons a load.

The last runs stay however old they are, for by them Dagster knows what is up to date.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg

KEPT_DAYS, KEPT_RUNS = 90, 500
REASONS_KEPT_HOURS = 24  # why the automation asked for something, or did not: shown on Dagster's pages, read by nobody
AT_ONCE = 200
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def forget(instance: dg.DagsterInstance, moment: datetime) -> int:
    """Delete what is older than that at a moment, runs some at a time; gives back how many runs."""
    instance.schedule_storage.purge_asset_evaluations((moment - timedelta(hours=REASONS_KEPT_HOURS)).timestamp())
    last = {record.dagster_run.run_id for record in instance.get_run_records(limit=KEPT_RUNS)}
    old = dg.RunsFilter(statuses=ENDED, created_before=moment - timedelta(days=KEPT_DAYS))
    found = [record.dagster_run.run_id for record in instance.get_run_records(old, limit=AT_ONCE, ascending=True)]
    forgotten = [run_id for run_id in found if run_id not in last]
    for run_id in forgotten:
        instance.delete_run(run_id)
        _remove_files(Path(instance.root_directory), run_id)
    return len(forgotten)


def _remove_files(home: Path, run_id: str) -> None:
    """What Dagster leaves of a deleted run: its emptied file of events, and what its steps printed."""
    for file in (home / "history" / "runs").glob(f"{run_id}.db*"):
        file.unlink()
    shutil.rmtree(home / "storage" / run_id, ignore_errors=True)
