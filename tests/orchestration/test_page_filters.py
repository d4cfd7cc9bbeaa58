"""The filters of the page to work from, in a browser: the address says what is chosen, and every count is right."""

import re
import shutil
import subprocess

import duckdb
import pytest
from test_page import SCHEMA
from test_page_triage import INCIDENTS, people

from orchestration.publishing.page import TRIAGE, write_triage

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(not BROWSER, reason="no chromium to open the page with")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """What the page has become once it was opened with this choice in its address."""
    folder = tmp_path_factory.mktemp("published")
    with duckdb.connect(str(folder / "onefunnel.duckdb")) as connection:
        connection.execute(SCHEMA)
        people(connection)
        connection.execute(INCIDENTS)
    page = write_triage(folder / "onefunnel.duckdb", folder / TRIAGE)
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'browser'}"]

    def of(choice: str) -> str:
        address = f"{page.as_uri()}?{choice}"
        done = subprocess.run([*command, "--dump-dom", address], capture_output=True, text=True, timeout=60, check=True)
        return done.stdout

    return of


def shown(dom: str) -> list[str]:
    """The people who are to be seen, in order."""
    return [row for row, rest in re.findall(r'<details id="m-(\w+)"([^>]*)>', dom) if "hidden" not in rest]


def counts(dom: str, facet: str) -> dict[str, str]:
    """The count beside each choice of a filter."""
    return dict(re.findall(rf'name="{facet}" value="([^"]*)">[^<]*<span class="count">(\d+)', dom))


def test_without_a_choice_everybody_is_shown_and_every_choice_is_counted(opened):
    dom = opened("")
    assert shown(dom) == ["f1", "f3", "f2", "f4"] and "All 4 are shown." in dom
    assert counts(dom, "owner") == {"sdr": "2", "integration": "1", "no team": "1"}
    assert counts(dom, "severity") == {"high": "2", "medium": "1", "low": "1"}
    assert counts(dom, "state") == {"new": "2", "acknowledged": "1", "snoozed": "1"}
    assert counts(dom, "age") == {"1": "4", "7": "3", "30": "1", "91": "0"}


def test_an_address_chooses_and_each_count_says_what_its_choice_would_show_with_the_others(opened):
    dom = opened("owner=sdr&cause=conflict&severity=high")
    assert shown(dom) == ["f1"] and "1 of 4 are shown." in dom
    assert counts(dom, "severity") == {"high": "1", "medium": "1", "low": "0"}
    assert counts(dom, "owner") == {"sdr": "1", "integration": "0", "no team": "0"}
    assert "onefunnel triage list --owner sdr --severity high --cause conflict" in dom
    assert 'href="?owner=sdr&amp;severity=high&amp;cause=conflict"' in dom


@pytest.mark.parametrize(
    ("choice", "rows"),
    [
        ("severity=medium&severity=low", ["f3", "f4"]),
        ("age=30", ["f1"]),
        ("state=snoozed", ["f3"]),
        ("item=w1", ["f1", "f3"]),
        ("id=00q1", ["f1"]),
        ("id=p3", ["f3"]),
        ("owner=a_team_that_has_nothing_to_mend", []),
        ("item=mended", []),
        ("owner=%3Cscript%3Ealert(1)%3C/script%3E", []),
    ],
)
def test_each_filter_shows_those_whom_it_means(opened, choice, rows):
    dom = opened(choice)
    assert shown(dom) == rows and dom.count("<script") == 1
