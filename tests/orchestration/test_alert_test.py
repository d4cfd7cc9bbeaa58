import pytest
from looking import finding, look
from typer.testing import CliRunner

from orchestration.alerts import trial
from orchestration.alerts.targets import read
from orchestration.cli import app

CANARY = "canary-7316-secret"


@pytest.fixture
def alert_test(tmp_path, monkeypatch):
    """`alert_test(text)`: what the command says, and its exit code, with this alerts.yml."""
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / "sources.yml"))
    monkeypatch.setenv("ONEFUNNEL_DATA", str(tmp_path / "data"))

    def act(text):
        (tmp_path / "alerts.yml").write_text(text)
        ran = CliRunner().invoke(app, ["alert-test"])
        return ran.output, ran.exit_code

    return act


def test_every_target_is_reached_and_said_what_came_of_it_without_a_secret(
    alert_test, chat, mailbox, monkeypatch, capfd, caplog, clock
):
    """F22."""
    monkeypatch.setenv("HOOK_SECRET", CANARY)
    mailbox.status = 554
    said, code = alert_test(
        f"- {{url: '{chat.url}/${{HOOK_SECRET}}', teams: [sales_ops], severities: [error]}}\n"
        f"- {{url: '{mailbox.url}', quiet_hours: {{from: 22:00, until: 6:00}}, digest_at: null}}\n"
        "- {url: 'json://user:${HOOK_SECRET}@127.0.0.1:1/'}\n"
        "- {url: 'json://${NOT_SET}@127.0.0.1:1/'}\n"
        "- {url: 'nonsense://${HOOK_SECRET}'}\n"
    )
    assert said.splitlines() == [
        "✓ json (entry 1 of alerts.yml): delivered",
        "  is told: errors of sales_ops and of no team; a digest at 08:00 UTC; e-mails and phones taken out",
        "  nothing waits for it",
        "✗ mailto (entry 2 of alerts.yml): refused: it did not take the message.",
        "  is told: errors and warnings of every team; warnings wait from 22:00 to 06:00 UTC; no digest;"
        " e-mails and phones taken out",
        "  nothing waits for it",
        "✗ json (entry 3 of alerts.yml): refused: it could not be reached, or did not answer in time.",
        "  is told: errors and warnings of every team; a digest at 08:00 UTC; e-mails and phones taken out",
        "  nothing waits for it",
        "✗ json (entry 4 of alerts.yml): refused: alerts.yml uses ${NOT_SET}, which is not set in the environment.",
        "  is told: errors and warnings of every team; a digest at 08:00 UTC; e-mails and phones taken out",
        "  nothing waits for it",
        "✗ nonsense (entry 5 of alerts.yml): refused: apprise knows no such URL.",
        "  is told: errors and warnings of every team; a digest at 08:00 UTC; e-mails and phones taken out",
        "  nothing waits for it",
    ]
    assert code == 1 and chat.titles == ["OneFunnel: a test"]
    assert CANARY not in said + caplog.text + "".join(capfd.readouterr())


def test_when_all_take_it_the_exit_code_is_0_and_what_waits_is_counted_and_sent_at_the_next_look(
    alert_test, chat, tmp_path, clock
):
    (tmp_path / "alerts.yml").write_text(f"- url: {chat.url}\n")
    look(tmp_path / "data", read(tmp_path / "alerts.yml"), finding("a"), finding("b"))
    said, code = alert_test(f"- url: {chat.url}\n")
    assert code == 0 and "2 messages wait for it, since 2026-03-01 12:00 UTC" in said


def test_a_target_that_does_not_answer_ends_the_test_in_time(alert_test, chat, monkeypatch):
    from receivers import hang

    monkeypatch.setattr(trial, "SECONDS", 0.5)
    chat.before = hang(3)
    said, code = alert_test(f"- url: {chat.url}\n")
    assert code == 1 and "refused: it did not answer within 30 s." in said


def test_without_a_target_nobody_is_told_and_that_is_a_failure(alert_test, tmp_path):
    said, code = alert_test("")
    assert code == 1 and said.startswith(f"● Nobody is told: {tmp_path / 'alerts.yml'} names no target.")


def test_an_alerts_yml_that_is_wrong_is_said_in_one_line(alert_test):
    said, code = alert_test("- url: json://canary-7316\n  severity: error\n")
    assert code == 1 and "entry 1 severity" in said and "canary" not in said and "Traceback" not in said
