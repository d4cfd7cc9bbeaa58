"""What if: all history under a draft, in force for all time, beside what the signed agreement made of it.

What stands is what the last run built. The draft is replayed over the same raw rows and compared; nothing is published.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from ingest import preflight
from ingest.agreement import Agreement, read_draft
from ingest.agreement.differences import Difference
from ingest.agreement.differences import differences as between
from ingest.agreement.rows import rows
from ingest.settings import Settings

from orchestration import changes
from orchestration import dbt as project
from orchestration.publishing import evidence
from orchestration.replays import building
from orchestration.replays.building import ReplayError
from orchestration.replays.differences import Differences, differences
from orchestration.replays.moments import newest

Step = Callable[[str], AbstractContextManager[Callable[[], None]]]
NEEDED = ["+people", "+person_records", "+stage_history", "+stage_mismatches", "+mismatch_effects", "+definitions",
          "+int_reports_judged", "+tag:report"]  # fmt: skip
REBUILT = {
    "agreement": "the signed agreement was changed",
    "dbt_project": "the models were changed",
}


@dataclass(frozen=True)
class WhatIf:
    """A draft's name and version, what it says otherwise than the newest signed version, and what follows from it."""

    name: str
    draft: Agreement
    signed: list[Agreement]
    data_as_of: datetime | None
    keys: list[Difference]
    found: Differences
    warnings: list[str]


def replay(settings: Settings, file: Path, step: Step) -> WhatIf:
    """Replay all history under a draft; raises AgreementError or ReplayError before anything is built.

    The caller holds the turn, and shows each `step`.
    """
    with building.scratch(settings, "what-if") as place:
        with step("draft_reading"):
            signed, connected, _ = building.remembered(place, building.naive_utc(settings.clock()))
            draft = read_draft(file, signed)
            looked_at = preflight.check_draft(draft, connected, file.name)
            if looked_at.errors:
                raise ReplayError("The draft does not fit what is connected: " + "; ".join(looked_at.errors))
            data_as_of = _as_a_run_left_it(settings)
            building.prepare(place, rows([draft], [*signed, draft]), connected, None)
        with step("replay_building") as moved:
            building.explained(building.build(place, ["run", "--select", *NEEDED], None, moved), place)
        with step("draft_comparing"), place.opened() as con:
            found = differences(con)
    warnings = [*looked_at.warnings, *_since_the_run(settings)]
    return WhatIf(file.name, draft, signed, data_as_of, between(signed[-1], draft), found, warnings)


def _as_a_run_left_it(settings: Settings) -> datetime | None:
    """Through when the data is complete; raises ReplayError where the marts are not of all that was loaded."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        against = evidence.objections(con, evidence.Needed(project.nodes(project.prepare_manifest())))
        if against:
            raise ReplayError(f"There is nothing to compare with until `onefunnel run` has succeeded: {against[0]}")
        built, data_as_of = con.execute("select known_at, data_as_of from intermediate.int_clock").fetchone()
    with duckdb.connect() as con:
        building.attach(con, settings)
        loaded = newest(con)
    if loaded != built:
        raise ReplayError("Exports were loaded after the marts were built: run `onefunnel run` first.")
    return data_as_of


def _since_the_run(settings: Settings) -> list[str]:
    return [
        f"Since the last run {what}: part of what differs may come from there. `onefunnel run` settles it."
        for name, what in REBUILT.items()
        if name in changes.changed(settings)
    ]
