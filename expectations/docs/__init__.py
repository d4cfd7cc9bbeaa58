"""The data docs: one page for each suite, and one that lists them; each a file that needs no network and no script.

Great Expectations' own pages are not used: their styles and scripts come from a dozen places on the network, and they
know neither an owner nor a link, nor a check that could not run. Beside each page lies what it was drawn from, as JSON,
so that one audit can draw the list of all. Values were made harmless by the audit; the template escapes them.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from expectations.auditing import AuditResult
from expectations.catalogue import SUITES

OUTCOMES = {"could_not_run": "could not run", "failed": "failed", "passed": "passed"}
HERE = Path(__file__).parent


def write(folder: Path, result: AuditResult, *, audited_at: datetime, built_at: datetime | None) -> Path:
    """Draw the page of a suite, then the list of all, each replaced in one call; the path of the suite's page."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {
        "mart": result.mart,
        "audited_at": f"{audited_at:%Y-%m-%d %H:%M:%S}",
        "built_at": f"{built_at:%Y-%m-%d %H:%M:%S}" if built_at else None,
        "checks": [asdict(check) for check in result.checks],
    }
    page = folder / f"{result.mart}.html"
    _replace(page, _template("suite.html.j2").render(suite=found, outcomes=OUTCOMES, style=_style()))
    _replace(folder / f"{result.mart}.json", json.dumps(found, indent=1))
    listed = _audited(folder)
    _replace(folder / "index.html", _template("index.html.j2").render(suites=listed, outcomes=OUTCOMES, style=_style()))
    return page


def _audited(folder: Path) -> Sequence[dict[str, Any]]:
    """Every suite there is, as its last audit found it, or with no check where none was kept."""
    suites = []
    for mart in SUITES:
        file = folder / f"{mart}.json"
        found = json.loads(file.read_text()) if file.exists() else {"mart": mart, "audited_at": None, "checks": []}
        counts = {name: sum(check["outcome"] == name for check in found["checks"]) for name in OUTCOMES}
        suites.append(found | {"counts": counts})
    return suites


def _replace(file: Path, text: str) -> None:
    """A reader sees the old page or the new one."""
    beside = file.with_name(f"{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, file)


@cache
def _template(name: str):
    import jinja2  # only where it draws

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["sentence"] = lambda name: name.replace("_", " ").capitalize()
    return environment.get_template(name)


@cache
def _style() -> str:
    return (HERE / "style.css").read_text()
