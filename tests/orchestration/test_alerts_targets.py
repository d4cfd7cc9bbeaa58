from datetime import time

import pytest

from orchestration.alerts.targets import TargetsError, read, secrets


@pytest.fixture
def file(tmp_path):
    return tmp_path / "alerts.yml"


def test_without_alerts_yml_or_with_an_empty_one_there_is_only_the_log(file):
    assert read(file) == []
    file.write_text("# nobody yet\n")
    assert read(file) == []


def test_all_that_an_entry_may_say(file):
    file.write_text(
        "- url: slack://${SLACK_TOKEN}/#ops\n  teams: [sales_ops]\n  severities: [error, warn]\n"
        "  timezone: America/Sao_Paulo\n  quiet_hours: {from: 22:00, until: 06:30}\n  digest_at: 9:15\n"
        "  personal_data: true\n"
    )
    (target,) = read(file)
    assert (target.quiet_hours.begin, target.quiet_hours.until, target.digest_at) == (
        time(22),
        time(6, 30),
        time(9, 15),
    )
    assert target.name == "slack (entry 1 of alerts.yml)" and target.personal_data


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("severity: [error]", "entry 2 severity: Extra inputs are not permitted"),
        ("severities: [fatal]", "entry 2 severities.0: Input should be 'error' or 'warn'"),
        ("timezone: Berlin", "entry 2 timezone: Value error, expected a time zone such as Europe/Berlin"),
        ("quiet_hours: {from: 25:00, until: 06:00}", "entry 2 quiet_hours.from"),
        ("quiet_hours: {from: 22:00}", "entry 2 quiet_hours.until: Field required"),
        ("digest_at: noon", "entry 2 digest_at"),
        ("url: 7", "entry 2 url"),
    ],
)
def test_what_is_wrong_is_said_by_entry_and_key_and_never_with_a_url(file, entry, said):
    """F22."""
    url = "" if entry.startswith("url") else "  url: json://canary-7316@host\n"
    file.write_text(f"- {{url: 'json://canary-7316@first'}}\n- {entry}\n{url}")
    with pytest.raises(TargetsError) as raised:
        read(file)
    assert said in str(raised.value) and str(file) in str(raised.value) and "canary-7316" not in str(raised.value)


@pytest.mark.parametrize("text", ["- url: [canary-7316", "\tcanary-7316: x: y", "- {url: 'json://canary-7316"])
def test_what_is_not_yaml_is_said_without_a_line_of_it(file, text):
    """F22."""
    file.write_text(text)
    with pytest.raises(TargetsError, match="is not YAML") as raised:
        read(file)
    assert "canary-7316" not in str(raised.value)


def test_two_entries_with_one_url_are_refused_by_their_numbers(file):
    file.write_text("- url: json://canary-7316\n- url: json://b\n- url: json://canary-7316\n  teams: [x]\n")
    with pytest.raises(TargetsError, match="entries 1 and 3 have the same url") as raised:
        read(file)
    assert "canary-7316" not in str(raised.value)


def test_a_secret_comes_from_the_environment_and_its_absence_is_said_by_name(file, monkeypatch):
    file.write_text("- url: json://user:${HOOK_SECRET}@host\n")
    (target,) = read(file)
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    with pytest.raises(TargetsError, match=r"uses \$\{HOOK_SECRET\}, which is not set in the environment"):
        target.address()
    monkeypatch.setenv("HOOK_SECRET", "canary-7316")
    assert target.address() == "json://user:canary-7316@host"
    file.write_text("not yaml: [${HOOK_SECRET}")
    assert secrets(file) == {"canary-7316"}
