import logging
import subprocess
import sys

import pytest
from looking import finding, tell

from orchestration.alerts import delivery
from orchestration.alerts.scrubbing import without_personal_data
from orchestration.alerts.targets import Target, read

CANARY = "canary-7316-secret"


@pytest.mark.parametrize(
    "url",
    [
        "json://user:${HOOK_SECRET}@127.0.0.1:1/hook",
        "json://127.0.0.1:1/services/${HOOK_SECRET}?+X-Token=${HOOK_SECRET}",
        "mailto://user:${HOOK_SECRET}@127.0.0.1:1/?to=revops@acme.example",
        "nothing-that-is-known://${HOOK_SECRET}",
        "slack://${HOOK_SECRET}",
        "json://[${HOOK_SECRET}",
    ],
)
def test_a_secret_is_in_no_log_no_file_and_no_sentence(url, tmp_path, monkeypatch, caplog, capfd):
    """F22: also not in apprise's own log, nor where the error of a step has it."""
    monkeypatch.setenv("HOOK_SECRET", CANARY)
    monkeypatch.setattr(delivery, "TRIES", 2)
    (tmp_path / "alerts.yml").write_text(f"- url: '{url}'\n")
    with caplog.at_level(logging.NOTSET):
        said = _told_of(tmp_path, finding("step/load", detail=f"https://u:{CANARY}@host/ answered 401"))
    assert len(said) == 2 and "wait:" in said[1]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    everything = caplog.text + "".join(capfd.readouterr()) + "".join(said) + kept.decode(errors="replace")
    assert "step/load" in everything and CANARY not in everything


def test_what_arrives_leaves_no_address_in_the_log_either(tmp_path, chat, monkeypatch, caplog, capfd):
    """F22: urllib3 would log the path, which holds the token of many a hook."""
    monkeypatch.setenv("HOOK_SECRET", CANARY)
    (tmp_path / "alerts.yml").write_text(f"- url: '{chat.url}/${{HOOK_SECRET}}'\n")
    with caplog.at_level(logging.NOTSET):
        _told_of(tmp_path, finding("a"))
    assert chat.titles == ["Error: a failed"]
    assert CANARY not in caplog.text + "".join(capfd.readouterr())


def test_others_in_the_process_keep_their_log_of_connections(tmp_path, chat, caplog):
    import requests

    tell(tmp_path, [Target(url=chat.url)], finding("a"))
    with caplog.at_level(logging.DEBUG):
        requests.post(chat.url.replace("json", "http", 1), json={"title": "", "message": ""}, timeout=5)
    assert "POST /hook" in caplog.text


def test_e_mails_and_phones_are_told_only_where_they_are_switched_on(tmp_path, chat, mailbox, clock):
    """F23."""
    found = finding(
        title="jane@acme.example is two people",
        detail="<jane@acme.example> and +49 170 1234567, p17, 101298, 2026-03-01 12:00",
        ids=("p17", "jane@acme.example"),
        failed=2,
    )
    log = []
    tell_all = [Target(url=chat.url), Target(url=mailbox.url, personal_data=True)]
    log += tell(tmp_path, tell_all, found)
    assert chat.shown[0][0] == "Error: (e-mail) is two people, 2"
    assert chat.shown[0][1].splitlines()[1] == "<(e-mail)> and (phone), p17, 101298, 2026-03-01 12:00"
    assert chat.shown[0][1].splitlines()[-2:] == ["p17", "(e-mail)"]
    assert "jane@acme.example" in mailbox.shown[0][0] and "+49 170 1234567" in mailbox.shown[0][1]
    assert "jane@" not in "".join(log) and "1234567" not in "".join(log) and "(phone)" in log[0]


@pytest.mark.parametrize(
    "phone",
    [
        "+49 170 1234567",
        "+1-650-253-0000",
        "(650) 253-0000",
        "650-253-0000",
        "030 901820",
        "020 7946 0958",
        "+4915112345678",
        "11 99876-5432",
    ],
)
def test_a_phone_number_is_taken_out_however_it_is_written(phone):
    """F23."""
    assert without_personal_data(f"value '{phone}' in row 12") == "value '(phone)' in row 12"


@pytest.mark.parametrize(
    "text",
    [
        "10,000 of 250,000 people since 2026-03-01 02:00 UTC, 2026-03-01T02:00:15.123+00:00",
        "00Q5e000001AbCdEAK 101298 4151234567 0031234567 1709287200 20260301",
        "6f9619ff-8b86-d011-b42d-00cf4fc964ff 3f2a9c1e5b7d4412 run 5f1e2d3c-0000-4000-8000-1234567890ab",
        "https://acme.lightning.force.com/lightning/r/Lead/00Q5e000001AbCdEAK/view",
        "https://app.hubspot.com/contacts/4412345/record/0-1/1234567890",
        "127.0.0.1:3000 192.168.100.200 1.13.27 12:30:45 81.1% 1,234,567.89 01/03/2026 1.234.567,89",
        "leads_2026-03-01_0200.csv line 12, column 4567; 1 234 567 rows; 2026-03-01 to 2026-04-01",
        "@channel a@b marketo prospect.revenue_stage: SAL",
    ],
)
def test_ids_dates_counts_addresses_of_records_and_names_stay_as_they_are(text):
    """F23."""
    assert without_personal_data(text) == text


def test_the_command_line_and_the_sensor_do_not_load_what_only_sending_needs():
    code = (
        "import orchestration.defs.alerts, sys; print(sorted({'apprise', 'phonenumbers', 'requests'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "apprise" not in done.stdout and "phonenumbers" not in done.stdout


def _told_of(folder, *findings):
    from datetime import UTC, datetime

    from orchestration.alerts import outbox
    from orchestration.alerts.targets import secrets

    file, said = folder / "alerts.yml", []
    look = outbox.Look("run", datetime.now(UTC), findings, None, frozenset(secrets(file)))
    outbox.take(folder / "data", look, read(file))
    delivery.deliver(folder / "data", read(file), said.append)
    return said
