"""A small agreement that is right, written by hand, and how a test makes one key of it wrong."""

from pathlib import Path

import pytest

from ingest.agreement import Agreement, AgreementError, read

RIGHT = """\
version: 1
effective_from: 2025-01-01
signed:
  marketing: {role: VP Marketing, on: 2024-12-12}
  sales: {role: VP Sales, on: 2024-12-12}
timezone: Europe/Berlin
stages:
  - {name: inquiry, owner: marketing}
  - {name: mql, owner: marketing}
  - {name: sal, owner: sales}
  - {name: won, owner: sales, unit: opportunity}
exits:
  recycled: {owner: sales, reopens: true}
  lost: {owner: sales, reopens: true, unit: opportunity}
stage_sources:
  - name: deals
    system: crm
    side: crm
    field: opportunity.stage
    values: {Closed Won: won, Closed Lost: lost}
  - name: status
    system: crm
    side: crm
    field: lead.status
    values: {Open: {from: inquiry, to: mql}, Working: sal, Nurture: recycled, Imported: ignored}
  - name: rule
    system: map
    side: map
    enters: mql
    any: [{score_crosses: 65}, {activity: form_fill, campaign: [Demo Request]}]
    speaks_until: mql
windows: {inquiry-mql: 14 days}
handoffs:
  - {name: mql_to_sal, from: mql, to: sal, starts_on: assigned, stops_on: [touch], within: 4 hours}
teams: {sdr: [U1]}
reports:
  - {name: funnel, owner: ops, tables: [funnel_by_month], holds_over: {relative: 0.02, absolute: 5}}
"""


def changed(*changes: tuple[str, str]) -> str:
    """The right agreement with texts replaced; every text must be there."""
    text = RIGHT
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def write(folder: Path, *texts: str) -> Path:
    """Texts as v1.yml, v2.yml, … in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts, 1):
        (folder / f"v{number}.yml").write_text(text, encoding="utf-8")
    return folder


def accepted(folder: Path, text: str) -> Agreement:
    """The agreement that a text is read as."""
    return read(write(folder, text))[0]


def problems(folder: Path, *texts: str) -> list[str]:
    """What read() says about texts, without the file's name."""
    with pytest.raises(AgreementError) as caught:
        read(write(folder, *texts))
    return [str(problem).removeprefix("v1.yml, ") for problem in caught.value.problems]
