"""The units of an installation: real paths, nothing secret, and systemd understands them."""

import getpass
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from orchestration.cli import app


@pytest.fixture
def written(tmp_path, monkeypatch) -> dict[str, Path]:
    """What `onefunnel service-units` writes for an installation with awkward paths, by name."""
    data = tmp_path / "the data of 100 %"
    monkeypatch.setenv("ONEFUNNEL_DATA", str(data))
    monkeypatch.setenv("ONEFUNNEL_SOURCES", str(tmp_path / 'our "own"' / "sources.yml"))
    monkeypatch.setenv("ONEFUNNEL_SCHEDULE", "0 5 * * 1-5")
    monkeypatch.setenv("SMTP_PASSWORD", "canary-5d1e")
    done = CliRunner().invoke(app, ["service-units", str(tmp_path / "units")])
    assert done.exit_code == 0, done.output
    return {path.name: path for path in [*(tmp_path / "units").iterdir(), data / "dagster" / "workspace.yaml"]}


def settings_of(unit: Path) -> dict[str, list[str]]:
    """Each key of a unit → its values, unquoted as systemd does."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and key != "Description":
            found.setdefault(key, []).extend(word.replace("%%", "%") for word in shlex.split(value))
    return found


def test_each_process_of_dagster_has_a_unit_and_all_of_them_the_settings_of_here(written, tmp_path):
    assert set(written) == {
        "workspace.yaml",
        "onefunnel-code.service",
        "onefunnel-daemon.service",
        "onefunnel-web.service",
    }
    data, sources = tmp_path / "the data of 100 %", tmp_path / 'our "own"' / "sources.yml"
    for name in set(written) - {"workspace.yaml"}:
        unit = settings_of(written[name])
        assert {
            f"ONEFUNNEL_DATA={data}",
            f"ONEFUNNEL_SOURCES={sources}",
            "ONEFUNNEL_SCHEDULE=0 5 * * 1-5",
            f"DAGSTER_HOME={data / 'dagster'}",
        } <= set(unit["Environment"])
        assert unit["ReadWritePaths"] == [str(data)]
        assert unit["User"] == [getpass.getuser()]
        assert Path(unit["ExecStart"][0]).exists()
    assert (data / "dagster" / "dagster.yaml").exists()


def test_daemon_and_web_server_find_the_code_where_the_code_server_serves_it(written):
    serve = settings_of(written["onefunnel-code.service"])["ExecStart"]
    (where,) = yaml.safe_load(written["workspace.yaml"].read_text())["load_from"]
    assert where["grpc_server"]["port"] == int(serve[serve.index("-p") + 1])
    assert where["grpc_server"]["host"] == serve[serve.index("-h") + 1] == "127.0.0.1"
    for name in ("daemon", "web"):
        started = settings_of(written[f"onefunnel-{name}.service"])["ExecStart"]
        assert started[started.index("-w") + 1] == str(written["workspace.yaml"])


def test_dagsters_pages_which_ask_for_no_password_are_for_this_machine_alone(written):
    show = settings_of(written["onefunnel-web.service"])["ExecStart"]
    assert show[show.index("-h") + 1] == "127.0.0.1"


def test_f22_no_secret_is_written_down(written):
    assert not [name for name, path in written.items() if "canary-5d1e" in path.read_text()]
    assert settings_of(written["onefunnel-code.service"])["EnvironmentFile"] == ["-/etc/onefunnel/secrets.env"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_every_unit(written):
    units = [str(path) for name, path in written.items() if name.endswith(".service")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_daemon_and_the_web_server_start_when_the_code_server_answers(written):
    until = settings_of(written["onefunnel-code.service"])["ExecStartPost"]
    assert until[:2] == ["/bin/sh", "-c"]
    assert "grpc-health-check -h 127.0.0.1 -p 4266" in until[2]
    for name in ("daemon", "web"):
        assert "onefunnel-code.service" in settings_of(written[f"onefunnel-{name}.service"])["After"]
