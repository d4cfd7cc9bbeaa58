"""`onefunnel triage`, as somebody types it: what it says, what it changes, what it refuses."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from triages import company, fingerprint, history, mismatch, onefunnel

LAST_WEEK, NOW = datetime(2025, 3, 1, 9), datetime(2025, 3, 10, 9)
ADA = mismatch("ada", severity="high", crm_value="Working", expected_value="Nurture", parted_at=datetime(2025, 1, 5))
BOB = mismatch("bob", owner_team="marketing_ops", side_to_mend="map", expected_value="SAL", work_item_id="w2")
EVE = mismatch("eve", cause="unmapped_value", severity="low", crm_value="Wrking", work_item_id="w3")
CROWD = [mismatch(f"p{number:02}", work_item_id="w9") for number in range(30)]
TYPED = "[bold]x[/bold] \x1b[31mred\x1b[0m \u202egnp"


@pytest.fixture
def triage(tmp_path, monkeypatch):
    """`onefunnel triage` over a company with these mismatches; what it says, with its exit code."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("ONEFUNNEL_USER", "ada")

    def of(*mismatches, at=LAST_WEEK):
        company(tmp_path, at, list(mismatches))
        return lambda *words, now=NOW: onefunnel(monkeypatch, tmp_path, now, "triage", *words)

    return of


def persons(triage, *words) -> list[str]:
    return [row["person_id"] for row in json.loads(triage("list", "--json", *words)[0])]


def test_the_list_says_how_many_there_are_and_what_is_to_mend_within_80_columns(triage):
    said, code = triage(ADA, BOB, EVE)("list")
    assert (code, max(map(len, said.splitlines())) <= 80) == (0, True), said
    assert said.startswith("3 open: 3 new. Since last week 0 were resolved and 0 came.")
    assert "salesforce lead.status of 00Qada000000000AAA: Working → Nurture" in said
    assert "marketo prospect.revenue_stage of 1bob: MQL → SAL" in said
    assert (
        said.index(fingerprint("ada")[:10]) < said.index(fingerprint("bob")[:10]) < said.index(fingerprint("eve")[:10])
    )


def test_a_queue_that_gets_shorter_says_by_how_much(triage, tmp_path):
    triage(ADA, BOB, EVE)
    said, _ = triage(ADA, mismatch("new"), at=NOW - timedelta(days=1))("list")
    assert said.startswith("2 open: 2 new. Since last week 2 were resolved and 1 came.")


@pytest.mark.parametrize(
    ("words", "those"),
    [
        (["--owner", "marketing_ops"], ["bob"]),
        (["--cause", "unmapped_value"], ["eve"]),
        (["--severity", "high"], ["ada"]),
        (["--state", "acknowledged"], ["eve"]),
        (["--state", "acknowledged", "--state", "new", "--severity", "low"], ["eve"]),
        (["--older-than", "60d"], ["ada"]),
        (["--work-item", "w2"], ["bob"]),
        (["--limit", "1"], ["ada"]),
        (["--owner", "nobody"], []),
        ([], ["ada", "bob", "eve"]),
    ],
)
def test_the_list_shows_only_what_was_asked_for(triage, words, those):
    told = triage(ADA, BOB, EVE)
    told("acknowledge", "eve")
    assert persons(told, *words) == those


def test_an_id_may_be_a_mismatch_s_a_person_s_or_the_beginning_of_one(triage):
    told = triage(ADA, BOB)
    for id in (fingerprint("ada"), fingerprint("ada")[:8], "m-ada", "ada", "ADA"):
        assert told("show", id)[0].startswith(fingerprint("ada"))
    said, code = told("show", "m-")
    assert code == 1 and "may be any of 2 mismatches" in said and fingerprint("bob")[:12] in said
    said, code = told("show", fingerprint("ada")[:9] + "zzz")
    assert code == 1 and f"The nearest is {fingerprint('ada')[:12]}" in said


def test_a_mismatch_is_shown_with_both_sides_next_to_each_other_and_what_has_become_of_it(triage):
    told = triage(ADA, mismatch("ann", work_item_id="w1"))
    told("snooze", "ada", "--for", "2d", "--note", "after the fair")
    said, _ = told("show", "ada")
    assert max(map(len, said.splitlines())) <= 80
    (record,) = (line for line in said.splitlines() if line.startswith("record"))
    assert "lead 00Qada000000000AAA" in record and "1ada" in record
    for part in (
        "not_synced, high, for sales_ops, snoozed",
        "CRM, to mend",
        "https://crm.example/00Qada000000000AAA",
        "Why  marketo still holds MQL",
        "What to do  Set lead.status",
        "1 more: onefunnel triage list --work-item w1",
        "2025-01-05 00:00 UTC  the systems part",
        "2025-03-01 09:00 UTC  new: appeared",
        "2025-03-10 09:00 UTC  snoozed by ada until 2025-03-12 09:00 UTC: “after the fair”",
    ):
        assert " ".join(part.split()) in " ".join(said.split()), part


