"""How every check stands: failed, could not run, well; and the fate of each report, which is shown as a check.

A run-failure sensor never sees a failed warning, and the event records of checks cannot be read after a cursor on the
default storage: so the latest evaluation of every check is looked at, and the outbox knows what was told about it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
from dagster import DagsterEventType

from orchestration.alerts import signs
from orchestration.alerts.findings import Finding

BLOCKS = "Nothing is published until it passes; what was published before still stands. Mend its cause and run again."
ONLY_WARNS = "Everything is published all the same. Correct the records in their systems, or the expectation."
HELD = "Its tables stay as they were. Correct the people on whom the systems disagree, the worst first."
NOT_JUDGED = "Its tables stay as they were. See why it could not be judged, and run again."
UNASKED = "Nothing is published until they run. Mend what keeps them from running, and run again."


@dataclass(frozen=True)
class Place:
    """Where people look: the published folder, or the address under which they open it."""

    published: Path
    page_url: str | None

    def of(self, path: str) -> str:
        """The address of a file of the published folder, named by its path in there or by its whole path."""
        inside = Path(path).relative_to(self.published) if Path(path).is_relative_to(self.published) else Path(path)
        return f"{self.page_url.rstrip('/')}/{inside}" if self.page_url else str(self.published / inside)

    def first(self, *paths: str) -> str:
        """Of the first that there is."""
        return self.of(next((path for path in paths if (self.published / path).exists()), paths[-1]))


def check_findings(instance: dg.DagsterInstance, keys: Iterable[dg.AssetCheckKey], place: Place) -> Iterator[Finding]:
    """How every check that was ever evaluated stands; those of one asset that could not run are one finding."""
    unasked: dict[str, list] = defaultdict(list)
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(keys))
    for key, record in latest.items():
        event = record.event and record.event.dagster_event
        if not event or event.event_type != DagsterEventType.ASSET_CHECK_EVALUATION:
            continue  # planned, but the run stopped before: the step that stopped it is told
        evaluation = event.asset_check_evaluation_data
        values = {name: value.value for name, value in evaluation.metadata.items()}
        asset = key.asset_key.to_user_string()
        if values.get(signs.OUTCOME) == "could_not_run":
            unasked[asset].append((evaluation, values))
            continue
        unasked[asset] += []
        found = _report_finding if signs.REPORT_STATUS in values else _check_finding
        yield found(asset, evaluation, values, place)
    for asset, checks in unasked.items():
        yield _unasked_finding(asset, checks, place)


def gone_findings(open_keys: Iterable[str], keys: Iterable[dg.AssetCheckKey]) -> Iterator[Finding]:
    """The end of what was wrong with checks that there are no more."""
    places = [(key.asset_key.to_user_string(), key.name) for key in keys]
    there = {
        sign for asset, name in places for sign in (f"check/{asset}/{name}", f"report/{name}", f"could_not_run/{asset}")
    }
    for gone in sorted(set(open_keys) - there):
        kind, _, name = gone.partition("/")
        if kind in ("check", "report", "could_not_run"):
            yield Finding(gone, "ok", "warn", None, "", f"{name} is no longer checked")


def _check_finding(asset: str, evaluation: dg.AssetCheckEvaluation, values: dict, place: Place) -> Finding:
    name, blocks = evaluation.check_name, evaluation.severity == dg.AssetCheckSeverity.ERROR
    return Finding(
        key=f"check/{asset}/{name}",
        condition="ok" if evaluation.passed else "failed",
        severity="error" if blocks else "warn",
        team=values.get(signs.OWNER) or None,
        title=f"{asset}: the check {name} failed",
        recovered=f"{asset}: the check {name} passes again",
        meaning=values.get(signs.MEANING) or "",
        detail=evaluation.description or "",
        todo=BLOCKS if blocks else ONLY_WARNS,
        look=_docs(asset, values, place),
        failed=values.get(signs.FAILED),
        checked=values.get(signs.CHECKED),
        ids=tuple(map(str, _json(values.get(signs.IDS), []))),
        links={key: tuple(urls) for key, urls in _json(values.get(signs.LINKS), {}).items()},
    )


def _report_finding(asset: str, evaluation: dg.AssetCheckEvaluation, values: dict, place: Place) -> Finding:
    name, status = evaluation.check_name, values[signs.REPORT_STATUS]
    held = status == "held"
    return Finding(
        key=f"report/{name}",
        condition="ok" if status == "fresh" else status,
        severity="error" if status == "could_not_run" else "warn",
        team=values.get(signs.OWNER) or None,
        title=f"The report {name} is held" if held else f"The report {name} could not be judged",
        recovered=f"The report {name} is released",
        detail=values.get("reason", ""),
        todo=HELD if held else NOT_JUDGED,
        look=place.first("triage.html", "index.html") if held else place.of("index.html"),
    )


def _unasked_finding(asset: str, checks: Sequence[tuple], place: Place) -> Finding:
    first, values = checks[0] if checks else (None, {})
    return Finding(
        key=f"could_not_run/{asset}",
        condition="could_not_run" if checks else "ok",
        severity="error",
        team=values.get(signs.OWNER) or None,
        title=f"{asset}: {len(checks)} {'check' if len(checks) == 1 else 'checks'} could not run",
        recovered=f"{asset}: its checks run again",
        detail=(first.description or "") if first else "",
        todo=UNASKED,
        look=_docs(asset, values, place),
    )


def _docs(asset: str, values: dict, place: Place) -> str:
    docs = values.get(signs.DOCS)
    return place.of(str(docs)) if docs else place.first(f"checks/{asset}.html", "index.html")


def _json(value: object, default: object) -> object:
    return json.loads(value) if isinstance(value, str) else value or default
