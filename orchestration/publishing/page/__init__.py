"""The page: what the published file says, for people who do not query. One static file, no network, no script.

It reads the published file and nothing else; it decides nothing: what is held, mature or disputed stands in the tables.
"""

import os
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.publishing.page import contents, words

HERE = Path(__file__).parent


def write(published: Path, out: Path, known_at: datetime | None = None) -> Path:
    """Write the page of a published DuckDB file to `out`, by rename; gives `out` back.

    `known_at` (UTC) is set where the file does not tell what is known now.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters |= words.FILTERS
    html = environment.get_template("template.html.j2").render(
        contents.read(published), known_at=known_at, style=Markup((HERE / "style.css").read_text("utf-8"))
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(out.name + ".tmp")
    beside.write_text(html, "utf-8")
    os.replace(beside, out)
    return out
