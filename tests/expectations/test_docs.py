"""The data docs: every suite's page says what was found, needs nothing but itself, and does no harm."""

import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import pytest

import expectations
from expectations import Sample, docs

AUDITED, BUILT = datetime(2025, 7, 1, 6, 30), datetime(2025, 7, 1, 6, 0)


class Reader(HTMLParser):
    """What a browser would see: the tags with their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


@pytest.fixture
def drawn(warehouse, tmp_path):
    """A function that audits a mart of a changed warehouse, draws it, and reads its page."""

    def draw(mart, *changes):
        result = expectations.audit(warehouse(*changes, name=f"{len(changes)}.duckdb"), mart)
        page = docs.write(tmp_path / "checks", result, audited_at=AUDITED, built_at=BUILT)
        return page.read_text()

    return draw


def test_a_page_says_what_was_expected_what_it_means_whose_it_is_and_what_was_found(drawn):
    html = drawn("opportunities", "update marts.opportunities set amount = -1 where opportunity_id = 'o1'")
    read = Reader(html)
    assert "Won amounts are not negative. Failed" in read.text
    assert "Negative won amounts are a sign turned round on the way, but for a rare credit note." in read.text
    assert "error · owner sales_ops · 1 of 40 rows fail" in read.text
    assert "Audited 2025-07-01 06:30:00 UTC, as built 2025-07-01 06:00:00 UTC." in read.text
    assert ("a", {"href": "https://crm.example/deal/1", "rel": "noreferrer noopener"}) in read.tags
    shown = [words["id"] for tag, words in read.tags if tag == "article"]
    assert sorted(shown) == sorted(e.name for e in expectations.expectations_of("opportunities"))
    assert shown[0] == "won_amounts_are_not_negative"


def test_f19_what_could_not_run_looks_unlike_what_failed(drawn):
    html = drawn(
        "people", 'alter table marts.people drop column "cycle"', "update marts.people set lead_source = 'j@x.com'"
    )
    classes = {words["id"]: words["class"] for tag, words in Reader(html).tags if tag == "article"}
    assert classes["nobody_runs_through_many_cycles"] == "check could_not_run warn"
    assert classes["no_email_address_is_published"] == "check failed error"
    assert "nothing is known: could not run" in Reader(html).text
    assert "j@x.com" not in html


def test_f19_of_a_missing_table_every_check_could_not_run_and_the_list_says_so(drawn, tmp_path):
    drawn("loads", "drop table marts.loads")
    (row,) = re.findall(r"<tr>(?:(?!</tr>).)*loads\.html.*?</tr>", (tmp_path / "checks/index.html").read_text(), re.S)
    assert Reader(row).text == f"loads {len(expectations.expectations_of('loads'))} 0 0 2025-07-01 06:30:00"


def test_the_list_has_every_suite_and_those_that_were_not_audited_yet(drawn, tmp_path):
    drawn("people")
    read = Reader((tmp_path / "checks/index.html").read_text())
    links = [words["href"] for tag, words in read.tags if tag == "a"]
    assert links == ["people.html"]
    assert all(mart in read.text for mart in expectations.suites())
    assert read.text.count("not yet") == len(expectations.suites()) - 1


def test_a_page_is_inert_and_needs_nothing_from_outside(warehouse, tmp_path):
    result = expectations.audit(warehouse(), "accounts")
    nasty = "<script>alert(1)</script>\"' onload=x"
    failed = replace(
        result.checks[0], outcome="failed", sample=(Sample(nasty, nasty, (f"https://x.example/{nasty}",)),)
    )
    page = docs.write(tmp_path, replace(result, checks=(failed,)), audited_at=AUDITED, built_at=None)
    for file in (page, tmp_path / "index.html"):
        read = Reader(file.read_text())
        assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in read.tags}
        assert not [words for _, words in read.tags if {"onload", "src"} & set(words)]
        assert not re.search(r"url\(|@import", file.read_text())
    assert nasty in " ".join(Reader(page.read_text()).texts)


def test_a_page_that_cannot_be_written_leaves_the_one_that_is_there(drawn, tmp_path):
    before = drawn("accounts")
    (tmp_path / "checks" / "accounts.html.new").mkdir()
    with pytest.raises(OSError):
        drawn("accounts", "delete from marts.accounts")
    assert (tmp_path / "checks" / "accounts.html").read_text() == before
