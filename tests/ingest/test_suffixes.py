"""The public suffix list as a table: nothing is downloaded for it, and every kind of rule is there."""

import socket

import pytest

from ingest.suffixes import public_suffixes


@pytest.fixture(scope="module")
def rules():
    return {(row["suffix"], row["is_wildcard"], row["is_exception"]) for row in public_suffixes().to_pylist()}


def test_a_suffix_a_wildcard_an_exception_and_a_private_suffix_are_rules(rules):
    assert rules >= {("co.uk", False, False), ("ck", True, False), ("www.ck", False, True), ("github.io", False, False)}
    assert ("acme.com", False, False) not in rules


def test_a_suffix_in_another_script_has_both_spellings(rules):
    assert rules >= {("公司.cn", False, False), ("xn--55qx5d.cn", False, False)}


def test_a_rule_stands_once_in_each_spelling(rules):
    assert len(rules) == public_suffixes().num_rows > 9000


def test_nothing_is_downloaded(monkeypatch):
    def refuse(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    public_suffixes.cache_clear()
    assert public_suffixes().num_rows > 9000