def test_what_people_typed_neither_colours_nor_steers_the_terminal(triage):
    told = triage(ADA | {"crm_value": TYPED, "evidence": TYPED, "suggested_fix": TYPED, "owner_team": TYPED})
    told("acknowledge", "ada", "--note", TYPED)
    for words in (["list"], ["show", "ada"], ["reopen", "ada", "--dry-run"], ["show", TYPED], ["list", "--json"]):
        said, _ = told(*words)
        assert "\x1b" not in said and "\u202e" not in said, words
        assert "[bold]x[/bold]" in said and "1b[31mred" in said, words


def test_a_decision_says_what_it_did_and_who_did_it(triage, tmp_path):
    told = triage(ADA, BOB)
    said, code = told("acknowledge", "ada", "m-bob", "--note", "mine")
    assert code == 0 and "2 mismatches." in said and "2 acknowledged by ada." in said
    assert history(tmp_path, fingerprint("bob"))[-1] == ("acknowledged", "acknowledged", "ada")
    assert persons(told, "--state", "acknowledged") == ["ada", "bob"]
    told("reopen", "ada")
    assert persons(told, "--state", "new") == ["ada"]
    said, _ = told("reopen", "ada")
    assert "0 reopened" in said and "1 not" in said


def test_a_whole_work_item_is_acknowledged_at_once_but_more_than_twenty_only_if_that_is_meant(triage):
    told = triage(ADA, *CROWD)
    said, code = told("acknowledge", "--work-item", "w9")
    assert code == 1 and "30 mismatches" in said and "--yes" in said
    assert persons(told, "--state", "acknowledged") == []
    said, code = told("acknowledge", "--work-item", "w9", "--yes", "--dry-run")
    assert code == 0 and "Nothing was changed" in said and persons(told, "--state", "acknowledged") == []
    said, code = told("acknowledge", "--work-item", "w9", "--yes")
    assert code == 0 and "30 acknowledged" in said and len(persons(told, "--state", "acknowledged")) == 30


def test_a_decision_about_everything_must_be_asked_for(triage):
    told = triage(ADA)
    for words in (["acknowledge"], ["reopen"], ["acknowledge", "ada", "--owner", "sales_ops"]):
        said, code = told(*words)
        assert code == 1 and "ids, or filters" in said, words
    assert persons(told, "--state", "new") == ["ada"]


def test_a_snooze_is_over_when_its_time_has_come_also_without_a_run(triage):
    told = triage(ADA)
    told("snooze", "ada", "--until", "2025-03-12T10:00+01:00")
    assert "snoozed" in told("list", now=datetime(2025, 3, 12, 8, 59))[0]
    assert told("list", now=datetime(2025, 3, 12, 9))[0].startswith("1 open: 1 new.")


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["--until", "2025-03-01"], "still to come"),
        (["--until", "soon"], "2026-04-01"),
        (["--for", "soon"], "2w"),
        ([], "--for 2w"),
        (["--for", "1d", "--until", "2026-01-01"], "Say how long"),
    ],
)
def test_a_snooze_needs_an_end_that_is_still_to_come(triage, words, advice):
    told = triage(ADA)
    said, code = told("snooze", "ada", *words)
    assert code != 0 and advice in " ".join(said.split())
    assert persons(told, "--state", "snoozed") == []


def test_before_anything_was_published_every_command_says_so(monkeypatch, tmp_path):
    for words in (["list"], ["show", "ada"], ["acknowledge", "ada"], ["export", "--for", "salesforce"]):
        said, code = onefunnel(monkeypatch, tmp_path, NOW, "triage", *words)
        assert code == 1 and "onefunnel run" in said
    assert not (tmp_path / "triage.sqlite").exists()


def test_f24_the_list_as_csv_computes_nothing_and_breaks_no_phone_number(triage):
    typed = ["=HYPERLINK(1)", "+1-555", "@x", "\tx", "\rx", "-1+1|cmd", 'a";=1', "line\n=1"]
    told = triage(*(mismatch(f"p{number}", crm_value=value, parted_at=LAST_WEEK) for number, value in enumerate(typed)))
    rows = list(csv.DictReader(io.StringIO(told("list", "--csv")[0], newline="")))
    assert {row["person_id"]: row["value"] for row in rows} == {
        "p0": "'=HYPERLINK(1)",
        "p1": "+1-555",
        "p2": "'@x",
        "p3": "'\tx",
        "p4": "'\rx",
        "p5": "'-1+1|cmd",
        "p6": "a\";'=1",
        "p7": "line\n'=1",
    }
