"""The pages: what the published file says, for people who do not query. Static files, no network; one can be filtered.

They read the published file and nothing else, and decide nothing: what is held or disputed stands in the tables.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.publishing.page import triage, words
from orchestration.publishing.page.funnel import Published

HERE = Path(__file__).parent
TRIAGE, CHECKS = "triage.html", "checks/index.html"


def write(published: Path, out: Path, known_at: datetime | None = None, notices: Iterable[str] = ()) -> Path:
    """Write the page of a published DuckDB file to `out`, by rename; gives `out` back.

    `known_at` (UTC) is set where the file does not tell what is known now; `notices` are sentences for its top.
    """
    from orchestration.publishing.page import contents  # it draws with Altair, which is heavy

    beside = {name for name in (TRIAGE, CHECKS) if (out.parent / name).exists()}
    return _write(
        out,
        "template.html.j2",
        contents.read(published),
        known_at=known_at,
        notices=list(notices),
        sign=_sign(notices),
        triage=TRIAGE in beside,
        checks=CHECKS in beside,
        style=_text("style.css"),
    )


def write_triage(published: Path, out: Path, notices: Iterable[str] = ()) -> Path:
    """Write the page to work from to `out`, by rename; gives `out` back. It may run one script, which is ours."""
    file = Published(published)
    try:
        found = triage.read(file)
    finally:
        file.connection.close()
    script = _text("triage.js")
    return _write(
        out,
        "triage.html.j2",
        found,
        notices=list(notices),
        script=script,
        script_hash=f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        style=_text("style.css") + _text("triage.css"),
    )


def says(drawn: Path, notices: Iterable[str]) -> bool:
    """Whether a page that was drawn has these notices and no others on its top."""
    return _sign(notices) in drawn.read_text("utf-8")


def _sign(notices: Iterable[str]) -> str:
    return f"notices-{hashlib.sha256(json.dumps(list(notices)).encode()).hexdigest()}"


def _text(name: str) -> Markup:
    return Markup((HERE / name).read_text("utf-8"))


def _write(out: Path, template: str, found: dict, **more) -> Path:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters |= words.FILTERS
    html = environment.get_template(template).render(found, **more)
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(out.name + ".tmp")
    beside.write_text(html, "utf-8")
    os.replace(beside, out)
    return out
